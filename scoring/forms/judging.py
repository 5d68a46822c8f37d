"""Points by hand, answers to a framework, and the instant to look back to."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.engine.nodes import hundredths
from scoring.forms import values
from scoring.models import Answer, Criterion, Framework, Option

AT_MOST = 100
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class AdjustmentForm(forms.Form):
    points = forms.CharField(label=_("Points"), max_length=40, help_text=_("Between −100 and 100."))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    until = forms.DateTimeField(
        label=_("Valid until"), required=False, widget=MOMENT, help_text=_("Empty: until somebody ends it.")
    )

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
    """One choice and one line of evidence a criterion; what stays empty says nothing."""

    def __init__(self, *args: Any, framework: Framework, newest: dict[int, Answer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria: list[Criterion] = list(framework.criteria.prefetch_related("options"))
        self.newest = newest
        for criterion in self.criteria:
            self._add(criterion, newest.get(criterion.pk))

    def _add(self, criterion: Criterion, answer: Answer | None) -> None:
        options = [("", _("not asked yet")), *((str(option.pk), str(option)) for option in criterion.options.all())]
        self.fields[f"answer_{criterion.pk}"] = forms.ChoiceField(
            label=str(criterion), choices=options, required=False, initial=str(answer.option_id) if answer else ""
        )
        self.fields[f"evidence_{criterion.pk}"] = forms.CharField(
            label=_("How we know"), max_length=1_000, required=False, initial=answer.evidence if answer else ""
        )

    def rows(self) -> list[tuple[Criterion, Any, Any, Answer | None]]:
        return [
            (criterion, self[f"answer_{criterion.pk}"], self[f"evidence_{criterion.pk}"], self.newest.get(criterion.pk))
            for criterion in self.criteria
        ]

    @property
    def answers(self) -> dict[Criterion, Option]:
        chosen = {criterion: self.cleaned_data.get(f"answer_{criterion.pk}") for criterion in self.criteria}
        options = {str(option.pk): option for criterion in self.criteria for option in criterion.options.all()}
        return {criterion: options[pk] for criterion, pk in chosen.items() if pk}

    @property
    def evidence(self) -> dict[Criterion, str]:
        return {criterion: self.cleaned_data.get(f"evidence_{criterion.pk}", "") for criterion in self.criteria}


class MomentForm(forms.Form):
    """The instant of the time machine, in the reader's zone."""

    at = forms.DateTimeField(label=_("As of"), required=False, widget=MOMENT)
