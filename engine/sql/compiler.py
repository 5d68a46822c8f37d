"""Puts the statement together: passes over the rows, then steps from a lead's facts to scores, verdicts, next change.

Every step is a method here, named as its CTE: `ruled`, `grouped`, `summed`; `scored` and what follows are short.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import LiteralString

from psycopg.sql import SQL, Composable

from engine.catalog import Catalog
from engine.nodes import Condition, Document, HotDefinition, ScoreLeaf, hundredths, leaves
from engine.sql import totals
from engine.sql.activities import ActivityPasses
from engine.sql.adjustments import Adjustments
from engine.sql.answer_rules import AnswerRules
from engine.sql.attributes import LeadAttributes
from engine.sql.conditions import ConditionCompiler, span
from engine.sql.context import StatementContext
from engine.sql.evaluation_time import TICK
from engine.sql.fragments import FALSE, TRUE, array, compose, extreme, total, trusted
from engine.sql.next_change import NextChange
from engine.sql.rules import RuleCompiler
from engine.sql.score_thresholds import score_thresholds
from engine.sql.select_chain import ALL, ColumnLayout, Columns, SelectChain, kept
from engine.sql.sources import Sources

NARROW = 200
"""Rules and leaves up to which every fact has a column of its own."""


class Compiler:
    """Collects what every part of the document asks for; `select` then writes the statement.

    `conditions` are further ones to decide for each lead. `context.parameters` are the statement's values.
    """

    def __init__(
        self,
        document: Document,
        catalog: Catalog,
        *,
        sources: Sources,
        t: datetime,
        conditions: Sequence[Condition] = (),
        next_change: bool = True,
        whole_points: bool = True,
    ) -> None:
        layout, zone = ColumnLayout(wide=_size(document, conditions) > NARROW), document.timezone
        context = StatementContext.at(t, zone, catalog, sources=sources, layout=layout, next_change=next_change)
        self.document, self.further, self.context = document, tuple(conditions), context
        self.activities = ActivityPasses(context)
        self.attributes = LeadAttributes(context)
        self.adjustments = Adjustments(context)
        self.conditions = ConditionCompiler(context, self.activities, self.attributes, document.matrix)
        self.rule_compiler = RuleCompiler(context, self.activities, self.conditions)
        self.answer_rules = AnswerRules(context, self.attributes.answers)
        self.rules = [
            self.answer_rules.columns(rule, rule.answer) if rule.answer else self.rule_compiler.columns(rule)
            for rule in document.rules
        ]
        self.groups = totals.group_columns(document)
        has_inactivity = any(group.inactivity for group in document.groups)
        self.newest = self.activities.newest_of_all() if has_inactivity else SQL("NULL")
        self.next_change = NextChange(context, self.groups, self.rules, self.thresholds(whole_points), whole_points)
        self.tests: list[Composable] = []
        self.asking: list[HotDefinition] = []
        self.is_waiting = False

    def select(self, names: Sequence[str]) -> Composable:
        """The whole statement with these columns of `ScoreRow`; fewer are faster."""
        if self.context.sources.resting is not None:
            self.asking = [hot for hot in self.document.hot if hot.again and "again" in names]
            self.is_waiting = "woken" in names
        verdicts = dict(self.verdicts())  # first: they say which tests the step `ruled` has to make
        ruled = self.ruled()
        chain = SelectChain()
        if self.context.sources.scope.chosen is not None:
            chain.add("scope (id)", SQL(self.context.sources.scope.chosen), materialized=True)
        for name, query in (*self.activities.read_once(), *self.attributes.answers.ctes(), *self.joined()):
            chain.add(name, query)
        chain.step("ruled", ruled, self.source())
        chain.step("grouped", [*self.passed(), *self.grouped()])
        chain.step("summed", [*self.passed(), *self.summed()])
        chain.step("scored", [ALL, *totals.shown_scores()])
        if approaches := self.next_change.times.approaches():
            chain.step("approached", [ALL, *approaches])
            chain.step("waited", [ALL, *self.next_change.times.columns()])
        values = verdicts | {"adjustments": trusted("given"), "next_change_at": self.next_change.instant()}
        return chain.select([(name, values.get(name, trusted(name))) for name in names])

    # --- FROM

    def joined(self) -> list[tuple[str, Composable]]:
        """The passes that have a row a lead, by name; the step `ruled` joins them to the lead."""
        return [*self.activities.ctes(), *self.adjustments.ctes(), *self.arrivals(), *self.upcoming()]

    def arrivals(self) -> Iterator[tuple[str, Composable]]:
        """The pass over what arrived of leads that rest, where a definition asks for it or the leads wait for it."""
        if self.asking or self.is_waiting:
            yield "arrived", self.activities.arrivals([self.conditions.counted(hot.when) for hot in self.asking])

    def upcoming(self) -> Iterator[tuple[str, Composable]]:
        """Passes over what is already known and dated ahead of t."""
        if self.context.next_change:
            for name, query in (("coming", self.activities.upcoming()), ("asked", self.attributes.answers.upcoming())):
                if query is not None:
                    yield name, query

    def source(self) -> Composable:
        """FROM and WHERE of the step `ruled`: the leads in scope with everything that is joined to them."""
        joins = [compose(" LEFT JOIN {0} ON {0}.lead_id = lead.id", trusted(name)) for name, _ in self.joined()]
        scope = self.context.sources.scope.of("lead.id") or TRUE
        return compose("{}{} WHERE {}", self.attributes.joins(), SQL("").join(joins), scope)

    # --- steps

    def ruled(self) -> Columns:
        """Everything that follows from the facts themselves; later steps no longer see them."""
        audience, given = self.document.audience, self.adjustments.given()
        inside = TRUE if audience is None else compose("({}) IS TRUE", self.conditions.test(audience))
        layout = self.context.layout
        return [
            ("lead_id", SQL("lead.id")),
            ("inside", inside),
            ("given", given if audience is None else compose("CASE WHEN {} THEN {} ELSE 0 END", inside, given)),
            ("turns", array([self.turn(condition) for condition in self.further], "timestamptz")),
            ("jumps", extreme("least", list(self.jumps())) or SQL("NULL::timestamptz")),
            *layout.columns("uncapped", [rule.value() for rule in self.rules], "bigint"),
            *self.next_change.ruled(),
            *layout.columns("test", self.tests, "boolean"),
            *self.inactivity(),
        ]

    def passed(self) -> Columns:
        """What every later step has from `ruled`."""
        tests = self.context.layout.columns("test", self.tests, "boolean")
        return kept("lead_id", "given", "inside", "turns", "jumps", *(name for name, _ in tests))

    def inactivity(self) -> Columns:
        """For groups that look at it: what it leaves of them, and when it begins."""
        newest, parameters = self.newest, self.context.parameters
        columns = totals.fades(self.groups, newest, self.context.t)
        for place in self.groups:
            if place.group.inactivity:
                after = span(parameters, place.group.inactivity.after.delta + TICK)
                columns.append((f"quiet{place.index}", compose("({} + {})", newest, after)))
        return columns

    def grouped(self) -> Columns:
        """Sums of rules by group, and how fast what fades in them changes."""
        values = [self.context.layout.place("uncapped", index) for index in range(1, len(self.rules) + 1)]
        points = [rule.points(value) for rule, value in zip(self.rules, values, strict=True)]
        return [
            ("uncapped", self.array_inside(values, "bigint")),
            ("points", self.array_inside(points, "integer")),
            *((f"sum{group.index}", total([points[index - 1] for index in group.rules])) for group in self.groups),
            *kept(*(name for name, _ in self.inactivity())),
            *self.next_change.grouped(),
        ]

    def summed(self) -> Columns:
        """Groups within their bounds and after inactivity, summed by dimension; and how fast those change."""
        sums: Columns = totals.dimension_sums(self.groups)
        if self.document.audience is not None:
            sums = [(name, compose("CASE WHEN inside THEN {} ELSE 0 END", value)) for name, value in sums]
        return [
            *kept("uncapped", "points"),
            ("group_uncapped", self.array_inside([group.sum for group in self.groups], "bigint")),
            ("group_bounded", self.array_inside([group.bounded for group in self.groups], "bigint")),
            ("group_points", self.array_inside([group.points for group in self.groups], "bigint")),
            *sums,
            *self.next_change.summed(),
        ]

    def array_inside(self, values: Sequence[Composable], kind: LiteralString) -> Composable:
        """An array of the values; zeros for a lead outside the model's audience."""
        members = array(values, kind)
        if self.document.audience is None:
            return members
        template: LiteralString = "CASE WHEN inside THEN {} ELSE array_fill(0::{}, ARRAY[{}]) END"
        return compose(template, members, SQL(kind), trusted(str(len(values))))

    # --- verdicts

    def verdicts(self) -> Columns:
        """The columns that follow from the scores. Collects the tests that need no score in `tests`."""
        hot = [self.verdict(definition.when, inside=True) for definition in self.document.hot]
        holds = [self.holds(definition, met) for definition, met in zip(self.document.hot, hot, strict=True)]
        return [
            ("band", totals.band(self.document)),
            ("grade", totals.grade(self.document)),
            ("hot", array(hot, "boolean")),
            ("holds", array(holds, "boolean")),
            ("again", array([self.again(*pair) for pair in zip(self.document.hot, hot, strict=True)], "boolean")),
            ("woken", self.woken()),
            ("stage", self.stage()),
            ("matches", array([self.verdict(condition, inside=False) for condition in self.further], "boolean")),
        ]

    def verdict(self, condition: Condition, *, inside: bool) -> Composable:
        """Whether the condition holds, if `inside` only for leads of the audience; never NULL."""
        test = self.conditions.after_scores(condition, self.tests)
        return compose("(inside AND {}) IS TRUE" if inside else "({}) IS TRUE", test)

    def stage(self) -> Composable:
        """The furthest stage whose rule holds; empty if none does."""
        met = [(self.verdict(rule.when, inside=True), rule.stage) for rule in reversed(self.document.stages.rules)]
        cases = [compose("WHEN {} THEN {}", test, trusted(f"'{stage}'")) for test, stage in met]
        return compose("CASE {} ELSE '' END", SQL(" ").join(cases)) if cases else SQL("''::text")

    def holds(self, hot: HotDefinition, met: Composable) -> Composable:
        """Whether a lead that is hot by the definition stays so."""
        if hot.exit_total is None:
            return met
        return compose("({} OR (inside AND total > {}))", met, totals.whole(hundredths(hot.exit_total)))

    def again(self, hot: HotDefinition, met: Composable) -> Composable:
        """Whether the definition is met, and an activity that it counts has arrived while the lead rests."""
        if hot not in self.asking:
            return FALSE
        arrived = trusted(f"arrived.again{self.asking.index(hot) + 1}")
        self.tests.append(compose("coalesce({}, false)", arrived))
        return compose("({} AND {})", met, self.context.layout.place("test", len(self.tests)))

    def woken(self) -> Composable:
        """Whether an activity that a resting lead waits for has arrived."""
        if not self.is_waiting:
            return FALSE
        self.tests.append(SQL("coalesce(arrived.woken, false)"))
        return self.context.layout.place("test", len(self.tests))

    # --- time

    def turn(self, condition: Condition) -> Composable:
        """The first instant at which a further condition could turn; NULL for never."""
        if not self.context.next_change:
            return SQL("NULL")
        changes = [self.conditions.changes(leaf, shared=False) for leaf in self.conditions.written_out(condition)]
        earliest = extreme("least", [change for change in changes if change is not None])
        return SQL("NULL") if earliest is None else compose("nullif({}, 'infinity')", earliest)

    def jumps(self) -> Iterator[Composable]:
        """Every instant at which something could jump."""
        if not self.context.next_change:
            return
        yield from (trusted(f"{name}.at") for name, _ in self.upcoming())
        yield from self.adjustments.changes()
        yield from (rule.ends for rule in self.rules if rule.ends is not None)
        rules = [rule.when for rule in self.document.rules if rule.when and rule.points and not rule.disabled]
        audience = [] if self.document.audience is None else [self.document.audience]
        for condition in (*audience, *rules, *self.document.verdicts, *self.further):
            for leaf in self.conditions.written_out(condition):
                if (change := self.conditions.changes(leaf)) is not None:
                    yield change

    def thresholds(self, whole_points: bool) -> dict[str, list[int]]:
        """Where each score turns something, in the document or in a further condition."""
        conditions = (*self.document.verdicts, *self.further)
        asked = [leaf for condition in conditions for leaf in self.conditions.written_out(condition)]
        scores = [leaf for leaf in asked if isinstance(leaf, ScoreLeaf)]
        return score_thresholds(self.document, scores, whole_points=whole_points)


def _size(document: Document, conditions: Sequence[Condition]) -> int:
    """Rules and leaves of the document and the further conditions."""
    whens = [*(rule.when for rule in document.rules), *document.verdicts, *conditions]
    return len(document.rules) + sum(1 for when in whens for _leaf in leaves(when))
