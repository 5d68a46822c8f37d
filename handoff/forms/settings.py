from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from handoff.enums import TOO_LATE
from handoff.models import CallRules, Handoff, LostReason, Outcome, RejectReason
from leads.actions.forbidding import STATED_BY


class CallRulesForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    class Meta:
        model = CallRules
        fields = ["rest_minutes", "near_points"]


class RejectReasonForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    class Meta:
        model = RejectReason
        fields = ["code", "label_ja", "label_en", "is_active"]

    def __init__(self, *args: Any, **options: Any) -> None:
        """Rules, files and the history name a reason by its code: one that is used keeps it. What it does to the lead
        is said by the hand-off policy."""
        super().__init__(*args, **options)
        reason = self.instance
        is_meant = reason.code in {*STATED_BY, TOO_LATE}
        if reason.pk and (is_meant or Handoff.objects.filter(reject_reason=reason).exists()):
            self.fields["code"].disabled = True
            self.fields["code"].help_text = _("This reason is in use, so its code can’t change. Its name can.")


class LostReasonForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    class Meta:
        model = LostReason
        fields = ["code", "label_ja", "label_en", "is_active"]

    def __init__(self, *args: Any, **options: Any) -> None:
        """As of a rejection: a reason that is used keeps its code."""
        super().__init__(*args, **options)
        reason = self.instance
        if reason.pk and (reason.code == TOO_LATE or Outcome.objects.filter(lost_reason=reason).exists()):
            self.fields["code"].disabled = True
            self.fields["code"].help_text = _("This reason is in use, so its code can’t change. Its name can.")
