"""What people choose about outcomes: what each reason does, and each cell of the decision matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from engine.matrix import MatrixLevel
from handoff.enums import PolicySection, RejectEffect
from handoff.models import RejectReason
from handoff.outcome_words import do_names, requests_in_words
from handoff.policy.outcomes import CELLS, CellDo, Requests, code_of, read_outcomes
from handoff.queries.policy import callers_now, problems_of
from scoring.queries.words import matrix_level

Raw = dict[str, Any]


class OutcomesForm(forms.Form):
    """The whole section: a choice for each reason in use and for each cell, and the two rules beside the matrix."""

    requests = forms.ChoiceField(
        label=gettext_lazy("Leads that asked for something"),
        help_text=gettext_lazy(
            "A quote, demo, trial or contact: hot definitions that make a lead hot again when it asks again."
        ),
    )  # fmt: skip
    confirm = forms.TypedChoiceField(
        label=gettext_lazy("Who confirms the need"), coerce=int, empty_value=None, required=False
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None, *, document: Raw) -> None:
        outcomes = read_outcomes(document)
        self.reasons = list(RejectReason.objects.filter(is_active=True))
        initial: dict[str, Any] = {"requests": outcomes.requests, "confirm": outcomes.confirm or ""}
        initial |= {f"cell_{code_of(cell)}": outcomes.do(cell) for cell in CELLS}
        initial |= {
            f"reason_{reason.code}": outcomes.reasons.get(reason.code, RejectEffect.NURTURE) for reason in self.reasons
        }
        super().__init__(data, initial=initial)
        for cell in CELLS:
            label = matrix_level("engagement", cell[0])
            field = forms.ChoiceField(label=label, choices=list(do_names().items()))
            self.fields[f"cell_{code_of(cell)}"] = field
        for reason in self.reasons:
            self.fields[f"reason_{reason.code}"] = forms.ChoiceField(label=str(reason), choices=RejectEffect.choices)
        self.fields["requests"].choices = [(each, requests_in_words(each)) for each in Requests]  # type: ignore[attr-defined]
        self.fields["confirm"].choices = _callers()  # type: ignore[attr-defined]
        self.document, self.result = document, document

    def matrix(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of the cells, row by row, each row with its level of qualification."""
        return [
            (matrix_level("qualification", row), [self[f"cell_{code_of((column, row))}"] for column in MatrixLevel])
            for row in MatrixLevel
        ]

    def columns(self) -> list[str]:
        return [matrix_level("engagement", level) for level in MatrixLevel]

    def effects(self) -> list[forms.BoundField]:
        """The field of each reason in use."""
        return [self[f"reason_{reason.code}"] for reason in self.reasons]

    def clean(self) -> Raw:
        if not self.errors:
            self._put_into_document()
        return self.cleaned_data

    def _put_into_document(self) -> None:
        """What is chosen as the document says it: a cell that hands over isn't named, a reason out of use is kept."""
        cleaned, before = self.cleaned_data, self.document
        known = {reason.code: cleaned[f"reason_{reason.code}"] for reason in self.reasons}
        chosen = {cell: cleaned[f"cell_{code_of(cell)}"] for cell in CELLS}
        confirm = {"confirm": {"person": cleaned["confirm"]}} if cleaned["confirm"] else {}
        others = {name: value for name, value in before.items() if name != "confirm"}
        self.result = others | confirm | {
            "reasons": before.get("reasons", {}) | known,
            "cells": [
                {"engagement": str(engagement), "qualification": str(qualification), "do": str(do)}
                for (engagement, qualification), do in chosen.items()
                if do != CellDo.HAND_OVER
            ],
            "requests": cleaned["requests"],
        }  # fmt: skip
        for problem in problems_of(PolicySection.OUTCOMES, self.result):
            self.add_error("confirm" if problem.path.startswith("confirm") else None, problem.text)


def _callers() -> list[tuple[Any, Any]]:
    people = User.objects.filter(pk__in=callers_now()).select_related("team").order_by("name", "pk")
    everyone = ("", _("The lead’s owner, else a manager of its team"))
    return [everyone, *((person.pk, f"{person} ({person.team})" if person.team else str(person)) for person in people)]
