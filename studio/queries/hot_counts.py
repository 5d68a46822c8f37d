"""For how many leads each condition of each hot definition holds: one statement over all leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from psycopg.sql import SQL, Composable, Literal

from engine import Condition, Document, compile_document
from engine.nodes import AllOf, AnyOf, HotDefinition
from engine.words.phrases import Language
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.sources import now_sources
from scoring.queries.words import condition_in_words, reader
from studio.queries.effect import reading


@dataclass(frozen=True, kw_only=True)
class ConditionCount:
    """A condition and how many leads meet it; `is_inner` where it is a part of the one above."""

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
    asked = [(definition, list(_parts(definition))) for definition in document.hot]
    conditions = [each for definition, parts in asked for each in (definition.when, *(part for part, _ in parts))]
    leads, *counts = _counts(document, conditions, model, now)
    words, left = reader(), iter(counts)
    return HotCounts(leads=leads, definitions=tuple(_counted(words, *each, left) for each in asked))


def _parts(definition: HotDefinition) -> Iterator[tuple[Condition, bool]]:
    """The conditions of a definition, and those inside them one level down."""
    for part in _members(definition.when):
        yield part, False
        yield from ((inner, True) for inner in _members(part))


def _members(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, AllOf | AnyOf) else ()


def _counted(
    words: Language, definition: HotDefinition, parts: list[tuple[Condition, bool]], counts: Iterator[int]
) -> DefinitionCount:
    return DefinitionCount(
        name=definition.name,
        leads=next(counts),
        lines=tuple(
            ConditionCount(words=condition_in_words(words, part), leads=next(counts), is_inner=inner)
            for part, inner in parts
        ),
    )


def _counts(document: Document, conditions: list[Condition], model: ScoringModel, now: datetime) -> list[int]:
    """All leads, then those that meet each condition: asked of the engine as hot definitions of their own."""
    posed = tuple(HotDefinition(name=str(place), when=condition) for place, condition in enumerate(conditions))
    sources = now_sources(model=model)
    compiled = compile_document(replace(document, hot=posed), catalog(), sources=sources, t=now, next_change=False)
    columns = SQL(", ").join([SQL("count(*)"), *(_count(place) for place in range(1, len(posed) + 1))])
    query = SQL("SELECT {} FROM (SELECT hot FROM ({}) AS scored) AS met").format(columns, compiled.query)
    with reading() as cursor:
        cursor.execute(query.as_string(None), compiled.parameters)
        return [int(number) for number in cursor.fetchone()]


def _count(place: int) -> Composable:
    return SQL("count(*) FILTER (WHERE hot[{}])").format(Literal(place))
