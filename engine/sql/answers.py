"""The answers of a lead: for each criterion that is asked for, the newest up to t."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.sql import SQL, Composable

from engine.catalog import Criterion
from engine.sql.fragments import Parameters, commas, conjunction, ours, say
from engine.sql.moment import Moment
from engine.sql.sources import Sources


@dataclass
class Asked:
    """A criterion with its place among those asked for, and whether somebody wants to know how old the answer is."""

    criterion: Criterion
    index: int
    dated: bool = False

    @property
    def option(self) -> Composable:
        return ours(f"c{self.index}")

    @property
    def instant(self) -> Composable:
        return ours(f"at{self.index}")


class Answers:
    """Says the newest answers, NULL where there is none; without a question there is no pass over them."""

    def __init__(self, *, sources: Sources, parameters: Parameters, moment: Moment) -> None:
        self.sources, self.parameters, self.moment = sources, parameters, moment
        self.asked: dict[str, Asked] = {}

    def option(self, criterion: Criterion) -> Composable:
        """The code of the newest answer's option."""
        return say("answers.{}", self._asked(criterion).option)

    def instant(self, criterion: Criterion) -> Composable:
        """When the newest answer was given."""
        asked = self._asked(criterion)
        asked.dated = True
        return say("answers.{}", asked.instant)

    def _asked(self, criterion: Criterion) -> Asked:
        return self.asked.setdefault(criterion.code, Asked(criterion, len(self.asked)))

    def ctes(self) -> list[tuple[str, Composable]]:
        return [("answers", self._by_lead())] if self.asked else []

    def _by_lead(self) -> Composable:
        """One row a lead: the option's code, and where wanted the instant, of each criterion's newest answer."""
        columns: list[Composable] = []
        for asked in self.asked.values():
            own = say("criterion_id = {}", self.parameters(asked.criterion.pk, "bigint"))
            columns.append(say("max(code) FILTER (WHERE {}) AS {}", own, asked.option))
            if asked.dated:
                columns.append(say("max(answered_at) FILTER (WHERE {}) AS {}", own, asked.instant))
        newest = self.newest([asked.criterion for asked in self.asked.values()])
        return say("SELECT lead_id, {} FROM ({}) AS newest GROUP BY lead_id", commas(columns), newest)

    def newest(self, criteria: list[Criterion]) -> Composable:
        """The newest answer of each lead to each of the criteria, known in time."""
        return say(
            "SELECT DISTINCT ON (answer.lead_id, answer.criterion_id)"
            " answer.lead_id, answer.criterion_id, option.code, answered_at, answer.by_id"
            " FROM {} ORDER BY answer.lead_id, answer.criterion_id, answered_at DESC, answer.id DESC",
            self._rows(criteria, past=True),
        )

    def _rows(self, criteria: list[Criterion], *, past: bool) -> Composable:
        """FROM and WHERE of the answers to the criteria, known in time."""
        known = self.sources.known_at
        tests = [
            self.sources.scope.of("answer.lead_id"),
            say("answer.criterion_id = ANY({})", self.parameters(sorted(each.pk for each in criteria), "bigint[]")),
            None if known is None else say("recorded_at <= {}", self.parameters(known, "timestamptz")),
            say("answered_at <= {}" if past else "answered_at > {}", self.parameters(self.moment.t, "timestamptz")),
        ]
        option, answer = SQL(self.sources.option.text), SQL(self.sources.answer.text)
        return say(
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
        return say("SELECT answer.lead_id, min(answered_at) AS at FROM {} GROUP BY answer.lead_id", rows)
