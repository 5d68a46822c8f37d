from handoff.models.calendar import Calendar, Closing, TeamCalendar
from handoff.models.handoff import Contact, Handoff, HandoffStep, RejectReason
from handoff.models.outcome import Outcome
from handoff.models.sla import Deadline, SlaPolicy

__all__ = [
    "Calendar",
    "Closing",
    "Contact",
    "Deadline",
    "Handoff",
    "HandoffStep",
    "Outcome",
    "RejectReason",
    "SlaPolicy",
    "TeamCalendar",
]
