from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from handoff.models import CallRules, Handoff, RejectReason
from leads.actions.forbidding import STATED_BY


class CallRulesForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    class Meta:
        model = CallRules
        fields = ["rest_minutes"]


class RejectReasonForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    class Meta:
        model = RejectReason
        fields = ["code", "label_ja", "label_en", "effect", "is_active"]

    def __init__(self, *args: Any, **options: Any) -> None:
        """Rules, files and the history name a reason by its code: one that is used keeps it."""
        super().__init__(*args, **options)
        reason = self.instance
        if reason.pk and (reason.code in STATED_BY or Handoff.objects.filter(reject_reason=reason).exists()):
            self.fields["code"].disabled = True
            self.fields["code"].help_text = _("This reason is in use, so its code can’t change. Its name can.")
