from handoff.models.absence import Absence
from handoff.models.calendar import Calendar, CalendarVersion, Closing, TeamCalendar
from handoff.models.handoff import Contact, Handoff, HandoffStep, RejectReason
from handoff.models.held_back import HeldBack
from handoff.models.hold import Hold
from handoff.models.outcome import Outcome
from handoff.models.policy import Policy, PolicyVersion, PoolTurn
from handoff.models.retry import RetryPlan
from handoff.models.sla import CallRules, Deadline, Escalation, Pause
from handoff.models.todo import Todo

__all__ = [
    "Absence",
    "Calendar",
    "CalendarVersion",
    "CallRules",
    "Closing",
    "Contact",
    "Deadline",
    "Escalation",
    "Handoff",
    "HandoffStep",
    "HeldBack",
    "Hold",
    "Outcome",
    "Pause",
    "Policy",
    "PolicyVersion",
    "PoolTurn",
    "RejectReason",
    "RetryPlan",
    "TeamCalendar",
    "Todo",
]
