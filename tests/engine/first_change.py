"""When a score first looks different if nothing but time happens, by looking and bisecting: never by reasoning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from engine import nodes
from tests.engine.oracle import Oracle, Person

TICK = timedelta(microseconds=1)
LOOKS = 12
"""Looks between now and the end, besides those at the borders."""


def first_change(oracle: Oracle, person: Person, *, before: datetime) -> datetime | None:
    """The first instant after the oracle's own, and before `before`, at which the person looks different from now.

    Exact to the microsecond for the earliest difference among the looks: at every instant that a duration of the
    document could make a border, and evenly between.
    """
    now = oracle.opinion(person).visible
    same = oracle.t
    for instant in _looks(oracle, person, before):
        if oracle.at(instant).opinion(person).visible != now:
            return _bisected(oracle, person, now, same, instant)
        same = instant
    return None


def _bisected(oracle: Oracle, person: Person, now: tuple[Any, ...], same: datetime, other: datetime) -> datetime:
    while other - same > TICK:
        middle = same + (other - same) // 2
        if oracle.at(middle).opinion(person).visible == now:
            same = middle
        else:
            other = middle
    return other


def _looks(oracle: Oracle, person: Person, before: datetime) -> list[datetime]:
    last = before - TICK
    even = (oracle.t + (last - oracle.t) * (step / LOOKS) ** 2 for step in range(1, LOOKS + 1))
    found = {*even, *_borders(oracle, person)}
    return sorted(instant for instant in found if oracle.t < instant <= last)


def _borders(oracle: Oracle, person: Person) -> Iterator[datetime]:
    durations = [timedelta(), *_durations(oracle)]
    for instant in _instants(oracle, person):
        for duration in durations:
            yield from (instant + duration, instant + duration + TICK, instant - duration, instant - duration + TICK)


def _instants(oracle: Oracle, person: Person) -> Iterator[datetime]:
    yield from (act.occurred_at for act in person.activities)
    yield from (answer.answered_at for answer in person.answers)
    for adjustment in person.adjustments:
        yield adjustment.starts_at
        if adjustment.until is not None:
            yield adjustment.until
    for value in person.attributes.values():
        if isinstance(value, datetime):
            yield value
        elif isinstance(value, date):
            for day in (value, value + timedelta(days=1)):
                yield datetime.combine(day, time(), oracle.zone).astimezone(oracle.t.tzinfo)


def _durations(oracle: Oracle) -> set[timedelta]:
    """Every length of time that the document or a segment names."""
    document = oracle.document
    whens = [rule.when for rule in document.rules] + [hot.when for hot in document.hot]
    whens += [document.stages.mql, document.stages.sql]
    conditions = [document.audience, *whens, *oracle.segments.values()]
    leaves = [leaf for condition in conditions for leaf in nodes.leaves(condition)]
    named: list[Any] = [leaf.within for leaf in leaves if isinstance(leaf, nodes.ActivityLeaf | nodes.AnswerLeaf)]
    named += [leaf.value for leaf in leaves if isinstance(leaf, nodes.FieldLeaf)]
    decays = [rule.decay for rule in document.rules if rule.decay]
    named += [length for decay in decays for length in (decay.window, decay.linear, decay.half_life)]
    named += [group.inactivity.after for group in document.groups if group.inactivity]
    return {length.delta for length in named if isinstance(length, nodes.Duration)}
