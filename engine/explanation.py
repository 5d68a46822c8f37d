"""Why one lead scores what it scores: the document of `explain`, whose lines sum to the total to the hundredth.

Every number comes from the statement that scores everybody, or from its pieces put to single activities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from psycopg.sql import SQL, Composable

from engine.catalog import Catalog
from engine.cells import cell_of, spelled_out
from engine.gaps import Gaps
from engine.lines import lines, points
from engine.missing import nearest, wishes
from engine.nodes import ActivityLeaf, AllOf, Answered, AnswerLeaf, AnyOf, Condition, Document, Op, Rule, hundredths
from engine.sql.compiler import Compiler
from engine.sql.evidence import answered_by, counted_by, kept_by
from engine.sql.fragments import say
from engine.sql.moment import TICK
from engine.sql.sources import Sources, only
from engine.sql.statement import Row
from engine.sql.totals import places
from engine.words import describe, speaker

COMPARED: Mapping[Op, Callable[[int, int], bool]] = {
    Op.EQ: int.__eq__,
    Op.NE: int.__ne__,
    Op.GT: int.__gt__,
    Op.GE: int.__ge__,
    Op.LT: int.__lt__,
    Op.LE: int.__le__,
}


class Connection(Protocol):
    """What the engine needs of a database connection: Django's or psycopg's."""

    def cursor(self) -> AbstractContextManager[Any]: ...


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the caller knows and the engine does not."""

    version: int | None = None
    hot_since: Mapping[str, datetime] = field(default_factory=dict)
    people: Callable[[int | None], str | None] = lambda pk: None if pk is None else str(pk)


def explain(
    document: Document,
    catalog: Catalog,
    *,
    sources: Sources,
    t: datetime,
    lead: int,
    connection: Connection,
    language: str = "en",
    told: Told | None = None,
) -> dict[str, Any] | None:
    """The explanation of one lead at `t`, or None if there is no such lead. Points are numbers with two decimals."""
    narrow = replace(sources, scope=only([lead]))
    return Explainer(document, catalog, narrow, t, connection, language, told or Told()).document()


def conditions_of(condition: Condition) -> list[Condition]:
    """The conditions that a person reads one by one: what stands under `all` and `any`, however deep."""
    if isinstance(condition, AllOf | AnyOf):
        return [inner for part in condition.parts for inner in conditions_of(part)]
    return [condition]


def _goal(audience: Condition | None, when: Condition) -> Condition:
    """What makes a lead hot, all in all."""
    return when if audience is None else AllOf(parts=(audience, when))


class Explainer:
    def __init__(
        self,
        document: Document,
        catalog: Catalog,
        sources: Sources,
        t: datetime,
        connection: Connection,
        language: str,
        told: Told,
    ) -> None:
        self.model, self.catalog, self.sources, self.t = document, catalog, sources, t
        self.connection, self.language, self.told = connection, language, told
        self.zone, self.words = ZoneInfo(document.timezone), speaker(catalog, language)
        whens = [*(rule.when for rule in document.rules if rule.when), *document.verdicts]
        self.goals = {when: spelled_out(_goal(document.audience, when), document.matrix) for when in document.verdicts}
        wished = [wish.condition for goal in self.goals.values() for wish in wishes(goal, catalog.segments)]
        self.stages = [_goal(document.audience, rule.when) for rule in document.stages.rules]
        read = (one for when in whens for one in conditions_of(when))
        self.places = {one: index for index, one in enumerate(dict.fromkeys([*read, *wished, *self.stages]))}
        self.compiler = Compiler(document, catalog, sources=sources, t=t, conditions=list(self.places))
        self.codes = {kind.pk: kind.code for kind in catalog.activities.values()}

    def document(self) -> dict[str, Any] | None:
        rows = list(self._rows(self.compiler.select(Row._fields)))
        if not rows:
            return None
        row = Row(**rows[0])
        adjustments = self._adjustments() if row.inside else []
        groups = list(self._groups(row))
        full = [round(rule["full"] * 100) for group in groups for rule in group["rules"]]
        return {
            "lead": self._lead(),
            "model": self.model.model,
            "version": self.told.version,
            "at": self._time(self.t),
            "inside_audience": row.inside,
            **{name: points(getattr(row, name)) for name in ("total", "fit", "engagement", "qualification")},
            "band": row.band,
            "grade": row.grade,
            "matrix": self._cell(row),
            "groups": groups,
            "adjustments": adjustments,
            "lines": list(lines(self.model, row, full, adjustments, self.words)),
            "hot": list(self._hot(row)),
            "stage": row.stage,
            "stages": list(self._stages(row)),
            "next_change_at": self._time(row.next_change_at),
        }

    # --- parts

    def _lead(self) -> dict[str, Any]:
        lead = say("SELECT id, email, external_id FROM {} AS lead WHERE {}", *self._of("lead", "lead.id"))
        (found,) = self._rows(lead)
        return {"id": str(found["id"]), "email": found["email"], "external_id": found["external_id"]}

    def _cell(self, row: Row) -> dict[str, Any] | None:
        """Where the lead stands in the decision matrix, if there is one for it."""
        if self.model.matrix is None or not row.inside:
            return None
        cell = cell_of(self.model.matrix, engagement=row.engagement, qualification=row.qualification)
        levels = {"engagement": str(cell.engagement), "qualification": str(cell.qualification)}
        return {**levels, "action": str(cell.action), "text": self.words.cell(cell)}

    def _groups(self, row: Row) -> Iterator[dict[str, Any]]:
        for place in places(self.model):
            yield {
                "name": place.group.name,
                "dimension": str(place.group.dimension),
                "text": describe(place.group, self.catalog, self.language),
                "uncapped": points(row.group_uncapped[place.index - 1]),
                "points": points(row.group_points[place.index - 1]),
                "rules": [
                    self._rule(rule, row, index) for rule, index in zip(place.group.rules, place.rules, strict=True)
                ],
            }

    def _rule(self, rule: Rule, row: Row, index: int) -> dict[str, Any]:
        said: dict[str, Any] = {
            "name": rule.name,
            "text": describe(rule, self.catalog, self.language),
            "full": points(row.uncapped[index - 1]),
            "uncapped": points(row.uncapped[index - 1]),
            "points": points(row.points[index - 1]),
        }
        if rule.when:
            return said | {
                "evidence": [],
                "conditions": [self._condition(one, row) for one in conditions_of(rule.when)],
            }
        evidence = list(self._evidence(rule)) if row.inside and row.uncapped[index - 1] else []
        return said | {"full": points(sum(round(each["full"] * 100) for each in evidence)), "evidence": evidence}

    def _evidence(self, rule: Rule) -> Iterator[dict[str, Any]]:
        """What still counts: what it was worth at first, and what is left of it."""
        return self._answer(rule, rule.answer) if rule.answer else self._activities(rule)

    def _answer(self, rule: Rule, answered: Answered) -> Iterator[dict[str, Any]]:
        """The answer that gives the points: which, when, by whom, and until when something is left of it."""
        for given in self._rows(answered_by(rule, self.compiler)):
            if given["points"]:
                options = self.words.options(answered.criterion)
                yield {
                    "answer": answered.criterion,
                    "option": given["code"],
                    "text": f"{self.words.criterion(answered.criterion)}: {self.words.option(given['code'], options)}",
                    "answered_at": self._time(given["answered_at"]),
                    "by": self.told.people(given["by_id"]),
                    "full": points(hundredths(dict(answered.points)[given["code"]])),
                    "points": points(given["points"]),
                    "expires_at": self._time(self._end(rule, given["answered_at"])),
                }

    def _end(self, rule: Rule, at: datetime) -> datetime | None:
        """When nothing is left of something that began to count then; None for what only halves."""
        lengths = [each.delta for each in (rule.decay.window, rule.decay.linear) if each] if rule.decay else []
        return at + min(lengths) if lengths else None

    def _activities(self, rule: Rule) -> Iterator[dict[str, Any]]:
        for act in self._rows(kept_by(rule, self.compiler)):
            if act["points"]:
                yield {
                    "activity": self.codes.get(act["type_id"]),
                    "object": act["object"],
                    "occurred_at": self._time(act["occurred_at"]),
                    "full": points(hundredths(rule.points)),
                    "points": points(act["points"]),
                }

    def _adjustments(self) -> list[dict[str, Any]]:
        if self.sources.model is None:
            return []
        adjustments = self.compiler.adjustments
        query = say(
            "SELECT reason, by_id, until, points FROM {} AND {} ORDER BY starts_at, id",
            adjustments.rows(),
            adjustments.valid(),
        )
        return [
            {
                "reason": given["reason"],
                "by": self.told.people(given["by_id"]),
                "until": self._time(given["until"]),
                "points": points(given["points"]),
            }
            for given in self._rows(query)
        ]

    def _hot(self, row: Row) -> Iterator[dict[str, Any]]:
        for index, definition in enumerate(self.model.hot):
            yield {
                "name": definition.name,
                "text": describe(definition, self.catalog, self.language),
                "met": row.hot[index],
                "holds": row.holds[index],
                "since": self._time(self.told.hot_since.get(definition.name)),
                "conditions": [self._condition(one, row) for one in conditions_of(definition.when)],
                **self._missing(self.goals[definition.when], row),
            }

    def _stages(self, row: Row) -> Iterator[dict[str, Any]]:
        """What each stage asks for: its rule as a whole, and condition by condition."""
        for rule, goal in zip(self.model.stages.rules, self.stages, strict=True):
            yield {
                "stage": rule.stage,
                "text": describe(rule, self.catalog, self.language),
                "met": row.matches[self.places[goal]],
                "conditions": [self._condition(one, row) for one in conditions_of(rule.when)],
                **self._missing(self.goals[rule.when], row),
            }

    def _missing(self, goal: Condition, row: Row) -> dict[str, Any]:
        """The fewest conditions that would make it hot, and how far each of them is."""
        lacking = nearest(goal, lambda one: row.matches[self.places[one]], self.catalog.segments)
        gaps = Gaps(lacking, compiler=self.compiler, catalog=self.catalog, row=row, rows=self._rows)
        found = [(wish, gaps.of(wish, self.words)) for wish in lacking]
        return {
            "one_short": len(lacking) == 1,
            "missing": [
                {
                    "text": describe(wish.condition, self.catalog, self.language),
                    "gap": gap.text,
                    "short_by": None if gap.short_by is None else float(gap.short_by),
                }
                for wish, gap in found
            ],
        }

    def _condition(self, condition: Condition, row: Row) -> dict[str, Any]:
        index = self.places[condition]
        met, turns = row.matches[index], row.turns[index]
        expires = self._expiry(condition, turns) if met else None
        text = describe(condition, self.catalog, self.language)
        return {"text": text, "met": met, "expires_at": self._time(expires)}

    def _expiry(self, condition: Condition, turns: datetime | None) -> datetime | None:
        """When a condition that holds stops holding by itself. Counts are followed as activities leave the window."""
        if isinstance(condition, AnswerLeaf) and turns is not None:
            return turns - TICK
        if not isinstance(condition, ActivityLeaf) or condition.within is None:
            return turns
        window, count = condition.within.delta, condition.count
        times: list[datetime] = [act["occurred_at"] for act in self._rows(counted_by(condition, self.compiler))]
        inside = [time for time in times if time >= self.t - window]
        for left, time in zip(range(len(inside) - 1, -1, -1), reversed(inside), strict=True):
            if not COMPARED[count.op](left, count.value):
                return time + window
        return None

    # --- reading

    def _of(self, relation: str, column: Any) -> tuple[Any, Any]:
        scope = self.sources.scope.of(column)
        assert scope is not None  # an explanation is of one lead
        return SQL(getattr(self.sources, relation).text), scope

    def _rows(self, query: Composable) -> Iterator[dict[str, Any]]:
        with self.connection.cursor() as cursor:
            cursor.execute(query, self.compiler.parameters.values)
            names = [column.name for column in cursor.description]
            for values in cursor.fetchall():
                yield dict(zip(names, values, strict=True))

    def _time(self, instant: datetime | None) -> str | None:
        return None if instant is None else instant.astimezone(self.zone).isoformat()
