"""Announcements of this app, sent after commit where nothing else is said. They give speed; the sweeps give truth."""

from django.dispatch import Signal

# A re-scoring job waits.
rescore_wanted = Signal()

# A re-scoring job ended (`job`, `now`): sent inside its transaction.
rescored = Signal()

# Somebody answered questions about a lead (`lead_id`, `now`): sent inside the transaction.
answered = Signal()

# Episodes began or ended. Sent without saying which: the rows know.
episodes_changed = Signal()
