"""Announcements of this app, sent after commit. They give speed; the sweeps give truth."""

from django.dispatch import Signal

# A re-scoring job waits.
rescore_wanted = Signal()

# The effect of a draft waits to be counted.
effect_wanted = Signal()

# Episodes began or ended. Sent without saying which: the rows know.
episodes_changed = Signal()
