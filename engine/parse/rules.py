"""Reads rules: what they give points for, how often, and how the points fade."""

# A refusal ends its reader: `return reader.refuse(...)` notes the problem and gives None in one line.
# mypy: disable-error-code="func-returns-value"

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine import limits
from engine.nodes import AnswerPoints, Decay, Each, Repeat, Rule
from engine.parse.conditions import read_limited_condition, read_stream
from engine.parse.reader import DocumentReader
from engine.parse.thresholds import optional

ZERO = Decimal(0)
FORMS = ("each", "when", "answer")
FOR_EACH, FADING = ("repeat", "at_most"), ("decay",)
RULE = frozenset({"name", "points", "cap", "disabled", "hypothesis", "owner", "review_on", *FORMS, *FOR_EACH, *FADING})
BARE_WORDS = {True: "yes", False: "no"}
"""YAML reads a bare `yes` as true; as the name of an option it is meant as written."""


def read_rule(reader: DocumentReader, raw: Any) -> Rule | None:
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
        name=optional(reader, raw, "name", reader.text, ""),
        points=ZERO if "answer" in raw else optional(reader, raw, "points", lambda value: _points(reader, value), ZERO),
        each=optional(reader, raw, "each", lambda value: read_each(reader, value), None),
        when=optional(reader, raw, "when", lambda value: read_limited_condition(reader, value), None),
        answer=read_answer_points(reader, raw) if "answer" in raw else None,
        repeat=optional(reader, raw, "repeat", lambda value: reader.choice(value, Repeat), Repeat.EVERY_TIME),
        at_most=optional(reader, raw, "at_most", whole, None),
        cap=optional(reader, raw, "cap", lambda value: reader.number(value, low=ZERO, high=limits.MAX_BOUND), None),
        decay=optional(reader, raw, "decay", lambda value: read_decay(reader, value), None),
        disabled=optional(reader, raw, "disabled", reader.flag, False),
        hypothesis=optional(reader, raw, "hypothesis", note, ""),
        owner=optional(reader, raw, "owner", note, ""),
        review_on=review_on,
    )


def read_each(reader: DocumentReader, raw: Any) -> Each | None:
    if reader.mapping(raw, allowed=frozenset({"activity", "where"}), required=("activity",)) is None:
        return None
    activity, where = read_stream(reader, raw) if "activity" in raw else (None, None)
    return Each(activity=activity, where=where) if activity else None


def read_answer_points(reader: DocumentReader, raw: Any) -> AnswerPoints | None:
    """The criterion stands under `answer`, and what its options give under `points`."""
    with reader.at("answer"):
        criterion = reader.text(raw["answer"])
    with reader.at("points"):
        given = read_option_points(reader, raw["points"]) if "points" in raw else ()
    return AnswerPoints(criterion=criterion, points=given) if criterion else None


def read_option_points(reader: DocumentReader, raw: Any) -> tuple[tuple[str, Decimal], ...]:
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


def read_decay(reader: DocumentReader, raw: Any) -> Decay | None:
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


def _points(reader: DocumentReader, raw: Any) -> Decimal | None:
    return reader.number(raw, low=-limits.MAX_POINTS, high=limits.MAX_POINTS)
