from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine import Document
from engine.nodes import Group, HotDefinition, Rule
from scoring.queries.words import stage_name
from web.formats import number


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One remark: where, a code for programs, a sentence for people, and the numbers in it.

    `pieces` are the sentence in order; beside a number of leads stands the set of them (`studio.queries.lead_sets`).
    """

    path: str
    name: str
    code: str
    text: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    pieces: tuple[tuple[str, str], ...] = field(default=(), compare=False)


PLACE = re.compile(r"%\((\w+)\)s")


def finding(
    path: str, name: str, code: str, text: str, *, sets: Mapping[str, str] | None = None, **values: Any
) -> Finding:
    """`values` fill the sentence; the numbers among it are kept as such. `sets` names the leads behind some."""
    numbers = {key: value for key, value in values.items() if isinstance(value, int | float)}
    words = values | {key: number(value) for key, value in numbers.items()}
    pieces = tuple(
        (str(words[piece]), sets.get(piece, "") if sets and values[piece] else "") if index % 2 else (piece % (), "")
        for index, piece in enumerate(PLACE.split(text))
    )
    return Finding(path=path, name=name, code=code, text=text % words, numbers=numbers, pieces=pieces)


@dataclass(frozen=True, kw_only=True)
class LintRule:
    """A rule where it stands; `index` counts all rules of the document from 1, `group_index` its groups from 1."""

    path: str
    index: int
    group_index: int
    group: Group
    rule: Rule

    @property
    def counts(self) -> bool:
        """Whether it could give points at all."""
        return any(self.rule.gives) and not self.rule.disabled

    def finding(self, code: str, text: str, *, sets: Mapping[str, str] | None = None, **values: Any) -> Finding:
        return finding(self.path, self.rule.name, code, text, sets=sets, **values)

    @property
    def set_parts(self) -> str:
        """Where it stands, as the sets of its leads are called."""
        return set_parts(self.path).removeprefix("groups.").replace(".rules", "")


def set_parts(path: str) -> str:
    """A path as part of the name of a set: `hot[0]` is `hot.0`."""
    return path.replace("[", ".").replace("]", "")


def hot_and_stages(document: Document) -> list[tuple[str, HotDefinition]]:
    """The hot definitions with their paths, and the rules of stages as if they were some."""
    stages = ((f"stages.{rule.stage}", rule) for rule in document.stages.rules)
    return [
        *((f"hot[{index}]", definition) for index, definition in enumerate(document.hot)),
        *((path, HotDefinition(name=stage_name(rule.stage), when=rule.when)) for path, rule in stages),
    ]


def rules_of(document: Document) -> Iterator[LintRule]:
    index = 0
    for group_index, group in enumerate(document.groups):
        for rule_index, rule in enumerate(group.rules):
            index += 1
            path = f"groups[{group_index}].rules[{rule_index}]"
            yield LintRule(path=path, index=index, group_index=group_index + 1, group=group, rule=rule)


def plain_number(value: Decimal) -> float:
    """Whole where it is whole, so that it reads as it was written."""
    return int(value) if value == int(value) else float(value)
