from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from handoff.models import CallRules, RejectReason, SlaPolicy


class SlaPolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    class Meta:
        model = SlaPolicy
        fields = ["amount", "mode", "warn_percent", "is_active"]
        labels = {"is_active": gettext_lazy("Turn this SLA on")}


class CallRulesForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    class Meta:
        model = CallRules
        fields = ["rest_minutes"]


class RejectReasonForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    class Meta:
        model = RejectReason
        fields = ["code", "label_ja", "label_en", "effect", "is_active"]
