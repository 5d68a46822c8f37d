"""Where a rule goes: a group, and the place in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.forms.fields import set_choices
from studio.draft.document import Document, RulePlace, groups_of, rules_of, with_rule_moved


class MoveForm(forms.Form):
    to_group = forms.TypedChoiceField(label=_("Group"), coerce=int)
    to_rule = forms.IntegerField(
        label=_("Position"), min_value=1, max_value=1_000, help_text=_("1 is first. A large number goes last.")
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, document: Document, at: RulePlace) -> None:
        super().__init__(data, initial={"to_group": at.group, "to_rule": at.rule + 1})
        self.document, self.at, self.result = document, at, document
        groups = [(index, group.get("name", "")) for index, group in enumerate(groups_of(document))]
        set_choices(self, "to_group", groups)

    def clean(self) -> dict[str, Any]:
        """The document with the rule moved; a group cannot have two rules of one name."""
        if self.errors:
            return self.cleaned_data
        group, groups = self.cleaned_data["to_group"], groups_of(self.document)
        name = rules_of(groups[self.at.group])[self.at.rule].get("name")
        if group != self.at.group and name in [rule.get("name") for rule in rules_of(groups[group])]:
            self.add_error(
                "to_group",
                _("This group already has a rule with this name. Rename one of them, or choose another group."),
            )
        else:
            to = RulePlace(group=group, rule=self.cleaned_data["to_rule"] - 1)
            self.result = with_rule_moved(self.document, self.at, to=to)
        return self.cleaned_data
