"""Reads a whole document: groups of rules, hot definitions, stages, bands and grades."""

# A refusal ends its reader: `return reader.refuse(...)` notes the problem and gives None in one line.
# mypy: disable-error-code="func-returns-value"

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar
from zoneinfo import available_timezones

from engine import limits
from engine.nodes import (
    STAGES,
    Bands,
    Condition,
    Dimension,
    Document,
    Duration,
    Grades,
    Group,
    HotDefinition,
    Inactivity,
    Stages,
)
from engine.parse.conditions import read_limited_condition
from engine.parse.reader import DocumentReader
from engine.parse.rules import read_rule
from engine.parse.thresholds import optional, read_bands, read_grades, read_matrix
from engine.problems import Problem

T = TypeVar("T")
ZERO = Decimal(0)
DOCUMENT = frozenset({"model", "timezone", "audience", "bands", "grades", "matrix", "groups", "hot", "stages"})
GROUP = frozenset({"name", "dimension", "min", "max", "inactivity", "rules"})

HOT = frozenset({"name", "when", "exit", "grace", "again", "customers"})


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """The document, or None together with every reason."""

    document: Document | None
    problems: tuple[Problem, ...]


def parse(raw: Any) -> Parsed:
    """Read a loaded YAML or JSON document. Never raises on bad input."""
    reader = DocumentReader()
    document = read_document(reader, raw)
    return Parsed(document=None if reader.problems else document, problems=tuple(reader.problems))


def parse_condition(raw: Any) -> tuple[Condition | None, tuple[Problem, ...]]:
    """Read one condition by itself: a segment, a gate, a routing rule."""
    reader = DocumentReader()
    condition = read_limited_condition(reader, raw)
    return (None if reader.problems else condition), tuple(reader.problems)


def _members(
    reader: DocumentReader, raw: Any, key: str, read: Callable[[DocumentReader, Any], T | None], *, at_most: int
) -> tuple[T, ...]:
    if key not in raw:
        return ()
    with reader.at(key):
        found = [read(reader, member) for member in reader.items(raw[key], at_most=at_most)]
        _refuse_twins(reader, raw[key])
    return tuple(member for member in found if member is not None)


def _refuse_twins(reader: DocumentReader, members: Any) -> None:
    """Names are how people and explanations point at things, so they are unique in their list."""
    if not isinstance(members, list | tuple):
        return
    names = [m.get("name") if isinstance(m, dict) and isinstance(m.get("name"), str) else None for m in members]
    seen = Counter(name for name in names if name)
    for index, name in enumerate(names):
        if name and seen[name] > 1 and names.index(name) != index:
            with reader.at(index), reader.at("name"):
                reader.refuse("duplicate_name", name=name[: limits.MAX_NAME])


def _name(reader: DocumentReader, raw: Any, key: str = "name") -> str:
    return optional(reader, raw, key, reader.text, "")


def _bound(reader: DocumentReader, raw: Any) -> Decimal | None:
    return reader.number(raw, low=-limits.MAX_BOUND, high=limits.MAX_BOUND)


def read_document(reader: DocumentReader, raw: Any) -> Document | None:
    if reader.mapping(raw, allowed=DOCUMENT, required=("model",)) is None:
        return None
    document = Document(
        model=_name(reader, raw, "model"),
        timezone=optional(reader, raw, "timezone", lambda value: _timezone(reader, value), "Asia/Tokyo"),
        audience=optional(reader, raw, "audience", lambda value: read_limited_condition(reader, value), None),
        bands=optional(reader, raw, "bands", lambda value: read_bands(reader, value), Bands()),
        grades=optional(reader, raw, "grades", lambda value: read_grades(reader, value), Grades()),
        matrix=optional(reader, raw, "matrix", lambda value: read_matrix(reader, value), None),
        groups=_members(reader, raw, "groups", read_group, at_most=limits.MAX_GROUPS),
        hot=_members(reader, raw, "hot", read_hot, at_most=limits.MAX_HOT),
        stages=optional(reader, raw, "stages", lambda value: read_stages(reader, value), Stages()),
    )
    if len(document.rules) > limits.MAX_RULES:
        with reader.at("groups"):
            reader.refuse("too_many_rules", limit=limits.MAX_RULES, count=len(document.rules))
    return document


def _timezone(reader: DocumentReader, raw: Any) -> str | None:
    name = reader.text(raw)
    return name if name is None or name in _zones() else reader.refuse("unknown_timezone")


@cache
def _zones() -> frozenset[str]:
    """Reading the zone database walks a directory tree; once is enough."""
    return frozenset(available_timezones())


def read_group(reader: DocumentReader, raw: Any) -> Group | None:
    if reader.mapping(raw, allowed=GROUP, required=("name", "dimension")) is None:
        return None
    low: Decimal | None = optional(reader, raw, "min", lambda value: _bound(reader, value), None)
    high: Decimal | None = optional(reader, raw, "max", lambda value: _bound(reader, value), None)
    if low is not None and high is not None and low > high:
        with reader.at("min"):
            reader.refuse("min_above_max")
    return Group(
        name=_name(reader, raw),
        dimension=optional(reader, raw, "dimension", lambda value: reader.choice(value, Dimension), Dimension.FIT),
        min=low,
        max=high,
        inactivity=optional(reader, raw, "inactivity", lambda value: read_inactivity(reader, value), None),
        rules=_members(reader, raw, "rules", read_rule, at_most=limits.MAX_RULES),
    )


def read_inactivity(reader: DocumentReader, raw: Any) -> Inactivity | None:
    keys = ("after", "half_life")
    if reader.mapping(raw, allowed=frozenset(keys), required=keys) is None:
        return None
    after, half_life = (optional(reader, raw, key, reader.duration, None) for key in keys)
    return Inactivity(after=after, half_life=half_life) if after and half_life else None


def read_hot(reader: DocumentReader, raw: Any) -> HotDefinition | None:
    if reader.mapping(raw, allowed=HOT, required=("name", "when")) is None:
        return None
    when: Condition | None = optional(reader, raw, "when", lambda value: read_limited_condition(reader, value), None)
    exit_total: Decimal | None = None
    if "exit" in raw:
        with reader.at("exit"):
            if reader.mapping(raw["exit"], allowed=frozenset({"total"}), required=("total",)) is not None:
                total = lambda value: reader.number(value, low=Decimal(-100), high=Decimal(200))  # noqa: E731
                exit_total = optional(reader, raw["exit"], "total", total, None)
    grace: Duration | None = optional(reader, raw, "grace", reader.duration, None)
    again, customers = (optional(reader, raw, key, reader.flag, False) for key in ("again", "customers"))
    name = _name(reader, raw)
    if when is None:
        return None
    return HotDefinition(name=name, when=when, exit=exit_total, grace=grace, again=again, customers=customers)


def read_stages(reader: DocumentReader, raw: Any) -> Stages | None:
    if reader.mapping(raw, allowed=frozenset(STAGES)) is None:
        return None
    mql: Condition | None = optional(reader, raw, "mql", lambda value: read_limited_condition(reader, value), None)
    sql: Condition | None = optional(reader, raw, "sql", lambda value: read_limited_condition(reader, value), None)
    return Stages(mql=mql, sql=sql)
