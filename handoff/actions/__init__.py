"""What can be done with a hand-off. Each action is one transaction; time and actor are arguments."""

from handoff.actions.assigning import assign_handoff, requeue_handoff
from handoff.actions.claiming import claim_handoff, release_handoff, snooze_handoff, wake_handoff
from handoff.actions.contacting import log_contact
from handoff.actions.deciding import accept_handoff, record_result, reject_handoff
from handoff.actions.opening import mark_cooled, open_handoffs
from handoff.actions.steps import ClaimLostError, RefusedError
from handoff.actions.sweeping import sweep_deadlines
from handoff.actions.undoing import undo_last_step

__all__ = [
    "ClaimLostError",
    "RefusedError",
    "accept_handoff",
    "assign_handoff",
    "claim_handoff",
    "log_contact",
    "mark_cooled",
    "open_handoffs",
    "record_result",
    "reject_handoff",
    "release_handoff",
    "requeue_handoff",
    "snooze_handoff",
    "sweep_deadlines",
    "undo_last_step",
    "wake_handoff",
]
