"""Announcements of this app. They give speed; the sweeps give truth."""

from django.dispatch import Signal

# Some leads may have new scores to compute. Sent after commit, without saying which: the dirty marks know.
leads_changed = Signal()

# People put leads aside or took them back (`lead_ids`, `stage`, `by`, `now`): sent inside the transaction, so that what
# a higher app does about it (close a hand-off, stop a promise) happens with it or not at all.
stage_decided = Signal()

# People gave leads to an owner (`lead_ids`, `owner` or None, `by`, `now`): sent inside the transaction.
leads_assigned = Signal()

# Leads became one (`merges`, `now`): sent inside the transaction. Whoever keeps rows that hang on a lead moves them
# from `merged` to `kept` and returns, by merge id, what undo needs: `{merge.pk: {"answers": [ids]}}`. A merge is
# announced again when something that was told of the merged lead arrives late.
leads_merged = Signal()

# A merge was taken back (`merge`, `by`, `now`): sent inside the transaction; `merge.moved` holds what was returned.
merge_undone = Signal()
