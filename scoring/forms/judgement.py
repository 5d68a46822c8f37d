"""Points by hand, answers to a framework, and the instant to look back to."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.nodes import hundredths
from scoring.actions.judging import Said
from scoring.enums import Confidence
from scoring.forms import values
from scoring.models import Answer, Criterion, Framework, Option, ScoringModel, Version
from web.fields import BoundedDateTimeField

AT_MOST = 100


class AdjustmentForm(forms.Form):
    points = forms.CharField(label=_("Points"), max_length=40, help_text=_("Between −100 and 100."))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    until = BoundedDateTimeField(label=_("Valid until"), required=False, help_text=_("Empty: until somebody ends it."))

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_points(self) -> int:
        """Hundredths."""
        number = values.number(self.cleaned_data["points"])
        if isinstance(number, str):
            raise forms.ValidationError(_("This must be a number."))
        if not 0 < abs(number) <= AT_MOST:
            raise forms.ValidationError(_("Give between −100 and 100 points, and not 0."))
        return hundredths(Decimal(str(number)))

    def clean_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["until"]
        if until and until <= self.now:
            raise forms.ValidationError(_("This is in the past."))
        return until


class AnswersForm(forms.Form):
    """One choice, one line of evidence and how sure one is a criterion; what stays empty says nothing."""

    answered_at = BoundedDateTimeField(label=_("When they said so"), required=False, help_text=_("Empty: now."))

    def __init__(
        self, *args: Any, framework: Framework, newest: dict[int, Answer], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria: list[Criterion] = list(framework.criteria.filter(is_active=True).prefetch_related("options"))
        self.newest, self.now = newest, now
        for criterion in self.criteria:
            self._add(criterion, newest.get(criterion.pk))

    def _add(self, criterion: Criterion, answer: Answer | None) -> None:
        offered = [each for each in criterion.options.all() if each.is_active or (answer and answer.option == each)]
        options = [("", _("not asked yet")), *((str(option.pk), str(option)) for option in offered)]
        self.fields[f"answer_{criterion.pk}"] = forms.ChoiceField(
            label=str(criterion), choices=options, required=False, initial=str(answer.option_id) if answer else ""
        )
        self.fields[f"evidence_{criterion.pk}"] = forms.CharField(
            label=_("How we know"), max_length=1_000, required=False, initial=answer.evidence if answer else ""
        )
        self.fields[f"confidence_{criterion.pk}"] = forms.ChoiceField(
            label=_("How sure"), choices=Confidence.choices, required=False,
            initial=answer.confidence if answer else Confidence.MEDIUM,
        )  # fmt: skip

    def clean_answered_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["answered_at"]
        if at and at > self.now:
            raise forms.ValidationError(_("This is in the future."))
        return at

    def rows(self) -> list[tuple[list[Any], Answer | None]]:
        """The controls of each criterion, and its newest answer."""
        names = ("answer", "confidence", "evidence")
        return [([self[f"{name}_{one.pk}"] for name in names], self.newest.get(one.pk)) for one in self.criteria]

    @property
    def answers(self) -> list[Said]:
        options = {str(option.pk): option for criterion in self.criteria for option in criterion.options.all()}
        return [self._said(one, options[pk]) for one in self.criteria if (pk := self.cleaned_data[f"answer_{one.pk}"])]

    def _said(self, criterion: Criterion, option: Option) -> Said:
        return Said(
            criterion=criterion,
            option=option,
            evidence=self.cleaned_data[f"evidence_{criterion.pk}"],
            confidence=self.cleaned_data[f"confidence_{criterion.pk}"] or Confidence.MEDIUM,
        )


class MomentForm(forms.Form):
    """The time machine, in the reader's zone: the instant, what was known when, by which rules."""

    at = BoundedDateTimeField(label=_("As of"), required=False)
    known_at = BoundedDateTimeField(label=_("As known at"), required=False)
    model = forms.ModelChoiceField(
        label=_("Model"), required=False, queryset=ScoringModel.objects.none(), empty_label=None
    )
    version = forms.ModelChoiceField(
        label=_("Version"), required=False, queryset=Version.objects.none(), empty_label=_("in force then")
    )

    def __init__(self, *args: Any, models: list[ScoringModel], **kwargs: Any) -> None:
        """`models` are those one may look at, the one to begin with first."""
        super().__init__(*args, **kwargs)
        chosen = next((each for each in models if str(each.pk) == self.data.get("model")), next(iter(models), None))
        self.several, self.chosen = len(models) > 1, chosen
        self.fields["model"].queryset = ScoringModel.objects.filter(pk__in=[each.pk for each in models])
        self.fields["model"].initial = chosen
        if chosen:
            self.fields["version"].queryset = chosen.versions.order_by("-number")
            self.fields["version"].label_from_instance = lambda version: f"v{version.number}"

    def asked(self, name: str) -> Any:
        """What was asked for, where it could be read."""
        return self.cleaned_data.get(name) if self.is_bound and (self.is_valid() or self.cleaned_data) else None

    @property
    def is_elsewhere(self) -> bool:
        """Whether anything but the present, by the rules in force, is asked for."""
        return any(self.asked(name) for name in ("at", "known_at", "version"))
