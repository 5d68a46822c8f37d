"""For how many leads each condition of each hot definition holds: one statement over all leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from psycopg.sql import SQL, Literal

from engine import Condition, Document, compile_document
from engine.nodes import HotDefinition
from engine.words.phrases import ConditionLine
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.sources import now_sources
from scoring.queries.words import reader
from studio.queries.effect import reading


@dataclass(frozen=True, kw_only=True)
class ConditionCount:
    """A line of a condition and how many leads meet it; `is_inner` where it belongs to the group above."""

    words: str
    leads: int
    is_inner: bool


@dataclass(frozen=True, kw_only=True)
class DefinitionCount:
    """A definition: how many leads meet all it asks for, and each of its conditions."""

    name: str
    leads: int
    lines: tuple[ConditionCount, ...]


@dataclass(frozen=True, kw_only=True)
class HotCounts:
    leads: int
    definitions: tuple[DefinitionCount, ...]


def hot_counts(document: Document, *, model: ScoringModel, now: datetime) -> HotCounts:
    """Raises EffectTimeoutError."""
    words = reader()
    parts = [list(inner_lines(words.lines(definition.when))) for definition in document.hot]
    conditions: list[Condition] = []
    for definition, members in zip(document.hot, parts, strict=True):
        conditions += [definition.when, *(line.condition for line, _inner in members)]
    leads, *numbers = leads_that_meet(conditions, document, model=model, now=now)
    counts = iter(numbers)
    definitions = tuple(
        DefinitionCount(
            name=definition.name,
            leads=next(counts),
            lines=tuple(
                ConditionCount(words=line.text, leads=next(counts), is_inner=is_inner) for line, is_inner in members
            ),
        )
        for definition, members in zip(document.hot, parts, strict=True)
    )
    return HotCounts(leads=leads, definitions=definitions)


def inner_lines(line: ConditionLine, *, is_inner: bool = False) -> Iterator[tuple[ConditionLine, bool]]:
    """What stands under the head of a group; True with what stands in a group of its own there."""
    for part in line.parts if line.is_group else ():
        yield part, is_inner
        yield from inner_lines(part, is_inner=True)


def leads_that_meet(
    conditions: list[Condition], document: Document, *, model: ScoringModel, now: datetime
) -> list[int]:
    """How many leads there are, then how many meet each condition: asked of the engine as hot definitions."""
    hot = tuple(HotDefinition(name=str(index), when=condition) for index, condition in enumerate(conditions))
    sources = now_sources(model=model)
    compiled = compile_document(replace(document, hot=hot), catalog(), sources=sources, t=now, next_change=False)
    met = [SQL("count(*) FILTER (WHERE hot[{}])").format(Literal(index + 1)) for index in range(len(hot))]
    columns = SQL(", ").join([SQL("count(*)"), *met])
    query = SQL("SELECT {} FROM (SELECT hot FROM ({}) AS scored) AS met").format(columns, compiled.query)
    with reading() as cursor:
        cursor.execute(query.as_string(None), compiled.parameters)
        return [int(number) for number in cursor.fetchone()]
