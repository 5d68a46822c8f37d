"""Announcements of this app: nobody answers them. They give speed; the sweeps give truth."""

from django.dispatch import Signal

# Some leads may have new scores to compute. Sent after commit, without saying which: the dirty marks know.
leads_changed = Signal()

# People put leads aside or took them back (`lead_ids`, `stage`, `by`, `now`): sent inside the transaction, so that what
# a higher app does about it (close a hand-off, stop a promise) happens with it or not at all.
stage_decided = Signal()

# People gave leads to an owner (`lead_ids`, `owner` or None, `by`, `now`): sent inside the transaction.
leads_assigned = Signal()
