from handoff.forms.board import SkipsForm
from handoff.forms.calendar import CalendarForm, ClosingForm
from handoff.forms.results import DealForm, ResultForm
from handoff.forms.settings import CallRulesForm, LostReasonForm, RejectReasonForm
from handoff.forms.steps import AssignForm, ContactForm, DueForm, PauseForm, RejectForm, SkipForm, SnoozeForm
from handoff.forms.survey import SurveyForm

__all__ = [
    "AssignForm",
    "CalendarForm",
    "CallRulesForm",
    "ClosingForm",
    "ContactForm",
    "DealForm",
    "DueForm",
    "LostReasonForm",
    "PauseForm",
    "RejectForm",
    "RejectReasonForm",
    "ResultForm",
    "SkipForm",
    "SkipsForm",
    "SnoozeForm",
    "SurveyForm",
]
