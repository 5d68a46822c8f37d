from handoff.forms.calendar import CalendarForm, ClosingForm
from handoff.forms.settings import CallRulesForm, RejectReasonForm, SlaPolicyForm
from handoff.forms.steps import AssignForm, ContactForm, RejectForm, ResultForm, SnoozeForm

__all__ = [
    "AssignForm",
    "CalendarForm",
    "CallRulesForm",
    "ClosingForm",
    "ContactForm",
    "RejectForm",
    "RejectReasonForm",
    "ResultForm",
    "SlaPolicyForm",
    "SnoozeForm",
]
