"""Announcements of this app, sent after commit. They give speed; the sweeps give truth."""

from django.dispatch import Signal

# Somebody asked for an import to be checked, run or taken back. The job says which.
import_wanted = Signal()

replay_wanted = Signal()
