"""A group's name, dimension and bounds, and how it fades when a lead goes quiet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine import limits
from engine.parse import parse
from scoring.enums import DimensionChoices
from scoring.forms import choices, values
from scoring.forms.fields import SelectField, ShortTextField
from scoring.queries.validation import language
from studio.draft.document import Document, Entry, groups_of, with_group


class GroupForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=limits.MAX_NAME)
    dimension = forms.ChoiceField(
        label=_("Score type"),
        choices=DimensionChoices.choices,
        help_text=_("Fit: who they are. Engagement: what they do. Qualification: what sales learned."),
    )
    min = ShortTextField(label=_("Minimum"), help_text=_("The group total never goes below this."))
    max = ShortTextField(label=_("Maximum"), help_text=_("The group total never goes above this."))
    after = ShortTextField(label=_("Decays if inactive for"))
    after_unit = SelectField(label=_("Unit"), choices=choices.UNITS)
    half_life = ShortTextField(label=_("and halves every"))
    half_life_unit = SelectField(label=_("Unit"), choices=choices.UNITS)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, document: Document, at: int | None = None, dimension: str = ""
    ) -> None:
        group = groups_of(document)[at] if at is not None else {"dimension": dimension}
        super().__init__(data, initial=initial_group(group))
        self.document, self.at, self.result = document, at, document

    def clean(self) -> dict[str, Any]:
        """Put the group into the document, and mark what the engine finds wrong with the group itself."""
        if self.errors:
            return self.cleaned_data
        document = with_group(self.document, self.raw, at=self.at)
        index = len(document["groups"]) - 1 if self.at is None else self.at
        own = f"groups[{index}]"
        problems = [
            problem
            for problem in parse(document).problems
            if problem.path.startswith(own) and not problem.path.startswith(f"{own}.rules")
        ]
        for problem in problems:
            place = problem.path.removeprefix(own).lstrip(".").removeprefix("inactivity.")
            self.add_error(place if place in self.fields else "after" if place else None, problem.text(language()))
        if not problems:
            self.result = document
        return self.cleaned_data

    @property
    def raw(self) -> Entry:
        """The group as the language writes it, without rules."""
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


def initial_group(group: Entry) -> dict[str, Any]:
    """What the controls show for a group, as far as it can be read."""
    shown = {key: values.shown(group.get(key)) for key in ("name", "dimension", "min", "max")}
    inactivity = group.get("inactivity")
    if not isinstance(inactivity, dict):
        return shown
    for key in ("after", "half_life"):
        written = str(inactivity.get(key, ""))
        shown |= {key: written.rstrip("dh"), f"{key}_unit": written[-1:] if written[-1:] in ("d", "h") else "d"}
    return shown
