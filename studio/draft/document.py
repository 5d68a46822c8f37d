"""A document with one thing changed: pure functions over the raw rule language that never touch the old one."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
Entry = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class RulePlace:
    """Where a rule stands: the group's index and the rule's index in it."""

    group: int
    rule: int

    @property
    def path(self) -> str:
        return f"groups[{self.group}].rules[{self.rule}]"


def groups_of(document: Document) -> list[Entry]:
    """The groups that can be shown; a damaged document has none."""
    groups = document.get("groups")
    return [group for group in groups if isinstance(group, dict)] if isinstance(groups, list) else []


def rules_of(group: Entry) -> list[Entry]:
    rules = group.get("rules")
    return [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []


def stages_of(document: Document) -> Entry:
    """The rules of stages, each under its stage's name; a damaged document has none."""
    stages = document.get("stages")
    return stages if isinstance(stages, dict) else {}


def rule_at(document: Document, place: RulePlace) -> Entry | None:
    groups = groups_of(document)
    rules = rules_of(groups[place.group]) if 0 <= place.group < len(groups) else []
    return rules[place.rule] if 0 <= place.rule < len(rules) else None


def place_of(document: Document, group: str, rule: str) -> RulePlace | None:
    """Where the rule of that name stands now, after somebody else may have moved it."""
    for g, each in enumerate(groups_of(document)):
        for r, other in enumerate(rules_of(each)):
            if (each.get("name"), other.get("name")) == (group, rule):
                return RulePlace(group=g, rule=r)
    return None


def _edited(document: Document) -> tuple[Document, list[Entry]]:
    """A deep copy, and its groups, each with a list of rules to change."""
    copy = deepcopy(document)
    copy["groups"] = groups_of(copy)
    for group in copy["groups"]:
        group["rules"] = rules_of(group)
    return copy, copy["groups"]


def with_rule(
    document: Document, rule: Entry, *, group: int, at: RulePlace | None = None
) -> tuple[Document, RulePlace]:
    """`rule` in its place, or at the end of `group` when it is new there; and where it stands now."""
    copy, groups = _edited(document)
    rules = groups[group]["rules"]
    if at and at.group == group:
        rules[at.rule] = rule
        return copy, at
    if at:
        del groups[at.group]["rules"][at.rule]
    rules.append(rule)
    return copy, RulePlace(group=group, rule=len(rules) - 1)


def without_rule(document: Document, place: RulePlace) -> Document:
    copy, groups = _edited(document)
    del groups[place.group]["rules"][place.rule]
    return copy


def with_rule_moved(document: Document, place: RulePlace, by: int) -> Document:
    """The rule so many places down (or up, when negative), as far as the group reaches."""
    copy, groups = _edited(document)
    rules = groups[place.group]["rules"]
    rules.insert(max(0, place.rule + by), rules.pop(place.rule))
    return copy


def with_rule_at(document: Document, place: RulePlace, *, to: RulePlace) -> Document:
    """The rule at another place, as far as that group reaches."""
    copy, groups = _edited(document)
    rule = groups[place.group]["rules"].pop(place.rule)
    groups[to.group]["rules"].insert(to.rule, rule)
    return copy


def with_rule_copied(document: Document, place: RulePlace, name: str) -> Document:
    """A second one right below, under a name that its group does not have yet."""
    copy, groups = _edited(document)
    rules = groups[place.group]["rules"]
    twin = deepcopy(rules[place.rule]) | {"name": unused(name, {rule.get("name") for rule in rules})}
    rules.insert(place.rule + 1, twin)
    return copy


def with_rule_switched(document: Document, place: RulePlace) -> Document:
    """Off if it counted, on if it did not."""
    copy, groups = _edited(document)
    rule = groups[place.group]["rules"][place.rule]
    if rule.pop("disabled", False) is not True:
        rule["disabled"] = True
    return copy


def with_group(document: Document, group: Entry, *, at: int | None = None) -> Document:
    """A group's own words and bounds, new or in place; its rules stay as they are."""
    copy, groups = _edited(document)
    if at is None:
        groups.append({**group, "rules": []})
    else:
        groups[at] = {**group, "rules": groups[at]["rules"]}
    return copy


def with_whole_group(document: Document, group: Entry) -> Document:
    """A group with its rules, at the end."""
    copy, groups = _edited(document)
    groups.append(deepcopy(group))
    return copy


def without_group(document: Document, at: int) -> Document:
    copy, groups = _edited(document)
    del groups[at]
    return copy


def with_group_moved(document: Document, at: int, by: int) -> Document:
    copy, groups = _edited(document)
    groups.insert(max(0, at + by), groups.pop(at))
    return copy


def with_entries(document: Document, **entries: Any) -> Document:
    """Top entries replaced (`bands`, `grades`, `hot` ...); None takes one out."""
    copy = deepcopy(document)
    for key, value in entries.items():
        copy.pop(key, None)
        if value is not None:
            copy[key] = value
    return copy


def unused(name: str, taken: set[Any]) -> str:
    """`name`, or with the first number behind it that makes it different."""
    number, candidate = 2, name
    while candidate in taken:
        number, candidate = number + 1, f"{name} {number}"
    return candidate


def group_called(document: Document, name: str) -> int:
    """The group of that name, else the first."""
    names = [group.get("name") for group in groups_of(document)]
    return names.index(name) if name in names else 0


EXAMPLE: Entry = {
    "name": "Studied the prices",
    "when": {"activity": "price_view", "within": "14d", "count": {"op": ">=", "value": 2}},
    "points": 10,
}
"""What an empty text box begins with."""
