"""The reasons for which sales may reject a lead, or lose a deal."""

from django.utils.translation import gettext_lazy as _

from frame.settings import SettingsColumn, SettingsPage
from handoff import policies
from handoff.forms import LostReasonForm, RejectReasonForm
from handoff.models import LostReason, RejectReason

REJECT_REASONS = SettingsPage(
    name="handoff:reject_reasons",
    path="reject-reasons",
    icon="message-square-x",
    model=RejectReason,
    form=RejectReasonForm,
    view=policies.SLA_VIEW,
    edit=policies.CONFIGURE,
    title=_("Rejection reasons"),
    about=_(
        "Reasons sales can choose from, so marketing sees which rules bring in the wrong leads. What each does to the "
        "lead is part of the hand-off policy, under “Outcomes”."
    ),
    add=_("New reason"),
    order="code",
    search=("code", "label_en", "label_ja"),
    columns=(
        SettingsColumn(_("Reason"), "__str__", code="code"),
        SettingsColumn(_("What happens to the lead"), "get_effect_display"),
    ),
    off_warning=_("Sales can no longer choose this reason. Existing records keep it."),
)
LOST_REASONS = SettingsPage(
    name="handoff:lost_reasons",
    path="lost-reasons",
    icon="circle-x",
    model=LostReason,
    form=LostReasonForm,
    view=policies.SLA_VIEW,
    edit=policies.CONFIGURE,
    title=_("Reasons for lost deals"),
    about=_("Reasons sales can choose from when a deal is lost, so marketing can compare them."),
    add=_("New reason"),
    order="code",
    search=("code", "label_en", "label_ja"),
    columns=(SettingsColumn(_("Reason"), "__str__", code="code"),),
    off_warning=_("Sales can no longer choose this reason. Existing records keep it."),
)
