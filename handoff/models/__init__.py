from handoff.models.absence import Absence
from handoff.models.calendar import Calendar, CalendarVersion, Closing, TeamCalendar
from handoff.models.coming import ComingLead
from handoff.models.feedback import Feedback, FeedbackReply, FeedbackRule
from handoff.models.handoff import Contact, Handoff, HandoffStep, RejectReason
from handoff.models.held_back import HeldBack
from handoff.models.hold import Hold
from handoff.models.left_behind import LeftBehindLead
from handoff.models.outcome import LostReason, Outcome
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
    "ComingLead",
    "Contact",
    "Deadline",
    "Escalation",
    "Feedback",
    "FeedbackReply",
    "FeedbackRule",
    "Handoff",
    "HandoffStep",
    "HeldBack",
    "Hold",
    "LeftBehindLead",
    "LostReason",
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
