from handoff.models.absence import Absence
from handoff.models.calendar import Calendar, Closing, TeamCalendar
from handoff.models.handoff import Contact, Handoff, HandoffStep, RejectReason
from handoff.models.held_back import HeldBack
from handoff.models.hold import Hold
from handoff.models.outcome import Outcome
from handoff.models.policy import Policy, PolicyVersion, PoolTurn
from handoff.models.retry import RetryPlan
from handoff.models.sla import CallRules, Deadline, SlaPolicy
from handoff.models.todo import Todo

__all__ = [
    "Absence",
    "Calendar",
    "CallRules",
    "Closing",
    "Contact",
    "Deadline",
    "Handoff",
    "HandoffStep",
    "HeldBack",
    "Hold",
    "Outcome",
    "Policy",
    "PolicyVersion",
    "PoolTurn",
    "RejectReason",
    "RetryPlan",
    "SlaPolicy",
    "TeamCalendar",
    "Todo",
]
