"""Puts the statement together: passes over the rows, then steps from a lead's facts to scores, verdicts and horizon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, LiteralString

from psycopg.sql import SQL, Composable

from engine.catalog import Catalog
from engine.nodes import Condition, Document, HotDefinition, ScoreLeaf, hundredths, leaves
from engine.sql import totals
from engine.sql.activities import ActivityPasses
from engine.sql.adjustments import Adjustments
from engine.sql.answer_rules import AnswerRules
from engine.sql.attributes import LeadAttributes
from engine.sql.conditions import ConditionCompiler, span
from engine.sql.evaluation_time import TICK, EvaluationTime, ShiftedInstant
from engine.sql.fragments import TRUE, Parameters, array, compose, extreme, total, trusted
from engine.sql.next_change import NextChange
from engine.sql.rules import RuleCompiler
from engine.sql.score_thresholds import score_thresholds
from engine.sql.select_chain import ColumnLayout, Columns, SelectChain, kept
from engine.sql.sources import Sources

NARROW = 200
"""Rules and leaves up to which every fact has a column of its own."""


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
        with_time: bool = True,
        whole_points: bool = True,
    ) -> None:
        self.document, self.sources, self.extra, self.with_time = document, sources, tuple(conditions), with_time
        self.parameters = Parameters()
        self.parameters.adopt(sources.parameters())
        moment = EvaluationTime(t=ShiftedInstant.of(t), zone=document.timezone)
        self.t = self.parameters(moment.t, "timestamptz")
        self.shape = ColumnLayout(wide=_size(document, conditions) > NARROW)
        tools: dict[str, Any] = {"parameters": self.parameters, "moment": moment}
        self.activities = ActivityPasses(catalog=catalog, sources=sources, shape=self.shape, **tools)
        self.attributes = LeadAttributes(sources=sources, **tools)
        self.adjustments = Adjustments(sources=sources, parameters=self.parameters, t=self.t)
        facts: dict[str, Any] = {"catalog": catalog, "activities": self.activities, "attributes": self.attributes}
        self.conditions = ConditionCompiler(matrix=document.matrix, **facts, **tools)
        self.rules = RuleCompiler(activities=self.activities, conditions=self.conditions, with_time=with_time, **tools)
        answers = self.attributes.answers
        self.answered = AnswerRules(catalog=catalog, answers=answers, with_time=with_time, **tools)
        self.parts = [
            self.answered.parts(rule, rule.answer) if rule.answer else self.rules.parts(rule) for rule in document.rules
        ]
        self.groups = totals.group_columns(document)
        is_quiet = any(group.inactivity for group in document.groups)
        self.newest = self.activities.newest_of_all() if is_quiet else SQL("NULL")
        self.horizon = NextChange(
            self.groups,
            self.parts,
            values=self._value,
            cuts=score_thresholds(document, self._score_leaves(), whole_points=whole_points),
            t=self.t,
            with_time=with_time,
            whole_points=whole_points,
        )
        self.tests: list[Composable] = []

    def select(self, names: Sequence[str]) -> Composable:
        """The whole statement. Every step names its columns and passes on what later ones need; fewer are faster."""
        verdicts = dict(self._verdicts())
        ruled = self._ruled()
        layers = SelectChain()
        self._passes(layers)
        layers.step("ruled", ruled, self._source())
        layers.step("grouped", [*self._passed(), *self._grouped()])
        layers.step("summed", [*self._passed(), *self._summed()])
        layers.step("scored", [*self._passed(), *_again(self._summed()), *totals.shown_scores()])
        if approaches := self.horizon.waits.approaches():
            before = [*self._passed(), *_again([*self._summed(), *totals.shown_scores()])]
            layers.step("approached", [*before, *approaches])
            layers.step("waited", [*before, *self.horizon.waits.columns()])
        found = verdicts | {"adjustments": trusted("given"), "next_change_at": self.horizon.next_change()}
        return layers.select([(name, found.get(name, trusted(name))) for name in names])

    def _passed(self) -> Columns:
        """What every step has from the first."""
        tests = self.shape.columns("test", self.tests, "boolean")
        return [*kept("lead_id", "given", "inside", "turns", "jumps"), *_again(tests)]

    # --- facts

    def _passes(self, layers: SelectChain) -> None:
        if self.sources.scope.chosen is not None:
            layers.add("scope (id)", SQL(self.sources.scope.chosen), materialized=True)
        for name, query in (*self.activities.read_once(), *self.attributes.answers.ctes(), *self._joined()):
            layers.add(name, query)

    def _joined(self) -> list[tuple[str, Composable]]:
        return [*self.activities.ctes(), *self.adjustments.ctes(), *self._upcoming()]

    def _upcoming(self) -> Iterator[tuple[str, Composable]]:
        """What is already known and dated ahead of t."""
        if self.with_time:
            for name, query in (("coming", self.activities.upcoming()), ("asked", self.attributes.answers.upcoming())):
                if query is not None:
                    yield name, query

    def _source(self) -> Composable:
        joins = [compose(" LEFT JOIN {0} ON {0}.lead_id = lead.id", trusted(name)) for name, _ in self._joined()]
        scope = self.sources.scope.of("lead.id") or TRUE
        return compose("{}{} WHERE {}", self.attributes.joins(), SQL("").join(joins), scope)

    # --- rules

    def _ruled(self) -> Columns:
        """Everything that is said from the facts themselves; later steps no longer see them."""
        audience, given = self.document.audience, self.adjustments.given()
        inside = TRUE if audience is None else compose("({}) IS TRUE", self.conditions.test(audience))
        return [
            ("lead_id", SQL("lead.id")),
            ("inside", inside),
            ("given", given if audience is None else compose("CASE WHEN {} THEN {} ELSE 0 END", inside, given)),
            ("turns", array([self._turn(condition) for condition in self.extra], "timestamptz")),
            ("jumps", extreme("least", list(self._jumps())) or SQL("NULL::timestamptz")),
            *self.shape.columns("uncapped", [part.value() for part in self.parts], "bigint"),
            *self.horizon.ruled(),
            *self.shape.columns("test", self.tests, "boolean"),
            *self._quiet(),
        ]

    def _quiet(self) -> Columns:
        """For groups that look at inactivity: what it leaves of them, and when it begins."""
        quiet = [place for place in self.groups if place.group.inactivity]
        starts = [(place, place.group.inactivity.after.delta + TICK) for place in quiet if place.group.inactivity]
        return [
            *totals.fades(quiet, self.newest, self.t),
            *(
                (f"quiet{place.index}", compose("({} + {})", self.newest, span(self.parameters, d)))
                for place, d in starts
            ),
        ]

    def _value(self, index: int) -> Composable:
        return self.shape.place("uncapped", index)

    def _points(self, index: int) -> Composable:
        return self.parts[index - 1].points(self._value(index))

    # --- groups

    def _grouped(self) -> Columns:
        """Sums of rules by group, and the paces of what fades in them."""
        indexes = range(1, len(self.parts) + 1)
        return [
            ("uncapped", self._inside([self._value(index) for index in indexes], "bigint")),
            ("points", self._inside([self._points(index) for index in indexes], "integer")),
            *((f"sum{place.index}", total([self._points(index) for index in place.rules])) for place in self.groups),
            *_again(self._quiet()),
            *self.horizon.grouped(),
        ]

    def _inside(self, values: Sequence[Composable], kind: LiteralString) -> Composable:
        """An array; outside the model's audience a lead has nothing."""
        found, size = array(values, kind), len(values)
        if self.document.audience is None:
            return found
        return compose(
            "CASE WHEN inside THEN {} ELSE array_fill(0::{}, ARRAY[{}]) END", found, SQL(kind), trusted(str(size))
        )

    # --- totals

    def _summed(self) -> Columns:
        """Groups within their bounds and after inactivity, by dimension; and how fast those move."""
        return [
            *kept("uncapped", "points"),
            ("group_uncapped", self._inside([place.sum for place in self.groups], "bigint")),
            ("group_bounded", self._inside([place.bounded for place in self.groups], "bigint")),
            ("group_points", self._inside([place.points for place in self.groups], "bigint")),
            *((name, self._zero_outside(value)) for name, value in totals.dimension_sums(self.groups)),
            *self.horizon.summed(),
        ]

    def _zero_outside(self, value: Composable) -> Composable:
        return value if self.document.audience is None else compose("CASE WHEN inside THEN {} ELSE 0 END", value)

    # --- verdicts

    def _verdicts(self) -> Columns:
        hot = [self._verdict(definition.when, inside=True) for definition in self.document.hot]
        holds = [self._holding(definition, met) for definition, met in zip(self.document.hot, hot, strict=True)]
        return [
            ("band", totals.band(self.document)),
            ("grade", totals.grade(self.document)),
            ("hot", array(hot, "boolean")),
            ("holds", array(holds, "boolean")),
            ("stage", self._stage()),
            ("matches", array([self._verdict(condition, inside=False) for condition in self.extra], "boolean")),
        ]

    def _verdict(self, condition: Condition, *, inside: bool) -> Composable:
        test = self.conditions.after_scores(condition, self.tests)
        return compose("(inside AND {}) IS TRUE" if inside else "({}) IS TRUE", test)

    def _stage(self) -> Composable:
        """The furthest stage whose rule holds."""
        met = [(self._verdict(rule.when, inside=True), rule.stage) for rule in reversed(self.document.stages.rules)]
        cases = [compose("WHEN {} THEN {}", test, trusted(f"'{stage}'")) for test, stage in met]
        return compose("CASE {} ELSE '' END", SQL(" ").join(cases)) if cases else SQL("''::text")

    def _holding(self, hot: HotDefinition, met: Composable) -> Composable:
        if hot.exit_total is None:
            return met
        return compose("({} OR (inside AND total > {}))", met, totals.whole(hundredths(hot.exit_total)))

    # --- time

    def _turn(self, condition: Condition) -> Composable:
        """When an extra condition could turn."""
        changes = [self.conditions.changes(leaf, shared=False) for leaf in self.conditions.written_out(condition)]
        earliest = extreme("least", [change for change in changes if change is not None]) if self.with_time else None
        return SQL("NULL") if earliest is None else compose("nullif({}, 'infinity')", earliest)

    def _jumps(self) -> Iterator[Composable]:
        """Every instant at which something could jump."""
        if not self.with_time:
            return
        yield from (trusted(f"{name}.at") for name, _ in self._upcoming())
        yield from self.adjustments.changes()
        yield from (part.ends for part in self.parts if part.ends is not None)
        for condition in self._live_conditions():
            for leaf in self.conditions.written_out(condition):
                if (change := self.conditions.changes(leaf)) is not None:
                    yield change

    def _live_conditions(self) -> Iterator[Condition]:
        if self.document.audience is not None:
            yield self.document.audience
        yield from (rule.when for rule in self.document.rules if rule.when and rule.points and not rule.disabled)
        yield from self.document.verdicts
        yield from self.extra

    def _score_leaves(self) -> Iterator[ScoreLeaf]:
        for condition in (*self.document.verdicts, *self.extra):
            yield from (leaf for leaf in self.conditions.written_out(condition) if isinstance(leaf, ScoreLeaf))


def _again(columns: Columns) -> Columns:
    """The same columns, from the step before."""
    return kept(*(name for name, _ in columns))


def _size(document: Document, conditions: Sequence[Condition]) -> int:
    whens = [*(rule.when for rule in document.rules), *document.verdicts, *conditions]
    return len(document.rules) + sum(sum(1 for _ in leaves(when)) for when in whens)
