"""Documents that say, one after the other, everything that the rule language can say: nothing is left to chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from itertools import cycle, product
from typing import Any

from tests.engine.random_models import (
    ACTION_LEAVES,
    ANSWER_LEAVES,
    COMPARISONS,
    FIELD_LEAVES,
    LEVELS,
    OBJECT_LEAVES,
    OPTIONS,
    PROPERTY_LEAVES,
    SCORES,
    SEGMENTS,
    SPANS,
    TYPES,
)

Raw = dict[str, Any]
SEGMENT_LEAVES = [leaf for name in SEGMENTS for leaf in ({"segment": name}, {"not": {"segment": name}})]
SCORE_LEAVES = [
    {"score": score, "op": op, "value": value} for score, op, value in product(SCORES, COMPARISONS, (0, 10, 33.33, 70))
]
DECAYS: list[Raw | None] = [
    None,
    {"window": "30d"},
    {"half_life": "14d"},
    {"half_life": "90d", "window": "30d"},
    {"linear": "30d"},
    {"linear": "90d", "window": "36h"},
]
REPEATS = ("every_time", "once", "once_per_object", "once_per_day")


def documents() -> Iterator[Raw]:
    points = cycle((1, 1, -1, 2))
    for leaves in _batched([*FIELD_LEAVES, *ANSWER_LEAVES, *SEGMENT_LEAVES, *_counts()], 150):
        yield _document([{"when": leaf, "points": next(points)} for leaf in leaves])
    for rules in _batched(list(_each_rules()), 100):
        yield _document(rules, hot=[{"when": leaf} for leaf in SCORE_LEAVES[:50]])
    for rules in _batched(list(_answer_rules()), 100):
        yield _document(rules, hot=[{"when": leaf} for leaf in SCORE_LEAVES[:50]])
    yield _nested()
    yield _asking()
    yield from _matrices()
    yield from _stages()
    for leaves in _batched(SCORE_LEAVES, 48):
        yield _groups([{"when": leaf, "grace": "1d"} for leaf in leaves])


def _batched(things: Sequence[Raw], size: int) -> Iterator[list[Raw]]:
    for start in range(0, len(things), size):
        yield list(things[start : start + size])


def _document(rules: list[Raw], hot: Iterable[Raw] = ()) -> Raw:
    return _named([{"dimension": "engagement", "rules": rules}], hot)


def _named(groups: list[Raw], hot: Iterable[Raw] = (), **rest: Any) -> Raw:
    for g, group in enumerate(groups):
        group["name"] = f"group {g}"
        group["rules"] = [rule | {"name": f"rule {g}.{r}"} for r, rule in enumerate(group["rules"])]
    return {"model": "Whole", "groups": groups, "hot": [one | {"name": f"hot {h}"} for h, one in enumerate(hot)]} | rest


def _counts() -> Iterator[Raw]:
    """Counts of every kind of activity, with every comparison, with and without a window and distinct objects."""
    kinds, wheres, spans = cycle((*TYPES, "any")), cycle([*OBJECT_LEAVES, *PROPERTY_LEAVES]), cycle(SPANS)
    for op, value, distinct, within in product(COMPARISONS, range(4), (False, True), (False, True)):
        leaf: Raw = {"activity": next(kinds), "count": {"op": op, "value": value}}
        leaf |= {"distinct": "object"} if distinct else {}
        leaf |= {"within": next(spans)} if within else {}
        yield leaf
        yield leaf | {"where": next(wheres)}
        yield {"not": leaf | {"activity": "any", "where": next(wheres)}}


def _each_rules() -> Iterator[Raw]:
    """Every decay with every repeat policy, limited or not, of either sign."""
    kinds, wheres = cycle((*TYPES, "any")), cycle([None, *OBJECT_LEAVES, *PROPERTY_LEAVES])
    caps, points = cycle((None, 40, 0, 12.5, None)), cycle((20, 33.33, 0.005, 1, 10_000))
    for decay, repeat, at_most, sign in product(DECAYS, REPEATS, (None, 1, 2), (1, -1)):
        where, cap = next(wheres), next(caps)
        rule: Raw = {"each": {"activity": next(kinds)}, "points": sign * next(points), "repeat": repeat}
        rule["each"] |= {"where": where} if where else {}
        rule |= {"decay": decay} if decay else {}
        rule |= {"at_most": at_most} if at_most else {}
        yield rule | ({} if cap is None else {"cap": cap})
    for kind in (*TYPES, "any"):
        yield {"each": {"activity": kind}, "points": 1}
        yield {"each": {"activity": kind, "where": {"any": [OBJECT_LEAVES[0], PROPERTY_LEAVES[0]]}}, "points": 1}


def _answer_rules() -> Iterator[Raw]:
    """Every decay with every cap and without, of either sign, of both, and with an option that gives nothing."""
    names = cycle(sorted(OPTIONS))
    points: Iterator[tuple[float, ...]] = cycle([(20, 33.33), (-20, -0.15), (10_000, -5, 0.005), (0, 40)])
    for decay, cap, _ in product(DECAYS, (None, 0, 5, 12.5, 40), range(4)):
        name = next(names)
        rule: Raw = {"answer": name, "points": dict(zip(OPTIONS[name], next(points), strict=False))}
        yield rule | ({"decay": decay} if decay else {}) | ({} if cap is None else {"cap": cap})
    yield {"answer": "bant.budget", "points": {"approved": 7}, "disabled": True}


def _matrices() -> Iterator[Raw]:
    """Every pair of levels, with shipped and own cells; every action alone, with others, and denied."""
    own = [{"engagement": "middle", "qualification": "low", "action": "wait"}]
    denied = [{"not": leaf} for leaf in ACTION_LEAVES]
    for number, (engagement, qualification) in enumerate(product(LEVELS, LEVELS)):
        leaves = [*ACTION_LEAVES, *denied][number % 2 :: 2]
        groups: list[Raw] = [
            {"dimension": "engagement", "rules": [{"each": {"activity": "any"}, "points": 15}]},
            {"dimension": "qualification", "rules": _graded_answers()},
        ]
        matrix = {"engagement": engagement, "qualification": qualification} | ({"actions": own} if number % 3 else {})
        yield _named(groups, [{"when": leaf} for leaf in leaves], matrix=matrix)
    yield _named([], [{"when": {"action": ["hand_over"]}}], matrix={})


def _stages() -> Iterator[Raw]:
    """An MQL and an SQL by every comparison of every score, alone and together; under each other, and by the matrix."""
    fading: Raw = {"each": {"activity": "any"}, "points": 15, "decay": {"half_life": "30d"}}
    groups: list[Raw] = [
        {"dimension": "engagement", "rules": [fading]},
        {"dimension": "qualification", "rules": _graded_answers()},
    ]
    young = {"activity": "any", "within": "14d", "count": {"op": ">=", "value": 2}}
    parts: list[Raw] = [
        {"field": "planned_on", "op": "within_next", "value": "30d"},
        {"answer": "bant.authority", "op": "known", "within": "30d"},
        {"segment": "big"},
        young,
    ]
    audience = {"not": {"field": "country", "op": "=", "value": "a%b_c"}}
    for sql, mql in zip(SCORE_LEAVES[::4], SCORE_LEAVES[1::4], strict=True):
        yield _named(deepcopy(groups), stages={"mql": mql, "sql": sql})
    for node in (*parts, {"not": parts[0]}, {"any": [parts[0], {"not": {"all": parts}}]}, {"all": parts[:2]}):
        yield _named(deepcopy(groups), stages={"mql": node}, audience=audience)
        yield _named(deepcopy(groups), stages={"sql": node})
    for leaf in ACTION_LEAVES[::4]:
        yield _named(deepcopy(groups), stages={"mql": leaf, "sql": {"all": [{"not": leaf}, young]}}, matrix={})


def _graded_answers() -> list[Raw]:
    return [
        {"answer": name, "points": dict(zip(options, (33, 3, 1), strict=False)), "decay": {"half_life": "30d"}}
        for name, options in OPTIONS.items()
    ]


def _nested() -> Raw:
    """Conditions under each other, in a rule, an audience and a hot definition; rules that are put aside."""
    leaves: list[Raw] = [
        {"field": "title_level", "op": ">=", "value": "lead"},
        {"activity": "page_view", "within": "30d"},
        {"answer": "bant.authority", "op": "=", "value": "decides", "within": "30d"},
        {"segment": "big"},
    ]
    parts = [{"all": leaves[:2]}, {"any": leaves[2:]}, {"not": {"all": leaves}}, {"not": {"any": leaves}}, *leaves]
    rules: list[Raw] = [{"when": {"any": [part, {"not": part}]}, "points": 1, "cap": 0.5} for part in parts]
    rules += [{"when": part, "points": 7, "disabled": True} for part in parts]
    rules += [{"each": {"activity": "any"}, "points": 7, "disabled": True}]
    total = {"score": "total", "op": ">=", "value": 2}
    hot: list[Raw] = [
        {"when": total},
        {"when": total, "exit": {"total": 1}},
        {"when": {"any": [total, *parts]}},
        {"when": {"all": parts}, "exit": {"total": 3}},
    ]
    audience = {"any": parts[2:]}
    bands = {"hot": 7, "warm": 2}
    return _named([{"dimension": "fit", "rules": rules}], hot, audience=audience, timezone="Pacific/Kiritimati") | {
        "bands": bands,
        "grades": {"fit": {"A": 5, "B": 1}, "engagement": {"1": 1, "2": 0}},
    }


def _asking() -> Raw:
    """Definitions by which whoever rests after a hand-off asks again: alone, together, denied, by segment, by count."""
    leaves: list[Raw] = [
        {"activity": kind} | ({"within": "30d"} if number % 2 else {}) for number, kind in enumerate((*TYPES, "any"))
    ]
    views = {"activity": "page_view", "where": OBJECT_LEAVES[0]}
    wholes: list[Raw] = [
        {"any": leaves},
        {"all": leaves[:2]},
        {"all": [leaves[0], {"not": leaves[1]}]},
        {"any": [{"not": views}, views | {"distinct": "object", "count": {"op": ">", "value": 1}}]},
        {"any": [views | {"count": {"op": "<", "value": 9}}, {"segment": "big"}]},
        {"field": "consent", "op": "=", "value": True},
    ]
    hot = [{"when": when, "again": True, "customers": number % 2 == 0} for number, when in enumerate(wholes + leaves)]
    return _named([{"dimension": "fit", "rules": []}], [*hot, {"when": {"any": leaves}, "again": False}])


def _groups(hot: list[Raw]) -> Raw:
    """Groups with every combination of bounds and inactivity, in every dimension."""
    groups = []
    bounds = product(({}, {"min": 3}, {"min": -20}), ({}, {"max": 10}), (False, True))
    for (low, high, quiet), dimension in zip(bounds, cycle(SCORES[1:]), strict=False):
        rules = [
            {"each": {"activity": kind}, "points": sign * 5, "decay": {"half_life": "30d"}}
            for kind, sign in zip(TYPES, (1, 1, -1, 1, -1), strict=True)
        ]
        inactivity = {"inactivity": {"after": "36h", "half_life": "14d"}} if quiet else {}
        groups.append({"dimension": dimension, "rules": rules} | low | high | inactivity)
    return _named(groups, hot)
