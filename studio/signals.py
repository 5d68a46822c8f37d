"""Announcements of this app, sent after commit. They give speed; the sweeps give truth."""

from django.dispatch import Signal

# The effect of a draft waits to be counted.
effect_wanted = Signal()
