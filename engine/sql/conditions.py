"""A condition as a boolean over a lead's facts, and the instants at which time alone could change it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import cast

from psycopg.sql import SQL, Composable

from engine.catalog import CatalogCriterion, FieldType
from engine.matrix import Matrix
from engine.matrix_conditions import action_condition
from engine.nodes import (
    SPANS,
    ActionLeaf,
    ActivityLeaf,
    AllOf,
    AnswerLeaf,
    AnyOf,
    Condition,
    Duration,
    FieldLeaf,
    Leaf,
    Not,
    Op,
    Repeat,
    ScoreLeaf,
    SegmentLeaf,
    hundredths,
    leaves,
)
from engine.sql.activities import ActivityPasses
from engine.sql.aggregates import COUNT, FIRST, NEXT, ActivitySet
from engine.sql.attributes import LeadAttributes
from engine.sql.comparisons import Comparisons
from engine.sql.context import StatementContext
from engine.sql.evaluation_time import TICK
from engine.sql.fragments import FALSE, Parameters, compose, conjunction


def span(parameters: Parameters, length: timedelta) -> Composable:
    """An interval of elapsed time: seconds, never calendar days, so that no time zone can stretch it."""
    microseconds = length // timedelta(microseconds=1)
    return parameters(f"{microseconds} microseconds", "interval")


class ConditionCompiler:
    """Compiles conditions; collects the facts that they ask for on the way."""

    def __init__(
        self,
        context: StatementContext,
        activities: ActivityPasses,
        attributes: LeadAttributes,
        matrix: Matrix | None = None,
    ) -> None:
        self.context, self.catalog, self.activities, self.attributes = context, context.catalog, activities, attributes
        self.matrix = matrix or Matrix()
        self.parameters, self.time = context.parameters, context.time
        self.comparisons = Comparisons(context)

    def test(self, node: Condition) -> Composable:
        """A boolean over a lead and its facts; NULL counts as false."""
        match node:
            case AllOf(parts=parts):
                return compose("({})", SQL(" AND ").join([self.test(part) for part in parts]))
            case AnyOf(parts=parts):
                return compose("({})", SQL(" OR ").join([self.test(part) for part in parts])) if parts else FALSE
            case Not(part=part):
                return compose("(NOT {})", self.test(part))
            case SegmentLeaf(segment=name):
                return self.test(self.catalog.segments[name])
            case ActionLeaf():
                return self.test(action_condition(node, self.matrix))
            case FieldLeaf(field=code, op=op, value=value):
                field = self.catalog.fields[code]
                return self.comparisons.compare(self.attributes.field(field), field.type, op, value, field.choices)
            case AnswerLeaf(answer=code, op=op, value=value, within=within):
                criterion = self.catalog.criteria[code]
                answer = self._answer(criterion, within)
                return self.comparisons.compare(answer, FieldType.CHOICE, op, value, criterion.options)
            case ActivityLeaf(count=count):
                found = self._instants(node).ask(COUNT, since=self.since(node.within))
                return self.comparisons.sign(found, count.op, count.value, "bigint")
            case ScoreLeaf(score=score, op=op, value=points):
                return self.comparisons.sign(SCORE_COLUMNS[score], op, hundredths(points), "bigint")

    def after_scores(self, node: Condition, tests: list[Composable]) -> Composable:
        """The same once scores are known: parts without scores are tested among the facts, and only looked up here."""
        if not any(isinstance(leaf, ScoreLeaf) for leaf in self.written_out(node)):
            tests.append(self.test(node))
            return self.context.layout.place("test", len(tests))
        match node:
            case AllOf(parts=parts):
                return compose("({})", SQL(" AND ").join([self.after_scores(part, tests) for part in parts]))
            case AnyOf(parts=parts):
                return compose("({})", SQL(" OR ").join([self.after_scores(part, tests) for part in parts]))
            case Not(part=part):
                return compose("(NOT {})", self.after_scores(part, tests))
            case SegmentLeaf(segment=name):
                return self.after_scores(self.catalog.segments[name], tests)
            case _:
                return self.test(node)

    def _answer(self, criterion: CatalogCriterion, within: Duration | None) -> Composable:
        """The option of the newest answer; an older one than `within` is unknown."""
        option, since = self.attributes.answers.option(criterion), self.since(within)
        if since is None:
            return option
        return compose("CASE WHEN {} >= {} THEN {} END", self.attributes.answers.instant(criterion), since, option)

    def written_out(self, node: Condition | None) -> Iterator[Leaf]:
        """All leaves, those of segments in the segment's place, and the scores that an action means in its."""
        for leaf in leaves(node):
            match leaf:
                case SegmentLeaf(segment=name):
                    yield from self.written_out(self.catalog.segments[name])
                case ActionLeaf():
                    yield from leaves(action_condition(leaf, self.matrix))
                case _:
                    yield leaf

    def asking(self, node: Condition) -> Iterator[ActivityLeaf]:
        """The activity leaves that speak for a condition: the more they count, the sooner it holds."""
        match node:
            case AllOf(parts=parts) | AnyOf(parts=parts):
                for part in parts:
                    yield from self.asking(part)
            case SegmentLeaf(segment=name):
                yield from self.asking(self.catalog.segments[name])
            case ActivityLeaf(count=count) if count.op not in (Op.LT, Op.LE):
                yield node
            case _:
                return

    def counted(self, node: Condition) -> Composable:
        """A test on a row of activities: one of the leaves that speak for the condition counts it."""
        tests = []
        for leaf in self.asking(node):
            since = self.since(leaf.within)
            young = None if since is None else compose("occurred_at >= {}", since)
            tests.append(conjunction([self.activities.match(leaf.activity, leaf.where), young]))
        return compose("({})", SQL(" OR ").join(tests)) if tests else FALSE

    # --- time

    def changes(self, leaf: Leaf, *, shared: bool = True) -> Composable | None:
        """The first instant after t at which the leaf could turn if nothing but time happens; None if it cannot.

        When `shared`, it may be that of another leaf of the document: enough for the next change of anything.
        """
        match leaf:
            case ActivityLeaf(within=Duration() as within):
                length, instants = span(self.parameters, within.delta + TICK), self._instants(leaf)
                if shared:
                    return instants.share(NEXT, lambda at: compose("{} + {}", at, length), self.since(within)).value
                return instants.ask(FIRST, lambda at: compose("{} + {}", at, length), self.since(within))
            case AnswerLeaf(answer=code, within=Duration() as within):
                at = self.attributes.answers.instant(self.catalog.criteria[code])
                return self._first_ahead(at, at, timedelta(), within.delta + TICK)
            case FieldLeaf(field=code, op=op, value=Duration() as length) if (
                op in SPANS and code in self.catalog.fields
            ):
                field = self.catalog.fields[code]
                ahead, back = (length.delta, timedelta()) if op is Op.WITHIN_NEXT else (timedelta(), length.delta)
                if field.type is FieldType.DATE:
                    return self._day_borders(self.attributes.field(field), ahead, back)
                return self._first_ahead(self.attributes.field(field), self.attributes.field(field), ahead, back + TICK)
            case _:
                return None

    def _instants(self, leaf: ActivityLeaf) -> ActivitySet:
        repeat = Repeat.ONCE_PER_OBJECT if leaf.distinct else Repeat.EVERY_TIME
        return self.activities.kept(leaf.activity, leaf.where, repeat)

    def since(self, within: Duration | None) -> Composable | None:
        """From when on something is young enough; None without a limit."""
        return None if within is None else self.parameters(self.time.t - within.delta, "timestamptz")

    def _day_borders(self, day: Composable, ahead: timedelta, back: timedelta) -> Composable:
        """A day belongs to the span from its first instant (less `ahead`) until its last (plus `back`).

        Days are compared as the test itself does; only the border that lies ahead is made an instant, which is slow.
        """
        last, first = self.time.day(ahead), self.time.day(-back)
        return compose(
            "CASE WHEN {day} > {last} THEN {enter} WHEN {day} >= {first} THEN {leave} END",
            day=day,
            last=self.parameters(last, "date"),
            first=self.parameters(first, "date"),
            enter=compose("({} - {})", self._beginning(day), span(self.parameters, ahead)),
            leave=compose("({} + {})", self._beginning(compose("({} + 1)", day)), span(self.parameters, back)),
        )

    def _beginning(self, day: Composable) -> Composable:
        """One hour after 23:00 of the day before: right also where clocks jump over midnight or repeat it."""
        zone = self.parameters(self.time.zone, "text")
        return compose("((({}::timestamp - interval '1 hour') AT TIME ZONE {}) + interval '1 hour')", day, zone)

    def _first_ahead(self, start: Composable, end: Composable, ahead: timedelta, back: timedelta) -> Composable:
        return compose(
            "CASE WHEN {enter} > {t} THEN {enter} WHEN {leave} > {t} THEN {leave} END",
            enter=compose("({} - {})", start, span(self.parameters, ahead)),
            leave=compose("({} + {})", end, span(self.parameters, back)),
            t=self.parameters(self.time.t, "timestamptz"),
        )


SCORE_COLUMNS = {name: cast("Composable", SQL(name)) for name in ("total", "fit", "engagement", "qualification")}
