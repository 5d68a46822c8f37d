from handoff.forms.calendar import CalendarForm, ClosingForm
from handoff.forms.settings import RejectReasonForm, SlaPolicyForm
from handoff.forms.steps import AssignForm, ContactForm, RejectForm, ResultForm, SnoozeForm

__all__ = [
    "AssignForm",
    "CalendarForm",
    "ClosingForm",
    "ContactForm",
    "RejectForm",
    "RejectReasonForm",
    "ResultForm",
    "SlaPolicyForm",
    "SnoozeForm",
]
