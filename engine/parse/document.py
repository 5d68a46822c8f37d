"""Reads a whole document: groups of rules, hot definitions, stages, bands and grades."""

# A refusal ends its reader: `return reader.refuse(...)` notes the problem and gives None in one line.
# mypy: disable-error-code="func-returns-value"

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar
from zoneinfo import available_timezones

from engine import limits
from engine.nodes import (
    STAGES,
    AnswerPoints,
    Bands,
    Condition,
    Decay,
    Dimension,
    Document,
    Duration,
    Each,
    Grades,
    Group,
    HotDefinition,
    Inactivity,
    Repeat,
    Rule,
    Stages,
    leaves,
)
from engine.parse.conditions import read_condition, read_stream
from engine.parse.reader import DocumentReader
from engine.parse.thresholds import optional, read_bands, read_grades, read_matrix
from engine.problems import Problem

T = TypeVar("T")
ZERO = Decimal(0)
DOCUMENT = frozenset({"model", "timezone", "audience", "bands", "grades", "matrix", "groups", "hot", "stages"})
GROUP = frozenset({"name", "dimension", "min", "max", "inactivity", "rules"})
FORMS = ("each", "when", "answer")
FOR_EACH, FADING = ("repeat", "at_most"), ("decay",)
RULE = frozenset({"name", "points", "cap", "disabled", "hypothesis", "owner", "review_on", *FORMS, *FOR_EACH, *FADING})
BARE_WORDS = {True: "yes", False: "no"}
"""YAML reads a bare `yes` as true; as the name of an option it is meant as written."""

HOT = frozenset({"name", "when", "exit", "grace"})


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """The document, or None together with every reason."""

    document: Document | None
    problems: tuple[Problem, ...]


def parse(raw: Any) -> Parsed:
    """Read a loaded YAML or JSON document. Never raises on bad input."""
    reader = DocumentReader()
    document = _document(reader, raw)
    return Parsed(document=None if reader.problems else document, problems=tuple(reader.problems))


def parse_condition(raw: Any) -> tuple[Condition | None, tuple[Problem, ...]]:
    """Read one condition by itself: a segment, a gate, a routing rule."""
    reader = DocumentReader()
    condition = _condition(reader, raw)
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


def _condition(reader: DocumentReader, raw: Any) -> Condition | None:
    condition = read_condition(reader, raw)
    count = sum(1 for _ in leaves(condition))
    return (
        reader.refuse("too_many_leaves", limit=limits.MAX_LEAVES, count=count)
        if count > limits.MAX_LEAVES
        else condition
    )


def _points(reader: DocumentReader, raw: Any) -> Decimal | None:
    return reader.number(raw, low=-limits.MAX_POINTS, high=limits.MAX_POINTS)


def _bound(reader: DocumentReader, raw: Any) -> Decimal | None:
    return reader.number(raw, low=-limits.MAX_BOUND, high=limits.MAX_BOUND)


def _positive(reader: DocumentReader, raw: Any) -> Decimal | None:
    return reader.number(raw, low=ZERO, high=limits.MAX_BOUND)


def _document(reader: DocumentReader, raw: Any) -> Document | None:
    if reader.mapping(raw, allowed=DOCUMENT, required=("model",)) is None:
        return None
    document = Document(
        model=_name(reader, raw, "model"),
        timezone=optional(reader, raw, "timezone", lambda value: _timezone(reader, value), "Asia/Tokyo"),
        audience=optional(reader, raw, "audience", lambda value: _condition(reader, value), None),
        bands=optional(reader, raw, "bands", lambda value: read_bands(reader, value), Bands()),
        grades=optional(reader, raw, "grades", lambda value: read_grades(reader, value), Grades()),
        matrix=optional(reader, raw, "matrix", lambda value: read_matrix(reader, value), None),
        groups=_members(reader, raw, "groups", _group, at_most=limits.MAX_GROUPS),
        hot=_members(reader, raw, "hot", _hot, at_most=limits.MAX_HOT),
        stages=optional(reader, raw, "stages", lambda value: _stages(reader, value), Stages()),
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


def _group(reader: DocumentReader, raw: Any) -> Group | None:
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
        inactivity=optional(reader, raw, "inactivity", lambda value: _inactivity(reader, value), None),
        rules=_members(reader, raw, "rules", _rule, at_most=limits.MAX_RULES),
    )


def _inactivity(reader: DocumentReader, raw: Any) -> Inactivity | None:
    keys = ("after", "half_life")
    if reader.mapping(raw, allowed=frozenset(keys), required=keys) is None:
        return None
    after, half_life = (optional(reader, raw, key, reader.duration, None) for key in keys)
    return Inactivity(after=after, half_life=half_life) if after and half_life else None


def _rule(reader: DocumentReader, raw: Any) -> Rule | None:
    if reader.mapping(raw, allowed=RULE, required=("name", "points")) is None:
        return None
    if sum(form in raw for form in FORMS) != 1:
        reader.refuse("each_or_when")
    for key in (*FOR_EACH, *FADING):
        if key in raw and "each" not in raw and (key in FOR_EACH or "answer" not in raw):
            with reader.at(key):
                reader.refuse("only_with_each" if key in FOR_EACH else "only_what_fades")
    whole = lambda value: reader.whole(value, low=1, high=limits.MAX_AT_MOST)  # noqa: E731 - reads better in line
    note = lambda value: reader.text(value, at_most=limits.MAX_NOTE, empty=True)  # noqa: E731
    review_on: date | None = optional(reader, raw, "review_on", reader.day, None)
    return Rule(
        name=_name(reader, raw),
        points=ZERO if "answer" in raw else optional(reader, raw, "points", lambda value: _points(reader, value), ZERO),
        each=optional(reader, raw, "each", lambda value: _each(reader, value), None),
        when=optional(reader, raw, "when", lambda value: _condition(reader, value), None),
        answer=_answered(reader, raw) if "answer" in raw else None,
        repeat=optional(reader, raw, "repeat", lambda value: reader.choice(value, Repeat), Repeat.EVERY_TIME),
        at_most=optional(reader, raw, "at_most", whole, None),
        cap=optional(reader, raw, "cap", lambda value: _positive(reader, value), None),
        decay=optional(reader, raw, "decay", lambda value: _decay(reader, value), None),
        disabled=optional(reader, raw, "disabled", reader.flag, False),
        hypothesis=optional(reader, raw, "hypothesis", note, ""),
        owner=optional(reader, raw, "owner", note, ""),
        review_on=review_on,
    )


def _each(reader: DocumentReader, raw: Any) -> Each | None:
    if reader.mapping(raw, allowed=frozenset({"activity", "where"}), required=("activity",)) is None:
        return None
    activity, where = read_stream(reader, raw) if "activity" in raw else (None, None)
    return Each(activity=activity, where=where) if activity else None


def _answered(reader: DocumentReader, raw: Any) -> AnswerPoints | None:
    """The criterion stands under `answer`, and what its options give under `points`."""
    with reader.at("answer"):
        criterion = reader.text(raw["answer"])
    with reader.at("points"):
        given = _options(reader, raw["points"]) if "points" in raw else ()
    return AnswerPoints(criterion=criterion, points=given) if criterion else None


def _options(reader: DocumentReader, raw: Any) -> tuple[tuple[str, Decimal], ...]:
    """In the order of their codes: as JSON in the database, a mapping has no order of its own."""
    if not isinstance(raw, Mapping):
        return reader.refuse("not_points_by_option") or ()
    if not raw or len(raw) > limits.MAX_OPTIONS:
        problem = "too_many" if raw else "empty_list"
        return reader.refuse(problem, limit=limits.MAX_OPTIONS, count=len(raw)) or ()
    found: dict[str, Decimal] = {}
    for option, value in raw.items():
        with reader.at(str(option)[: limits.MAX_NAME]):
            code, points = (
                reader.text(BARE_WORDS[option] if isinstance(option, bool) else option),
                _points(reader, value),
            )
            if code in found:
                reader.refuse("duplicate_name", name=code)
        if code is not None and points is not None:
            found[code] = points
    return tuple(sorted(found.items()))


def _decay(reader: DocumentReader, raw: Any) -> Decay | None:
    if reader.mapping(raw, allowed=frozenset({"half_life", "linear", "window"})) is None:
        return None
    if not raw:
        return reader.refuse("empty_decay")
    if "half_life" in raw and "linear" in raw:
        reader.refuse("two_decays")
    half_life, linear, window = (
        optional(reader, raw, key, reader.duration, None) for key in ("half_life", "linear", "window")
    )
    return Decay(half_life=half_life, linear=linear, window=window)


def _hot(reader: DocumentReader, raw: Any) -> HotDefinition | None:
    if reader.mapping(raw, allowed=HOT, required=("name", "when")) is None:
        return None
    when: Condition | None = optional(reader, raw, "when", lambda value: _condition(reader, value), None)
    exit_total: Decimal | None = optional(reader, raw, "exit", lambda value: _exit(reader, value), None)
    grace: Duration | None = optional(reader, raw, "grace", reader.duration, None)
    name = _name(reader, raw)
    return HotDefinition(name=name, when=when, exit=exit_total, grace=grace) if when else None


def _stages(reader: DocumentReader, raw: Any) -> Stages | None:
    if reader.mapping(raw, allowed=frozenset(STAGES)) is None:
        return None
    mql: Condition | None = optional(reader, raw, "mql", lambda value: _condition(reader, value), None)
    sql: Condition | None = optional(reader, raw, "sql", lambda value: _condition(reader, value), None)
    return Stages(mql=mql, sql=sql)


def _exit(reader: DocumentReader, raw: Any) -> Decimal | None:
    if reader.mapping(raw, allowed=frozenset({"total"}), required=("total",)) is None:
        return None
    total: Decimal | None = optional(
        reader, raw, "total", lambda value: reader.number(value, low=Decimal(-100), high=Decimal(200)), None
    )
    return total
