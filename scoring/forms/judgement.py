"""Points by hand, answers to a framework, and the instant to look back to."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.nodes import hundredths
from scoring.actions.judgement import CriterionAnswer
from scoring.enums import Confidence
from scoring.forms import values
from scoring.models import Answer, Criterion, Framework, ScoringModel, Version
from web.fields import BoundedDateTimeField

AT_MOST = 100


class AdjustmentForm(forms.Form):
    points = forms.CharField(label=_("Points"), max_length=40, help_text=_("Enter a number between −100 and 100."))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    until = BoundedDateTimeField(label=_("Valid until"), required=False, help_text=_("Leave empty for no end date."))

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_points(self) -> int:
        """Hundredths."""
        number = values.number(self.cleaned_data["points"])
        if isinstance(number, str):
            raise forms.ValidationError(_("Enter a number."))
        if not 0 < abs(number) <= AT_MOST:
            raise forms.ValidationError(_("Enter −100 to 100 points, but not 0."))
        return hundredths(Decimal(str(number)))

    def clean_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["until"]
        if until and until <= self.now:
            raise forms.ValidationError(_("This is in the past. Choose a later time."))
        return until


class AnswersForm(forms.Form):
    """One choice, one line of evidence and how sure one is a criterion; what stays empty says nothing."""

    answered_at = BoundedDateTimeField(
        label=_("Answered at"), required=False, help_text=_("Leave empty for the current time.")
    )

    def __init__(
        self, *args: Any, framework: Framework, newest: dict[int, Answer], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria: list[Criterion] = list(framework.criteria.filter(is_active=True).prefetch_related("options"))
        self.newest, self.now = newest, now
        for criterion in self.criteria:
            answer = newest.get(criterion.pk)
            offered = [
                (str(option.pk), str(option))
                for option in criterion.options.all()
                if option.is_active or (answer and answer.option == option)
            ]
            options = [("", _("unanswered")), *offered]
            self.fields[f"answer_{criterion.pk}"] = forms.ChoiceField(
                label=str(criterion), choices=options, required=False, initial=str(answer.option_id) if answer else ""
            )
            self.fields[f"evidence_{criterion.pk}"] = forms.CharField(
                label=_("Evidence"), max_length=1_000, required=False, initial=answer.evidence if answer else ""
            )
            self.fields[f"confidence_{criterion.pk}"] = forms.ChoiceField(
                label=_("Confidence"), choices=Confidence.choices, required=False,
                initial=answer.confidence if answer else Confidence.MEDIUM,
            )  # fmt: skip

    def clean_answered_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["answered_at"]
        if at and at > self.now:
            raise forms.ValidationError(_("This is in the future. Choose an earlier time."))
        return at

    def rows(self) -> list[tuple[list[Any], Answer | None]]:
        """The controls of each criterion, and its newest answer."""
        names = ("answer", "confidence", "evidence")
        return [
            ([self[f"{name}_{criterion.pk}"] for name in names], self.newest.get(criterion.pk))
            for criterion in self.criteria
        ]

    @property
    def answers(self) -> list[CriterionAnswer]:
        """What was chosen, for the action."""
        options = {str(option.pk): option for criterion in self.criteria for option in criterion.options.all()}
        return [
            CriterionAnswer(
                criterion=criterion,
                option=options[chosen],
                evidence=self.cleaned_data[f"evidence_{criterion.pk}"],
                confidence=self.cleaned_data[f"confidence_{criterion.pk}"] or Confidence.MEDIUM,
            )
            for criterion in self.criteria
            if (chosen := self.cleaned_data[f"answer_{criterion.pk}"])
        ]


class VersionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """Versions by their number."""

    def label_from_instance(self, version: Version) -> str:
        return f"v{version.number}"


class MomentForm(forms.Form):
    """The time machine, in the reader's zone: the instant, what was known when, by which rules."""

    at = BoundedDateTimeField(label=_("Point in time"), required=False)
    known_at = BoundedDateTimeField(label=_("With what was known on"), required=False)
    today = forms.BooleanField(label=_("With what is known now"), required=False)

    def __init__(self, *args: Any, models: list[ScoringModel], **kwargs: Any) -> None:
        """`models` are those one may look at, the one to begin with first."""
        super().__init__(*args, **{"auto_id": "moment_%s", **kwargs})  # dialogs over the same page ask for a time, too
        chosen = next(
            (model for model in models if str(model.pk) == self.data.get("model")), models[0] if models else None
        )
        self.several, self.chosen = len(models) > 1, chosen
        self.fields["model"] = forms.ModelChoiceField(
            label=_("Model"), required=False, initial=chosen, empty_label=None,
            queryset=ScoringModel.objects.filter(pk__in=[model.pk for model in models]),
        )  # fmt: skip
        self.fields["version"] = VersionField(
            label=_("Version"), required=False, empty_label=_("published then"),
            queryset=chosen.versions.order_by("-number") if chosen else Version.objects.none(),
        )  # fmt: skip

    def asked(self, name: str) -> Any:
        """What was asked for, where it could be read."""
        return self.cleaned_data.get(name) if self.is_bound and (self.is_valid() or self.cleaned_data) else None

    @property
    def known(self) -> Any:
        """The instant by which something must have been known to count: that of the past which is asked for, unless
        another one is, or what is known today. None for today."""
        return self.asked("known_at") or (None if self.asked("today") else self.asked("at"))

    @property
    def is_elsewhere(self) -> bool:
        """Whether anything but the present, by the rules in force, is asked for."""
        return any(self.asked(name) for name in ("at", "known_at", "version"))
