"""What the inbox of feedback can be narrowed to, and what marketing answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from handoff.access import visible_feedback
from handoff.enums import FeedbackState, Verdict
from handoff.models import LostReason, RejectReason
from insights.enums import FeedbackTab
from insights.queries.feedback import FeedbackFilter, rule_key, rules_named
from scoring.models import ScoringModel, Version

LONGEST = 4000


class FeedbackFilterForm(forms.Form):
    """The filters as the address has them. What cannot be read is not filtered by; the form says so."""

    tab = forms.ChoiceField(choices=FeedbackTab.choices, required=False, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label=gettext_lazy("Verdict"), required=False)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), required=False)
    rule = forms.ChoiceField(label=gettext_lazy("Rule"), required=False)
    doubted = forms.BooleanField(label=gettext_lazy("Names a rule as wrong"), required=False)
    model = forms.ModelChoiceField(
        label=gettext_lazy("Model"), queryset=ScoringModel.objects.order_by("name"), required=False,
        empty_label=gettext_lazy("Any model"),
    )  # fmt: skip
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"), queryset=Team.objects.order_by("name"), required=False,
        empty_label=gettext_lazy("Any team"),
    )  # fmt: skip
    rep = forms.ModelChoiceField(
        label=gettext_lazy("User"), queryset=User.objects.none(), required=False,
        empty_label=gettext_lazy("Any user"),
    )  # fmt: skip

    def __init__(self, query: Mapping[str, str], *, user: User) -> None:
        super().__init__({name: query.get(name, "") for name in self.base_fields})
        fields: dict[str, Any] = self.fields
        fields["verdict"].choices = [("", _("Any verdict")), *Verdict.choices]
        fields["reason"].choices = [
            ("", _("Any reason")),
            (
                Verdict.REJECTED.label,
                [(f"rejected:{reason.code}", str(reason)) for reason in RejectReason.objects.all()],
            ),
            (Verdict.LOST.label, [(f"lost:{reason.code}", str(reason)) for reason in LostReason.objects.all()]),
        ]
        self.rules = {rule_key(group, rule): (group, rule) for group, rule in rules_named(user)}
        fields["rule"].choices = [("", _("Any rule")), *((key, rule) for key, (_group, rule) in self.rules.items())]
        people = visible_feedback(user).order_by().values("by")
        fields["rep"].queryset = User.objects.filter(pk__in=people).order_by("name")
        self.is_valid()

    @property
    def chosen(self) -> FeedbackTab:
        return FeedbackTab(self.cleaned_data.get("tab") or FeedbackTab.OPEN)

    @property
    def wanted(self) -> FeedbackFilter:
        found = self.cleaned_data
        group, rule = self.rules.get(found.get("rule", ""), ("", ""))
        keys = {name: row.pk if (row := found.get(name)) else None for name in ("model", "team", "rep")}
        return FeedbackFilter(
            verdict=found.get("verdict", ""), reason=found.get("reason", ""), group=group, rule=rule,
            doubted=found.get("doubted", False), **keys,
        )  # fmt: skip

    @property
    def narrows(self) -> bool:
        return self.wanted != FeedbackFilter()


class VersionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the type checker only
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.model} v{obj.number}"


class DecisionForm(forms.Form):
    """What became of a verdict, or of several."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=FeedbackState.choices, widget=forms.RadioSelect)
    version = VersionField(
        label=gettext_lazy("Changed in version"), queryset=Version.objects.none(), required=False,
        empty_label=gettext_lazy("Choose a version"), widget=forms.Select(attrs={"data-only-for": "changed"}),
    )  # fmt: skip
    because = forms.CharField(
        label=gettext_lazy("Why nothing changes"), required=False, max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "data-only-for": "declined"}),
        help_text=gettext_lazy("Sales reads this."),
    )  # fmt: skip

    def __init__(self, *args: Any, models: list[int], **options: Any) -> None:
        super().__init__(*args, **options)
        versions = Version.objects.filter(model__in=models).select_related("model").order_by("model__name", "-number")
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("state") == FeedbackState.CHANGED and not cleaned.get("version"):
            self.add_error("version", _("Choose the version of the model in which the rules changed."))
        if cleaned.get("state") == FeedbackState.DECLINED and not cleaned.get("because"):
            self.add_error("because", _("Enter why nothing changes. Sales reads it."))
        return cleaned


class ReplyForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Reply"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
