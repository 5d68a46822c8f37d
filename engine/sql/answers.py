"""The answers of a lead: for each criterion that is asked for, the newest up to t."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.sql import SQL, Composable

from engine.catalog import CatalogCriterion
from engine.sql.context import StatementContext
from engine.sql.fragments import commas, compose, conjunction, trusted


@dataclass
class AskedCriterion:
    """A criterion with its place among those asked for, and whether the answer's instant is asked for."""

    criterion: CatalogCriterion
    index: int
    dated: bool = False

    @property
    def option(self) -> Composable:
        return trusted(f"c{self.index}")

    @property
    def instant(self) -> Composable:
        return trusted(f"at{self.index}")


class NewestAnswers:
    """The newest answer to each criterion that is asked for, NULL where there is none; no pass if none is asked."""

    def __init__(self, context: StatementContext) -> None:
        self.sources, self.parameters, self.time = context.sources, context.parameters, context.time
        self.asked: dict[str, AskedCriterion] = {}

    def option(self, criterion: CatalogCriterion) -> Composable:
        """The code of the newest answer's option."""
        return compose("answers.{}", self._asked(criterion).option)

    def instant(self, criterion: CatalogCriterion) -> Composable:
        """When the newest answer was given."""
        asked = self._asked(criterion)
        asked.dated = True
        return compose("answers.{}", asked.instant)

    def _asked(self, criterion: CatalogCriterion) -> AskedCriterion:
        return self.asked.setdefault(criterion.code, AskedCriterion(criterion, len(self.asked)))

    def ctes(self) -> list[tuple[str, Composable]]:
        """The pass `answers`, one row a lead: of each newest answer the option's code, and where wanted the instant."""
        if not self.asked:
            return []
        columns: list[Composable] = []
        for asked in self.asked.values():
            own = compose("criterion_id = {}", self.parameters(asked.criterion.pk, "bigint"))
            columns.append(compose("max(code) FILTER (WHERE {}) AS {}", own, asked.option))
            if asked.dated:
                columns.append(compose("max(answered_at) FILTER (WHERE {}) AS {}", own, asked.instant))
        newest = self.newest([asked.criterion for asked in self.asked.values()])
        query = compose("SELECT lead_id, {} FROM ({}) AS newest GROUP BY lead_id", commas(columns), newest)
        return [("answers", query)]

    def newest(self, criteria: list[CatalogCriterion]) -> Composable:
        """The newest answer of each lead to each of the criteria, known in time."""
        return compose(
            "SELECT DISTINCT ON (answer.lead_id, answer.criterion_id)"
            " answer.lead_id, answer.criterion_id, option.code, answered_at, answer.by_id"
            " FROM {} ORDER BY answer.lead_id, answer.criterion_id, answered_at DESC, answer.id DESC",
            self._rows(criteria, past=True),
        )

    def _rows(self, criteria: list[CatalogCriterion], *, past: bool) -> Composable:
        """FROM and WHERE of the answers to the criteria, known in time."""
        known = self.sources.known_at
        tests = [
            self.sources.scope.of("answer.lead_id"),
            compose("answer.criterion_id = ANY({})", self.parameters(sorted(each.pk for each in criteria), "bigint[]")),
            None if known is None else compose("recorded_at <= {}", self.parameters(known, "timestamptz")),
            compose("answered_at <= {}" if past else "answered_at > {}", self.parameters(self.time.t, "timestamptz")),
        ]
        option, answer = SQL(self.sources.option.text), SQL(self.sources.answer.text)
        return compose(
            "{} AS answer JOIN {} AS option ON option.id = answer.option_id WHERE {}",
            answer,
            option,
            conjunction(tests),
        )

    def upcoming(self) -> Composable | None:
        """Per lead the first answer dated ahead of t."""
        if not self.asked:
            return None
        rows = self._rows([asked.criterion for asked in self.asked.values()], past=False)
        return compose("SELECT answer.lead_id, min(answered_at) AS at FROM {} GROUP BY answer.lead_id", rows)
