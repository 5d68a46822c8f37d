"""Where a rule goes: a group, and the place in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from studio.draft.document import Document, RulePlace, groups_of, rules_of, with_rule_at


class MoveForm(forms.Form):
    to_group = forms.TypedChoiceField(label=_("Group"), coerce=int)
    to_rule = forms.IntegerField(
        label=_("Place"), min_value=1, max_value=1_000, help_text=_("1 is the first; a large number is the last.")
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, document: Document, at: RulePlace) -> None:
        super().__init__(data, initial={"to_group": at.group, "to_rule": at.rule + 1})
        self.document, self.at, self.result = document, at, document
        self.fields["to_group"].choices = [
            (index, group.get("name", "")) for index, group in enumerate(groups_of(document))
        ]

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            self._move(self.cleaned_data["to_group"], self.cleaned_data["to_rule"] - 1)
        return self.cleaned_data

    def _move(self, group: int, rule: int) -> None:
        """The document with the rule moved; a group cannot have two rules of one name."""
        moved = rules_of(groups_of(self.document)[self.at.group])[self.at.rule]
        names = [each.get("name") for each in rules_of(groups_of(self.document)[group])]
        if group != self.at.group and moved.get("name") in names:
            self.add_error("to_group", _("This group has a rule of the same name already."))
            return
        self.result = with_rule_at(self.document, self.at, to=RulePlace(group=group, rule=rule))
