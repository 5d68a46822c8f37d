from handoff.forms.board import SkipsForm
from handoff.forms.calendar import CalendarForm, ClosingForm
from handoff.forms.settings import CallRulesForm, RejectReasonForm
from handoff.forms.steps import AssignForm, ContactForm, RejectForm, ResultForm, SkipForm, SnoozeForm

__all__ = [
    "AssignForm",
    "CalendarForm",
    "CallRulesForm",
    "ClosingForm",
    "ContactForm",
    "RejectForm",
    "RejectReasonForm",
    "ResultForm",
    "SkipForm",
    "SkipsForm",
    "SnoozeForm",
]
