"""Explains the score of one lead.

Every number comes from the statement that scores everybody, or from its parts applied to single activities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from psycopg.sql import SQL, Composable

from engine.catalog import Catalog
from engine.connection import Connection, rows_of
from engine.distances import COMPARED, Distances
from engine.explanation import (
    ActivityEvidence,
    AdjustmentPoints,
    Annotations,
    AnswerEvidence,
    ConditionVerdict,
    Evidence,
    ExplainedLead,
    Explanation,
    GroupPoints,
    HotVerdict,
    MatrixPlace,
    MissingCondition,
    RulePoints,
    StageVerdict,
)
from engine.matrix_conditions import cell_of, without_actions
from engine.missing_conditions import requirements, unmet_requirements
from engine.nodes import ActivityLeaf, AllOf, AnswerLeaf, AnswerPoints, Condition, Document, Rule, hundredths
from engine.sql.compiler import Compiler
from engine.sql.evaluation_time import TICK
from engine.sql.evidence import answered_by, counted_by, kept_by
from engine.sql.fragments import compose
from engine.sql.sources import Sources, only
from engine.sql.statement import ScoreRow
from engine.sql.totals import group_columns
from engine.sum_lines import sum_lines
from engine.words import describe, wording
from engine.words.phrases import ConditionLine


def explain(
    document: Document,
    catalog: Catalog,
    *,
    sources: Sources,
    t: datetime,
    lead: int,
    connection: Connection,
    language: str = "en",
    annotations: Annotations | None = None,
) -> Explanation | None:
    """The explanation of the lead with this id at `t`, in `ja` or `en`; None if the sources have no such lead.

    A few short queries. The document has passed `check`.
    """
    narrow = replace(sources, scope=only([lead]))
    return Explainer(document, catalog, narrow, t, connection, language, annotations or Annotations()).explanation()


def conditions_of(line: ConditionLine) -> Iterator[Condition]:
    """The single conditions of what is read line by line."""
    if not line.parts:
        yield line.condition
    for part in line.parts:
        yield from conditions_of(part)


def one_of_several(line: ConditionLine) -> Iterator[tuple[Condition, str]]:
    """Conditions of which one is enough and that stand together in one line, each with the words of that line."""
    for part in line.parts:
        if line.join == "any" and not line.is_group:
            yield part.condition, line.text
        yield from one_of_several(part)


class Explainer:
    """Runs the statement for one lead, with every condition that the explanation shows as a further one to decide."""

    def __init__(
        self,
        document: Document,
        catalog: Catalog,
        sources: Sources,
        t: datetime,
        connection: Connection,
        language: str,
        annotations: Annotations,
    ) -> None:
        self.document, self.catalog, self.sources, self.t = document, catalog, sources, t
        self.connection, self.language, self.annotations = connection, language, annotations
        self.zone, self.words = ZoneInfo(document.timezone), wording(catalog, language)
        whens = [*(rule.when for rule in document.rules if rule.when), *document.verdicts]
        self.goals = {when: without_actions(self._within_audience(when), document.matrix) for when in document.verdicts}
        required = [
            requirement.condition
            for goal in self.goals.values()
            for requirement in requirements(goal, catalog.segments)
        ]
        self.stages = [self._within_audience(rule.when) for rule in document.stages.rules]
        self.lines = {when: self.words.lines(when) for when in whens}
        shown = [condition for line in self.lines.values() for condition in conditions_of(line)]
        asked = dict.fromkeys([*shown, *required, *self.stages])
        self.places = {condition: place for place, condition in enumerate(asked)}
        self.compiler = Compiler(document, catalog, sources=sources, t=t, conditions=list(self.places))

    def explanation(self) -> Explanation | None:
        rows = list(self._rows(self.compiler.select(ScoreRow._fields)))
        if not rows:
            return None
        row = ScoreRow(**rows[0])
        adjustments = tuple(self.adjustments()) if row.inside else ()
        groups = tuple(self.groups(row))
        return Explanation(
            lead=self.lead(),
            model=self.document.model,
            version=self.annotations.version,
            at=self.t.astimezone(self.zone),
            inside_audience=row.inside,
            total=row.total,
            fit=row.fit,
            engagement=row.engagement,
            qualification=row.qualification,
            band=row.band,
            grade=row.grade,
            matrix=self.matrix_place(row),
            groups=groups,
            adjustments=adjustments,
            lines=tuple(sum_lines(groups, adjustments, row, self.words)),
            hot=tuple(self.hot(row)),
            stage=row.stage,
            stages=tuple(self.stage_verdicts(row)),
            next_change_at=self._local(row.next_change_at),
        )

    def lead(self) -> ExplainedLead:
        test = self.sources.scope.of("lead.id")
        assert test is not None  # an explanation is of one lead
        query = compose("SELECT id, email, external_id FROM {} AS lead WHERE {}", SQL(self.sources.lead.text), test)
        (row,) = self._rows(query)
        return ExplainedLead(pk=row["id"], email=row["email"], external_id=row["external_id"])

    def matrix_place(self, row: ScoreRow) -> MatrixPlace | None:
        """None where the model has no matrix, or the lead is outside its audience."""
        if self.document.matrix is None or not row.inside:
            return None
        cell = cell_of(self.document.matrix, engagement=row.engagement, qualification=row.qualification)
        return MatrixPlace(
            engagement=cell.engagement,
            qualification=cell.qualification,
            action=cell.action,
            text=self.words.cell(cell),
        )

    def groups(self, row: ScoreRow) -> Iterator[GroupPoints]:
        for place in group_columns(self.document):
            yield GroupPoints(
                name=place.group.name,
                dimension=place.group.dimension,
                text=describe(place.group, self.catalog, self.language),
                uncapped=row.group_uncapped[place.index - 1],
                points=row.group_points[place.index - 1],
                rules=tuple(
                    self.rule(rule, row, index - 1) for rule, index in zip(place.group.rules, place.rules, strict=True)
                ),
            )

    def rule(self, rule: Rule, row: ScoreRow, index: int) -> RulePoints:
        """The rule at `index`, from 0, in version order."""
        uncapped = row.uncapped[index]
        evidence: tuple[Evidence, ...] = ()
        if uncapped and row.inside:
            evidence = tuple(self.answers(rule, rule.answer) if rule.answer else self.activities(rule))
        return RulePoints(
            name=rule.name,
            text=describe(rule, self.catalog, self.language),
            full=uncapped if rule.when else sum(each.full for each in evidence),
            uncapped=uncapped,
            points=row.points[index],
            evidence=evidence,
            when=self.verdict(self.lines[rule.when], row) if rule.when else None,
        )

    def activities(self, rule: Rule) -> Iterator[ActivityEvidence]:
        """The activities that a rule counts and that still give points, newest first; none of another rule."""
        if rule.each is None:
            return
        codes = {kind.pk: kind.code for kind in self.catalog.activities.values()}
        for activity in self._rows(kept_by(rule, self.compiler)):
            if activity["points"]:
                yield ActivityEvidence(
                    activity=codes.get(activity["type_id"]),
                    object=activity["object"],
                    occurred_at=activity["occurred_at"].astimezone(self.zone),
                    full=hundredths(rule.points),
                    points=activity["points"],
                    pk=activity["id"],
                )

    def answers(self, rule: Rule, answered: AnswerPoints) -> Iterator[AnswerEvidence]:
        """The answer that gives the points, if one does."""
        lengths = [length.delta for length in (rule.decay.window, rule.decay.linear) if length] if rule.decay else []
        for answer in self._rows(answered_by(rule, self.compiler)):
            if answer["points"]:
                option = self.words.option(answer["code"], self.words.options(answered.criterion))
                yield AnswerEvidence(
                    answer=answered.criterion,
                    option=answer["code"],
                    text=self.words.labelled(self.words.criterion(answered.criterion), option),
                    answered_at=answer["answered_at"].astimezone(self.zone),
                    by=self.annotations.person(answer["by_id"]),
                    full=hundredths(dict(answered.points)[answer["code"]]),
                    points=answer["points"],
                    expires_at=self._local(answer["answered_at"] + min(lengths)) if lengths else None,
                )

    def adjustments(self) -> Iterator[AdjustmentPoints]:
        """The model's points by hand that count at t, in the order in which they began."""
        if self.sources.model is None:
            return
        adjustments = self.compiler.adjustments
        query = compose(
            "SELECT reason, by_id, until, points FROM {} AND {} ORDER BY starts_at, id",
            adjustments.rows(),
            adjustments.valid(),
        )
        for given in self._rows(query):
            yield AdjustmentPoints(
                reason=given["reason"],
                by=self.annotations.person(given["by_id"]),
                until=self._local(given["until"]),
                points=given["points"],
            )

    def hot(self, row: ScoreRow) -> Iterator[HotVerdict]:
        for index, definition in enumerate(self.document.hot):
            yield HotVerdict(
                name=definition.name,
                text=describe(definition, self.catalog, self.language),
                met=row.hot[index],
                holds=row.holds[index],
                since=self._local(self.annotations.hot_since.get(definition.name)),
                when=self.verdict(self.lines[definition.when], row),
                missing=self.missing(definition.when, row),
            )

    def stage_verdicts(self, row: ScoreRow) -> Iterator[StageVerdict]:
        for rule, goal in zip(self.document.stages.rules, self.stages, strict=True):
            yield StageVerdict(
                stage=rule.stage,
                text=describe(rule, self.catalog, self.language),
                met=row.matches[self.places[goal]],
                when=self.verdict(self.lines[rule.when], row),
                missing=self.missing(rule.when, row),
            )

    # --- conditions

    def verdict(self, line: ConditionLine, row: ScoreRow) -> ConditionVerdict:
        """Line by line, whether it is met; of a line also until when: of all the first that ends, of any the last."""
        if not line.parts:
            met, turns = row.matches[self.places[line.condition]], row.turns[self.places[line.condition]]
            expires_at = self._expiry(line.condition, turns) if met else None
            return ConditionVerdict(text=line.text, met=met, expires_at=self._local(expires_at))
        parts = tuple(self.verdict(part, row) for part in line.parts)
        met = all(part.met for part in parts) if line.join == "all" else any(part.met for part in parts)
        ends = [part.expires_at for part in parts if part.met]
        dated = [end for end in ends if end is not None]
        expires_at = None
        if line.join == "all" and met and not line.is_group:
            expires_at = min(dated, default=None)
        elif line.join == "any" and not line.is_group and len(dated) == len(ends):
            expires_at = max(dated, default=None)
        return ConditionVerdict(
            text=line.text, met=met, expires_at=expires_at, join=line.join or "", parts=parts, is_group=line.is_group
        )

    def missing(self, when: Condition, row: ScoreRow) -> tuple[MissingCondition, ...]:
        """The fewest conditions that would make the verdict true, audience included."""
        holds: Callable[[Condition], bool] = lambda condition: row.matches[self.places[condition]]  # noqa: E731
        lacking = unmet_requirements(self.goals[when], holds, self.catalog.segments)
        gaps = Distances(lacking, compiler=self.compiler, catalog=self.catalog, row=row, rows=self._rows)
        alternatives = dict(one_of_several(self.lines[when]))
        missing = []
        for requirement in lacking:
            gap, text = gaps.of(requirement, self.words), alternatives.get(requirement.condition)
            text = text or describe(requirement.condition, self.catalog, self.language)
            missing.append(MissingCondition(text=text, gap=gap.text, short_by=gap.short_by))
        return tuple(missing)

    def _expiry(self, condition: Condition, turns: datetime | None) -> datetime | None:
        """When a condition that holds stops holding by itself. Counts are followed as activities leave the window."""
        if isinstance(condition, AnswerLeaf) and turns is not None:
            return turns - TICK
        if not isinstance(condition, ActivityLeaf) or condition.within is None:
            return turns
        window, count = condition.within.delta, condition.count
        times = [activity["occurred_at"] for activity in self._rows(counted_by(condition, self.compiler))]
        inside: list[datetime] = [time for time in times if time >= self.t - window]
        for left, time in zip(range(len(inside) - 1, -1, -1), reversed(inside), strict=True):
            if not COMPARED[count.op](left, count.value):
                return time + window
        return None

    def _within_audience(self, when: Condition) -> Condition:
        return when if self.document.audience is None else AllOf(parts=(self.document.audience, when))

    # --- reading

    def _rows(self, query: Composable) -> Iterator[dict[str, Any]]:
        return rows_of(self.connection, query, self.compiler.context.parameters.values)

    def _local(self, instant: datetime | None) -> datetime | None:
        return None if instant is None else instant.astimezone(self.zone)
