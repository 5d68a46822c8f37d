"""A document of the rule language with one change: pure functions over the raw form that leave the old one as it is."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

Document = dict[str, Any]
Entry = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class RulePlace:
    """Where a rule stands: the index of its group, and its own in the group."""

    group: int
    rule: int

    @property
    def path(self) -> str:
        return f"groups[{self.group}].rules[{self.rule}]"


@dataclass(frozen=True, kw_only=True)
class RuleEdit:
    """A document with one rule put into it, and where the rule stands there."""

    document: Document
    place: RulePlace


def digest_of(document: object) -> str:
    """Names what a document says, raw or parsed: caches keep by it, since a number may be that of another database."""
    return sha256(repr(document).encode()).hexdigest()


def groups_of(document: Document) -> list[Entry]:
    """The groups, without entries that are none: what is written may be damaged."""
    groups = document.get("groups")
    return [group for group in groups if isinstance(group, dict)] if isinstance(groups, list) else []


def rules_of(group: Entry) -> list[Entry]:
    rules = group.get("rules")
    return [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []


def stages_of(document: Document) -> Entry:
    """The rules of stages, each under its stage's name; a damaged document has none."""
    stages = document.get("stages")
    return stages if isinstance(stages, dict) else {}


def hot_of(document: Document) -> list[Any]:
    """The hot definitions; a damaged document has none."""
    definitions = document.get("hot")
    return definitions if isinstance(definitions, list) else []


def rule_at(document: Document, place: RulePlace) -> Entry | None:
    """The rule at `place`, None where there is none."""
    groups = groups_of(document)
    rules = rules_of(groups[place.group]) if 0 <= place.group < len(groups) else []
    return rules[place.rule] if 0 <= place.rule < len(rules) else None


def place_of(document: Document, group: str, rule: str) -> RulePlace | None:
    """Where the rule `rule` of the group `group` stands, both by name."""
    for group_index, group_entry in enumerate(groups_of(document)):
        for rule_index, rule_entry in enumerate(rules_of(group_entry)):
            if (group_entry.get("name"), rule_entry.get("name")) == (group, rule):
                return RulePlace(group=group_index, rule=rule_index)
    return None


def group_index(document: Document, name: str) -> int:
    """The group of that name, else the first."""
    names = [group.get("name") for group in groups_of(document)]
    return names.index(name) if name in names else 0


def with_rule(document: Document, rule: Entry, *, group: int, at: RulePlace | None = None) -> RuleEdit:
    """`rule` in place of the one that stands `at`; at the end of `group` where it is new, or comes from another one."""
    copy, groups = _copied(document)
    rules = groups[group]["rules"]
    if at and at.group == group:
        rules[at.rule] = rule
        return RuleEdit(document=copy, place=at)
    if at:
        del groups[at.group]["rules"][at.rule]
    rules.append(rule)
    return RuleEdit(document=copy, place=RulePlace(group=group, rule=len(rules) - 1))


def without_rule(document: Document, place: RulePlace) -> Document:
    copy, groups = _copied(document)
    del groups[place.group]["rules"][place.rule]
    return copy


def with_rule_moved(document: Document, place: RulePlace, *, to: RulePlace) -> Document:
    """The rule at another place, as far as that group reaches."""
    copy, groups = _copied(document)
    rule = groups[place.group]["rules"].pop(place.rule)
    groups[to.group]["rules"].insert(max(0, to.rule), rule)
    return copy


def with_rule_duplicated(document: Document, place: RulePlace, name: str) -> Document:
    """A copy right below the rule, under `name`, with a number where its group has that name already."""
    copy, groups = _copied(document)
    rules = groups[place.group]["rules"]
    duplicate = deepcopy(rules[place.rule]) | {"name": unused(name, {rule.get("name") for rule in rules})}
    rules.insert(place.rule + 1, duplicate)
    return copy


def with_rule_switched(document: Document, place: RulePlace) -> Document:
    """The rule disabled if it was enabled, enabled if it was disabled."""
    copy, groups = _copied(document)
    rule = groups[place.group]["rules"][place.rule]
    if rule.pop("disabled", False) is not True:
        rule["disabled"] = True
    return copy


def with_group(document: Document, group: Entry, *, at: int | None = None) -> Document:
    """A group's own settings, new at the end or in place; the rules of a group that exists stay as they are."""
    copy, groups = _copied(document)
    if at is None:
        groups.append({**deepcopy(group), "rules": deepcopy(group.get("rules", []))})
    else:
        groups[at] = {**group, "rules": groups[at]["rules"]}
    return copy


def without_group(document: Document, at: int) -> Document:
    copy, groups = _copied(document)
    del groups[at]
    return copy


def with_group_moved(document: Document, at: int, by: int) -> Document:
    """The group so many places down (or up, when negative), as far as the document reaches."""
    copy, groups = _copied(document)
    groups.insert(max(0, at + by), groups.pop(at))
    return copy


def with_entries(document: Document, **entries: Any) -> Document:
    """Top entries replaced (`bands`, `grades`, `hot` ...); None removes one."""
    copy = deepcopy(document)
    for key, value in entries.items():
        copy.pop(key, None)
        if value is not None:
            copy[key] = value
    return copy


def _copied(document: Document) -> tuple[Document, list[Entry]]:
    """A deep copy, and its groups, each with a list of rules to change."""
    copy = deepcopy(document)
    copy["groups"] = groups_of(copy)
    for group in copy["groups"]:
        group["rules"] = rules_of(group)
    return copy, copy["groups"]


def unused(name: str, taken: set[Any]) -> str:
    """`name`, or with the first number behind it that makes it different from those `taken`."""
    number, candidate = 2, name
    while candidate in taken:
        number, candidate = number + 1, f"{name} {number}"
    return candidate


EXAMPLE: Entry = {
    "name": "Studied the prices",
    "when": {"activity": "price_view", "within": "14d", "count": {"op": ">=", "value": 2}},
    "points": 10,
}
"""What the text of a new rule begins with."""
