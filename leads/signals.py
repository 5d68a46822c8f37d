"""Announcements of this app. They give speed; the sweeps give truth."""

from django.dispatch import Signal

# Some leads may have new scores to compute. Sent after commit, without saying which: the dirty marks know.
leads_changed = Signal()
