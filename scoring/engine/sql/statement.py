"""The one statement: facts, points, groups, totals, verdicts and the next change; one row per lead in scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from psycopg.sql import SQL, Composable

from scoring.engine.catalog import Catalog
from scoring.engine.nodes import (
    ActivityLeaf,
    Condition,
    Document,
    HotDefinition,
    Op,
    Repeat,
    Rule,
    ScoreLeaf,
    hundredths,
)
from scoring.engine.sql import horizon, totals
from scoring.engine.sql.activities import Activities
from scoring.engine.sql.attributes import Attributes
from scoring.engine.sql.conditions import Conditions, span
from scoring.engine.sql.fragments import TRUE, Parameters, array, commas, extreme, ours, say
from scoring.engine.sql.layers import FENCE, Layers
from scoring.engine.sql.moment import TICK, Moment
from scoring.engine.sql.rules import Rules
from scoring.engine.sql.sources import Sources


class Row(NamedTuple):
    """The columns of the result, one row a lead. Points are hundredths; arrays follow the order of the version."""

    lead_id: int
    points: list[int]
    """One a rule, after the rule's cap (integer[]): what is stored as contributions."""
    uncapped: list[int]
    """One a rule, before its cap."""
    group_uncapped: list[int]
    """One a group: the sum of its rules."""
    group_bounded: list[int]
    """One a group: that sum within the group's bounds."""
    group_points: list[int]
    """One a group: after inactivity, what counts."""
    fit: int
    engagement: int
    qualification: int
    adjustments: int
    total_raw: int
    """Groups and adjustments, before 0 and 100 bound them."""
    total: int
    """0 to 10,000, like the three dimensions."""
    band: str
    grade: str
    inside: bool
    """The lead belongs to the model's audience; outside, everything is 0 and nothing hot."""
    hot: list[bool]
    """One a hot definition: its condition holds."""
    holds: list[bool]
    """One a hot definition: a lead that is hot stays so."""
    matches: list[bool]
    """One for each extra condition passed to `compile_document`."""
    turns: list[datetime | None]
    """One for each extra condition: it keeps its verdict until then at least; None for ever."""
    next_change_at: datetime | None
    """Nothing visible changes before, if nothing but time happens; None for never."""


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """A SELECT and its parameters. Embed it as `FROM (...) AS scored`, or run it as it is."""

    query: Composable
    parameters: dict[str, Any]

    @property
    def sql(self) -> str:
        """The text with named placeholders (`%(p0)s`), for any cursor of psycopg or Django."""
        return self.query.as_string(None)


def compile_document(
    document: Document,
    catalog: Catalog,
    *,
    sources: Sources,
    t: datetime,
    conditions: Sequence[Condition] = (),
    next_change: bool = True,
) -> Compiled:
    """The statement that scores the leads of `sources.scope` at `t`. The document has passed `check`.

    `conditions` are further ones to decide for each lead (segments, gates). Without `next_change`, its column is NULL
    and the statement cheaper: previews and back-tests need no horizon.
    """
    return Compiler(document, catalog, sources=sources, t=t, conditions=conditions).statement(next_change=next_change)


class Compiler:
    """Collects what every part of the document asks for, then says the whole."""

    def __init__(
        self,
        document: Document,
        catalog: Catalog,
        *,
        sources: Sources,
        t: datetime,
        conditions: Sequence[Condition] = (),
    ) -> None:
        self.document, self.sources, self.extra = document, sources, tuple(conditions)
        self.parameters = Parameters()
        self.parameters.adopt(sources.parameters())
        self.moment = Moment(t=t, zone=document.timezone)
        self.t = self.parameters(t, "timestamptz")
        tools: dict[str, Any] = {"parameters": self.parameters, "moment": self.moment}
        self.activities = Activities(catalog=catalog, sources=sources, **tools)
        self.attributes = Attributes(sources=sources, **tools)
        self.conditions = Conditions(catalog=catalog, activities=self.activities, attributes=self.attributes, **tools)
        self.rules = Rules(activities=self.activities, conditions=self.conditions, **tools)
        self.groups = totals.places(document)
        self.parts = [
            self.rules.parts(rule, totals.item("uncapped", index)) for index, rule in enumerate(document.rules, start=1)
        ]

    def statement(self, *, next_change: bool) -> Compiled:
        """The whole, from the facts to the columns of `Row`."""
        steps = [*self._points(), *self._totals(), self._verdicts()]
        if next_change:
            steps += self._horizon()
        else:
            steps.append([("next_change_at", SQL("NULL::timestamptz"))])
        layers = Layers()
        self._facts(layers)
        for number, columns in enumerate(steps):
            layers.extend(f"step{number}", columns)
        query = layers.select(commas([ours(name) for name in Row._fields]))
        return Compiled(query=query, parameters=self.parameters.values)

    # --- evidence

    def evidence(self, rule: Rule) -> Compiled:
        """The activities that an `each` rule keeps, newest first: type_id, object, occurred_at and points."""
        assert rule.each is not None
        return self._kept(rule.each.activity, rule.each.where, rule.repeat, rule.at_most, self.rules.evidence(rule))

    def occasions(self, leaf: ActivityLeaf) -> Compiled:
        """The activities that an activity leaf counts, whatever its window, newest first; points are 0."""
        repeat = Repeat.ONCE_PER_OBJECT if leaf.distinct else Repeat.EVERY_TIME
        return self._kept(leaf.activity, leaf.where, repeat, None, SQL("0"))

    def _kept(
        self, activity: str, where: Condition | None, repeat: Repeat, at_most: int | None, points: Composable
    ) -> Compiled:
        kinds: dict[Repeat, Composable] = {Repeat.EVERY_TIME: SQL("id"), Repeat.ONCE: SQL("true")}
        query = say(
            "SELECT type_id, object, occurred_at, points"
            " FROM (SELECT id, type_id, object, occurred_at, {points} AS points,"
            " row_number() OVER (PARTITION BY {kind} ORDER BY occurred_at DESC, id DESC) AS place FROM {rows}) AS kept"
            " WHERE place = 1 ORDER BY occurred_at DESC, id DESC LIMIT {limit}",
            points=points,
            kind=kinds[repeat] if repeat in kinds else self.activities.unit(repeat),
            rows=self.activities.past(self.activities.match(activity, where)),
            limit=SQL("ALL") if at_most is None else ours(str(at_most)),
        )
        return Compiled(query=query, parameters=self.parameters.values)

    # --- facts

    def _facts(self, layers: Layers) -> None:
        scope = self.sources.scope
        if scope.chosen is not None:
            layers.add("scope (id)", SQL(scope.chosen), materialized=True)
        passes = [*self.activities.ctes(), *self.attributes.ctes(), *self._adjustments(), *self._upcoming()]
        for name, query in passes:
            layers.add(name, query)
        joins = [say("LEFT JOIN {0} ON {0}.lead_id = lead.id", ours(name)) for name, _ in passes if name != "answers"]
        columns = [SQL("lead.id AS lead_id"), *self.attributes.facts(), *self.activities.facts(), self._adjusted()]
        columns += [say("{0}.at AS {0}_at", ours(name)) for name, _ in self._upcoming()]
        if self.sources.model is not None:
            columns.append(SQL("adjusted.changes AS adjusted_at"))
        facts = say(
            "SELECT {} FROM {} {} WHERE {}{}",
            commas(columns),
            self.attributes.joins(),
            SQL(" ").join(joins),
            scope.of("lead.id") or TRUE,
            SQL(FENCE),
        )
        layers.add("facts", facts)

    def _adjustments(self) -> Iterator[tuple[str, Composable]]:
        """Points given by hand and valid at t, and when the first of them begins or ends."""
        if self.sources.model is None:
            return
        query = say(
            "SELECT lead_id, sum(points) FILTER (WHERE starts_at <= {t} AND (until IS NULL OR until > {t})) AS points,"
            " least(min(starts_at) FILTER (WHERE starts_at > {t}),"
            " min(until) FILTER (WHERE starts_at <= {t} AND until > {t})) AS changes"
            " FROM {table} AS adjustment WHERE model_id = {model} AND {scope} GROUP BY lead_id",
            t=self.t,
            table=SQL(self.sources.adjustment.text),
            model=self.parameters(self.sources.model, "bigint"),
            scope=self.sources.scope.of("lead_id") or TRUE,
        )
        yield "adjusted", query

    def _adjusted(self) -> Composable:
        given = SQL("0::bigint") if self.sources.model is None else SQL("coalesce(adjusted.points, 0)")
        return say("{} AS given", totals.clamped(given, -ADJUSTMENTS, ADJUSTMENTS))

    def _upcoming(self) -> Iterator[tuple[str, Composable]]:
        for name, query in (("coming", self.activities.upcoming()), ("asked", self.attributes.upcoming())):
            if query is not None:
                yield name, query

    # --- points

    def _points(self) -> Iterator[list[tuple[str, Composable]]]:
        audience = self.document.audience
        inside = TRUE if audience is None else say("({}) IS TRUE", self.conditions.test(audience))
        yield [("inside", inside), ("adjustments", say("CASE WHEN {} THEN given ELSE 0 END", inside))]
        yield [("uncapped", self._if_inside(array([part.uncapped for part in self.parts], "bigint"), len(self.parts)))]
        yield [("points", totals.capped_points(self.parts))]

    def _if_inside(self, values: Composable, size: int) -> Composable:
        if self.document.audience is None:
            return values
        return say("CASE WHEN inside THEN {} ELSE array_fill(0::bigint, ARRAY[{}]) END", values, ours(str(size)))

    def _totals(self) -> Iterator[list[tuple[str, Composable]]]:
        yield [("group_uncapped", totals.group_sums(self.groups))]
        yield [
            ("group_bounded", totals.bounded_groups(self.groups)),
            ("fades", totals.fades(self.groups, self._newest(), self.t)),
        ]
        yield [("group_points", totals.faded_groups(self.groups))]
        yield totals.dimension_sums(self.groups)
        yield totals.shown_scores()

    def _newest(self) -> Composable:
        """The newest activity of any kind, if a group looks at inactivity."""
        return self.activities.newest_of_all() if any(place.group.inactivity for place in self.groups) else SQL("NULL")

    def _verdicts(self) -> list[tuple[str, Composable]]:
        tests = [say("(inside AND {}) IS TRUE", self.conditions.test(hot.when)) for hot in self.document.hot]
        holding = [self._holding(hot, test) for hot, test in zip(self.document.hot, tests, strict=True)]
        matches = [say("({}) IS TRUE", self.conditions.test(condition)) for condition in self.extra]
        return [
            ("band", totals.band(self.document)),
            ("grade", totals.grade(self.document)),
            ("hot", array(tests, "boolean")),
            ("holds", array(holding, "boolean")),
            ("matches", array(matches, "boolean")),
            ("turns", array([self._turn(condition) for condition in self.extra], "timestamptz")),
        ]

    def _turn(self, condition: Condition) -> Composable:
        changes = [self.conditions.changes(leaf) for leaf in self.conditions.written_out(condition)]
        earliest = extreme("least", [change for change in changes if change is not None])
        return SQL("NULL") if earliest is None else say("nullif({}, 'infinity')", earliest)

    def _holding(self, hot: HotDefinition, test: Composable) -> Composable:
        if hot.exit_total is None:
            return test
        return say("({} OR (inside AND total > {}))", test, totals.whole(hundredths(hot.exit_total)))

    # --- time

    def _horizon(self) -> Iterator[list[tuple[str, Composable]]]:
        fading = horizon.paced(self.parts, self.groups)
        scores = horizon.moving_scores(self.groups, fading)
        if scores:
            yield horizon.rule_paces(self.parts, fading)
            yield horizon.group_sums(self.parts, self.groups, fading)
            yield horizon.group_locks(self.groups, fading)
            yield horizon.group_paces(self.groups, fading)
            yield horizon.distances(scores, self._cuts())
            yield horizon.waits(scores)
        waits = horizon.seconds(scores, fading)
        yield [("next_change_at", horizon.next_change(list(self._instants()), waits, self.t))]

    def _instants(self) -> Iterator[Composable]:
        """Every instant at which something could jump."""
        yield from (ours(f"{name}_at") for name, _ in self._upcoming())
        if self.sources.model is not None:
            yield ours("adjusted_at")
        yield from (part.ends for part in self.parts if part.ends is not None)
        for condition in self._live_conditions():
            for leaf in self.conditions.written_out(condition):
                if (change := self.conditions.changes(leaf)) is not None:
                    yield change
        yield from self._quiet_starts()

    def _live_conditions(self) -> Iterator[Condition]:
        if self.document.audience is not None:
            yield self.document.audience
        yield from (rule.when for rule in self.document.rules if rule.when and rule.points and not rule.disabled)
        yield from (hot.when for hot in self.document.hot)
        yield from self.extra

    def _quiet_starts(self) -> Iterator[Composable]:
        for place in self.groups:
            if place.group.inactivity is not None:
                start = say(
                    "({} + {})", self._newest(), span(self.parameters, place.group.inactivity.after.delta + TICK)
                )
                yield say(
                    "CASE WHEN {points} <> 0 AND {start} > {t} THEN {start} END",
                    points=totals.item("group_bounded", place.index),
                    start=start,
                    t=self.t,
                )

    def _cuts(self) -> dict[str, list[int]]:
        """For each score the hundredths at which a band, grade, verdict or hold turns."""
        bands, grades = self.document.bands, self.document.grades
        cuts: dict[str, set[int]] = {
            "total": {hundredths(bands.hot), hundredths(bands.warm)},
            "fit": {hundredths(grades.a), hundredths(grades.b)},
            "engagement": {hundredths(grades.one), hundredths(grades.two)},
        }
        for hot in self.document.hot:
            if hot.exit_total is not None:
                cuts["total"].add(hundredths(hot.exit_total) + 1)
        for leaf in self._score_leaves():
            cuts.setdefault(leaf.score, set()).update(_turns(leaf))
        return {
            score: sorted(cut for cut in found if 0 < cut <= totals.HUNDRED_POINTS) for score, found in cuts.items()
        }

    def _score_leaves(self) -> Iterable[ScoreLeaf]:
        for condition in (*(hot.when for hot in self.document.hot), *self.extra):
            yield from (leaf for leaf in self.conditions.written_out(condition) if isinstance(leaf, ScoreLeaf))


ADJUSTMENTS = 10**9
"""Hundredths by which all adjustments of a lead together can move it; keeps their sum inside `integer`."""


def _turns(leaf: ScoreLeaf) -> set[int]:
    """`>= v` turns at v, `> v` one hundredth later, `= v` at both."""
    at = hundredths(leaf.value)
    if leaf.op in (Op.GE, Op.LT):
        return {at}
    return {at + 1} if leaf.op in (Op.GT, Op.LE) else {at, at + 1}
