"""Reads a whole document: groups of rules, hot definitions, bands and grades."""

# A refusal ends its reader: `return reader.refuse(...)` notes the problem and gives None in one line.
# mypy: disable-error-code="func-returns-value"

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar
from zoneinfo import available_timezones

from scoring.engine import limits
from scoring.engine.nodes import (
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
    leaves,
)
from scoring.engine.parse.conditions import read_condition, read_stream
from scoring.engine.parse.reader import Reader
from scoring.engine.problems import Problem

T = TypeVar("T")
ZERO = Decimal(0)
DOCUMENT = frozenset({"model", "timezone", "audience", "bands", "grades", "groups", "hot"})
GROUP = frozenset({"name", "dimension", "min", "max", "inactivity", "rules"})
FOR_EACH = ("repeat", "at_most", "decay")
RULE = frozenset({"name", "points", "each", "when", "cap", "disabled", "hypothesis", "owner", "review_on", *FOR_EACH})
HOT = frozenset({"name", "when", "exit", "grace"})


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """The document, or None together with every reason."""

    document: Document | None
    problems: tuple[Problem, ...]


def parse(raw: Any) -> Parsed:
    """Read a loaded YAML or JSON document. Never raises on bad input."""
    reader = Reader()
    document = _document(reader, raw)
    return Parsed(document=None if reader.problems else document, problems=tuple(reader.problems))


def parse_condition(raw: Any) -> tuple[Condition | None, tuple[Problem, ...]]:
    """Read one condition by itself: a segment, a gate, a routing rule."""
    reader = Reader()
    condition = _condition(reader, raw)
    return (None if reader.problems else condition), tuple(reader.problems)


def _optional(reader: Reader, raw: Any, key: str, read: Callable[[Any], T | None], default: T) -> T:
    """Read `raw[key]` at its own path when it is there."""
    if key not in raw:
        return default
    with reader.at(key):
        value = read(raw[key])
    return default if value is None else value


def _members(
    reader: Reader, raw: Any, key: str, read: Callable[[Reader, Any], T | None], *, at_most: int
) -> tuple[T, ...]:
    if key not in raw:
        return ()
    with reader.at(key):
        found = [read(reader, member) for member in reader.items(raw[key], at_most=at_most)]
        _refuse_twins(reader, raw[key])
    return tuple(member for member in found if member is not None)


def _refuse_twins(reader: Reader, members: Any) -> None:
    """Names are how people and explanations point at things, so they are unique in their list."""
    if not isinstance(members, list | tuple):
        return
    names = [m.get("name") if isinstance(m, dict) and isinstance(m.get("name"), str) else None for m in members]
    seen = Counter(name for name in names if name)
    for index, name in enumerate(names):
        if name and seen[name] > 1 and names.index(name) != index:
            with reader.at(index), reader.at("name"):
                reader.refuse("duplicate_name", name=name[: limits.MAX_NAME])


def _name(reader: Reader, raw: Any, key: str = "name") -> str:
    return _optional(reader, raw, key, reader.text, "")


def _condition(reader: Reader, raw: Any) -> Condition | None:
    condition = read_condition(reader, raw)
    count = sum(1 for _ in leaves(condition))
    return (
        reader.refuse("too_many_leaves", limit=limits.MAX_LEAVES, count=count)
        if count > limits.MAX_LEAVES
        else condition
    )


def _points(reader: Reader, raw: Any) -> Decimal | None:
    return reader.number(raw, low=-limits.MAX_POINTS, high=limits.MAX_POINTS)


def _bound(reader: Reader, raw: Any) -> Decimal | None:
    return reader.number(raw, low=-limits.MAX_BOUND, high=limits.MAX_BOUND)


def _positive(reader: Reader, raw: Any) -> Decimal | None:
    return reader.number(raw, low=ZERO, high=limits.MAX_BOUND)


def _document(reader: Reader, raw: Any) -> Document | None:
    if reader.mapping(raw, allowed=DOCUMENT, required=("model",)) is None:
        return None
    document = Document(
        model=_name(reader, raw, "model"),
        timezone=_optional(reader, raw, "timezone", lambda value: _timezone(reader, value), "Asia/Tokyo"),
        audience=_optional(reader, raw, "audience", lambda value: _condition(reader, value), None),
        bands=_optional(reader, raw, "bands", lambda value: _bands(reader, value), Bands()),
        grades=_optional(reader, raw, "grades", lambda value: _grades(reader, value), Grades()),
        groups=_members(reader, raw, "groups", _group, at_most=limits.MAX_GROUPS),
        hot=_members(reader, raw, "hot", _hot, at_most=limits.MAX_HOT),
    )
    if len(document.rules) > limits.MAX_RULES:
        with reader.at("groups"):
            reader.refuse("too_many_rules", limit=limits.MAX_RULES, count=len(document.rules))
    return document


def _timezone(reader: Reader, raw: Any) -> str | None:
    name = reader.text(raw)
    return name if name is None or name in _zones() else reader.refuse("unknown_timezone")


@cache
def _zones() -> frozenset[str]:
    """Reading the zone database walks a directory tree; once is enough."""
    return frozenset(available_timezones())


def _group(reader: Reader, raw: Any) -> Group | None:
    if reader.mapping(raw, allowed=GROUP, required=("name", "dimension")) is None:
        return None
    low: Decimal | None = _optional(reader, raw, "min", lambda value: _bound(reader, value), None)
    high: Decimal | None = _optional(reader, raw, "max", lambda value: _bound(reader, value), None)
    if low is not None and high is not None and low > high:
        with reader.at("min"):
            reader.refuse("min_above_max")
    return Group(
        name=_name(reader, raw),
        dimension=_optional(reader, raw, "dimension", lambda value: reader.choice(value, Dimension), Dimension.FIT),
        min=low,
        max=high,
        inactivity=_optional(reader, raw, "inactivity", lambda value: _inactivity(reader, value), None),
        rules=_members(reader, raw, "rules", _rule, at_most=limits.MAX_RULES),
    )


def _inactivity(reader: Reader, raw: Any) -> Inactivity | None:
    keys = ("after", "half_life")
    if reader.mapping(raw, allowed=frozenset(keys), required=keys) is None:
        return None
    after, half_life = (_optional(reader, raw, key, reader.duration, None) for key in keys)
    return Inactivity(after=after, half_life=half_life) if after and half_life else None


def _rule(reader: Reader, raw: Any) -> Rule | None:
    if reader.mapping(raw, allowed=RULE, required=("name", "points")) is None:
        return None
    if ("each" in raw) == ("when" in raw):
        reader.refuse("each_or_when")
    for key in FOR_EACH:
        if key in raw and "each" not in raw:
            with reader.at(key):
                reader.refuse("only_with_each")
    whole = lambda value: reader.whole(value, low=1, high=limits.MAX_AT_MOST)  # noqa: E731 - reads better in line
    note = lambda value: reader.text(value, at_most=limits.MAX_NOTE, empty=True)  # noqa: E731
    review_on: date | None = _optional(reader, raw, "review_on", reader.day, None)
    return Rule(
        name=_name(reader, raw),
        points=_optional(reader, raw, "points", lambda value: _points(reader, value), ZERO),
        each=_optional(reader, raw, "each", lambda value: _each(reader, value), None),
        when=_optional(reader, raw, "when", lambda value: _condition(reader, value), None),
        repeat=_optional(reader, raw, "repeat", lambda value: reader.choice(value, Repeat), Repeat.EVERY_TIME),
        at_most=_optional(reader, raw, "at_most", whole, None),
        cap=_optional(reader, raw, "cap", lambda value: _positive(reader, value), None),
        decay=_optional(reader, raw, "decay", lambda value: _decay(reader, value), None),
        disabled=_optional(reader, raw, "disabled", reader.flag, False),
        hypothesis=_optional(reader, raw, "hypothesis", note, ""),
        owner=_optional(reader, raw, "owner", note, ""),
        review_on=review_on,
    )


def _each(reader: Reader, raw: Any) -> Each | None:
    if reader.mapping(raw, allowed=frozenset({"activity", "where"}), required=("activity",)) is None:
        return None
    activity, where = read_stream(reader, raw) if "activity" in raw else (None, None)
    return Each(activity=activity, where=where) if activity else None


def _decay(reader: Reader, raw: Any) -> Decay | None:
    if reader.mapping(raw, allowed=frozenset({"half_life", "linear", "window"})) is None:
        return None
    if not raw:
        return reader.refuse("empty_decay")
    if "half_life" in raw and "linear" in raw:
        reader.refuse("two_decays")
    half_life, linear, window = (
        _optional(reader, raw, key, reader.duration, None) for key in ("half_life", "linear", "window")
    )
    return Decay(half_life=half_life, linear=linear, window=window)


def _hot(reader: Reader, raw: Any) -> HotDefinition | None:
    if reader.mapping(raw, allowed=HOT, required=("name", "when")) is None:
        return None
    when: Condition | None = _optional(reader, raw, "when", lambda value: _condition(reader, value), None)
    exit_total: Decimal | None = _optional(reader, raw, "exit", lambda value: _exit(reader, value), None)
    grace: Duration | None = _optional(reader, raw, "grace", reader.duration, None)
    name = _name(reader, raw)
    return HotDefinition(name=name, when=when, exit=exit_total, grace=grace) if when else None


def _exit(reader: Reader, raw: Any) -> Decimal | None:
    if reader.mapping(raw, allowed=frozenset({"total"}), required=("total",)) is None:
        return None
    total: Decimal | None = _optional(
        reader, raw, "total", lambda value: reader.number(value, low=Decimal(-100), high=Decimal(200)), None
    )
    return total


def _thresholds(
    reader: Reader, raw: Any, upper: str, lower: str, defaults: tuple[Decimal, Decimal]
) -> tuple[Decimal, Decimal] | None:
    """Two falling thresholds; either may be left to its default."""
    if isinstance(raw, dict):  # YAML reads a bare 1 as a number
        raw = {str(key) if isinstance(key, int) else key: value for key, value in raw.items()}
    if reader.mapping(raw, allowed=frozenset({upper, lower})) is None:
        return None
    hundred = Decimal(100)
    read = lambda value: reader.number(value, low=ZERO, high=hundred)  # noqa: E731
    high, low = _optional(reader, raw, upper, read, defaults[0]), _optional(reader, raw, lower, read, defaults[1])
    return (high, low) if low <= high else reader.refuse("thresholds_rise", upper=upper, lower=lower)


def _bands(reader: Reader, raw: Any) -> Bands | None:
    pair = _thresholds(reader, raw, "hot", "warm", (Bands().hot, Bands().warm))
    return pair and Bands(hot=pair[0], warm=pair[1])


def _grades(reader: Reader, raw: Any) -> Grades | None:
    if reader.mapping(raw, allowed=frozenset({"fit", "engagement"})) is None:
        return None
    plain = Grades()
    a, b = _optional(
        reader, raw, "fit", lambda value: _thresholds(reader, value, "A", "B", (plain.a, plain.b)), (plain.a, plain.b)
    )
    numbers = (plain.one, plain.two)
    one, two = _optional(
        reader, raw, "engagement", lambda value: _thresholds(reader, value, "1", "2", numbers), numbers
    )
    return Grades(a=a, b=b, one=one, two=two)
