"""What can be done with a hand-off. Each action is one transaction; time and actor are arguments."""

from handoff.actions.absences import return_leads_of_absent
from handoff.actions.assignments import assign_handoff, requeue_handoff
from handoff.actions.automatic_todos import add_automatic_todo, ask_old_answers_again, end_todos_without_cause
from handoff.actions.claims import claim_handoff, lost_to, release_handoff, snooze_handoff, wake_handoff
from handoff.actions.coming import follow_coming
from handoff.actions.contacts import log_contact
from handoff.actions.deadline_sweep import sweep_deadlines
from handoff.actions.decisions import accept_handoff, reject_handoff
from handoff.actions.due_by_hand import set_due
from handoff.actions.feedback import answer_survey, decide_feedback, reply_to_feedback
from handoff.actions.giving import give_to_sales
from handoff.actions.holds import free_hold, offer_next, take_hold
from handoff.actions.left_behind import alarm_left_behind
from handoff.actions.on_episode import mark_cooled, open_handoffs
from handoff.actions.orphans import return_orphans
from handoff.actions.pauses import end_pauses, pause_handoff, resume_handoff
from handoff.actions.rerouting import offer_overflow
from handoff.actions.results import change_deal, record_result
from handoff.actions.skips import skip_handoff
from handoff.actions.todos import add_todo, change_todo, finish_todo, reopen_todo, tell_due_todos
from handoff.actions.undo import undo_last_step
from handoff.actions.wake_ups import tell_wake_ups, wake_snoozed
from handoff.actions.withdrawal import withdraw_forbidden
from handoff.errors import ClaimLostError, RefusedError

__all__ = [
    "ClaimLostError",
    "RefusedError",
    "accept_handoff",
    "add_automatic_todo",
    "add_todo",
    "alarm_left_behind",
    "answer_survey",
    "ask_old_answers_again",
    "assign_handoff",
    "change_deal",
    "change_todo",
    "claim_handoff",
    "decide_feedback",
    "end_pauses",
    "end_todos_without_cause",
    "finish_todo",
    "follow_coming",
    "free_hold",
    "give_to_sales",
    "log_contact",
    "lost_to",
    "mark_cooled",
    "offer_next",
    "offer_overflow",
    "open_handoffs",
    "pause_handoff",
    "record_result",
    "reject_handoff",
    "release_handoff",
    "reopen_todo",
    "reply_to_feedback",
    "requeue_handoff",
    "resume_handoff",
    "return_leads_of_absent",
    "return_orphans",
    "set_due",
    "skip_handoff",
    "snooze_handoff",
    "sweep_deadlines",
    "take_hold",
    "tell_due_todos",
    "tell_wake_ups",
    "undo_last_step",
    "wake_handoff",
    "wake_snoozed",
    "withdraw_forbidden",
]
