from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import Document
from engine.nodes import Group, HotDefinition, Rule
from scoring.queries.words import stage_name


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One remark: where, a code for programs, a sentence for people, and the numbers in it."""

    path: str
    name: str
    code: str
    text: str
    numbers: Mapping[str, float] = field(default_factory=dict)


def found(path: str, name: str, code: str, text: str, **said: Any) -> Finding:
    """`said` fills the sentence; the numbers among it are kept as such."""
    numbers = {key: value for key, value in said.items() if isinstance(value, int | float)}
    return Finding(path=path, name=name, code=code, text=text % said, numbers=numbers)


@dataclass(frozen=True, kw_only=True)
class LintRule:
    """A rule where it stands; `index` counts all rules of the document from 1, `group_index` its groups."""

    path: str
    index: int
    group_index: int
    group: Group
    rule: Rule

    @property
    def counts(self) -> bool:
        """Whether it could give points at all."""
        return any(self.rule.gives) and not self.rule.disabled

    def found(self, code: str, text: str, **said: Any) -> Finding:
        return found(self.path, self.rule.name, code, text, **said)


def judged(document: Document) -> list[tuple[str, HotDefinition]]:
    """What decides about leads, with its path: the hot definitions, and the rules of stages as if they were some."""
    stages = ((f"stages.{rule.stage}", rule) for rule in document.stages.rules)
    return [
        *((f"hot[{index}]", definition) for index, definition in enumerate(document.hot)),
        *((path, HotDefinition(name=stage_name(rule.stage), when=rule.when)) for path, rule in stages),
    ]


def rules_of(document: Document) -> Iterator[LintRule]:
    index = 0
    for g, group in enumerate(document.groups):
        for r, rule in enumerate(group.rules):
            index += 1
            yield LintRule(path=f"groups[{g}].rules[{r}]", index=index, group_index=g + 1, group=group, rule=rule)
