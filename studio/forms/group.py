"""A group's name, dimension and bounds, and how it fades when a lead goes quiet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine import limits
from engine.parse import parse
from scoring.enums import Dimension
from scoring.forms import values
from scoring.queries.validation import language
from studio.draft.document import Document, Entry, groups_of, with_group
from studio.forms import choices
from studio.forms.fields import SelectField

TYPED = {"max_length": 40, "required": False}


class GroupForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=limits.MAX_NAME)
    dimension = forms.ChoiceField(
        label=_("Dimension"),
        choices=Dimension.choices,
        help_text=_("Fit: who they are. Engagement: what they do. Qualification: what sales found out."),
    )
    min = forms.CharField(label=_("At least"), help_text=_("The sum of the group never falls below."), **TYPED)
    max = forms.CharField(label=_("At most"), help_text=_("The sum of the group never rises above."), **TYPED)
    after = forms.CharField(label=_("Fades after so long without activity"), **TYPED)
    after_unit = SelectField(label=_("Unit"), choices=choices.UNITS)
    half_life = forms.CharField(label=_("and halves every"), **TYPED)
    half_life_unit = SelectField(label=_("Unit"), choices=choices.UNITS)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, document: Document, at: int | None = None, dimension: str = ""
    ) -> None:
        group = groups_of(document)[at] if at is not None else {"dimension": dimension}
        super().__init__(data, initial=_initial(group))
        self.document, self.at, self.result = document, at, document

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            self._judge()
        return self.cleaned_data

    def _judge(self) -> None:
        document = with_group(self.document, self.raw, at=self.at)
        index = len(document["groups"]) - 1 if self.at is None else self.at
        own = f"groups[{index}]"
        found = [
            p for p in parse(document).problems if p.path.startswith(own) and not p.path.startswith(f"{own}.rules")
        ]
        for problem in found:
            place = problem.path.removeprefix(own).lstrip(".").removeprefix("inactivity.")
            self.add_error(place if place in self.fields else "after" if place else None, problem.text(language()))
        if not found:
            self.result = document

    @property
    def raw(self) -> Entry:
        typed = self.cleaned_data
        group: Entry = {"name": typed["name"], "dimension": typed["dimension"]}
        group |= {key: values.number(typed[key]) for key in ("min", "max") if typed[key].strip()}
        if typed["after"].strip() or typed["half_life"].strip():
            fading = {
                key: values.length(typed[key], typed[f"{key}_unit"])
                for key in ("after", "half_life")
                if typed[key].strip()
            }
            group["inactivity"] = fading
        return group


def _initial(group: Entry) -> dict[str, Any]:
    shown = {key: values.shown(group.get(key)) for key in ("name", "dimension", "min", "max")}
    fading = group.get("inactivity")
    for key in ("after", "half_life") if isinstance(fading, dict) else ():
        written = str(fading.get(key, ""))
        shown |= {key: written.rstrip("dh"), f"{key}_unit": written[-1:] if written[-1:] in ("d", "h") else "d"}
    return shown
