"""What is known of a lead besides its activities: its own and its company's fields, its source, its answers."""

from __future__ import annotations

import re

from psycopg.sql import SQL, Composable

from scoring.engine.catalog import Criterion, Field, FieldType
from scoring.engine.sql.fragments import Parameters, commas, conjunction, ours, say
from scoring.engine.sql.moment import Moment
from scoring.engine.sql.sources import Sources

COLUMN = re.compile(r"[a-z][a-z0-9_]*")
RELATIONS = ("lead", "company", "source")


class Attributes:
    """Says the values of fields and criteria, NULL when unknown, and collects what must be joined for them."""

    def __init__(self, *, sources: Sources, parameters: Parameters, moment: Moment) -> None:
        self.sources, self.parameters, self.moment = sources, parameters, moment
        self.relations: set[str] = set()
        self.criteria: dict[str, tuple[Composable, Criterion]] = {}

    def field(self, field: Field) -> Composable:
        """The value of a field over the joined relations, NULL when unknown."""
        relation, column, *key = field.path
        if relation not in RELATIONS or not COLUMN.fullmatch(column):
            raise ValueError(f"the catalog leads nowhere: {field.path}")
        self.relations.add(relation)
        stored = ours(f"{relation}.{column}")
        if key:
            return self._custom(stored, self.parameters(key[0], "text"), field.type)
        return say("nullif({}, '')", stored) if field.type in (FieldType.TEXT, FieldType.CHOICE) else stored

    def answer(self, criterion: Criterion) -> Composable:
        """The code of the newest answer's option."""
        name, _ = self.criteria.setdefault(criterion.code, (ours(f"c{len(self.criteria)}"), criterion))
        return say("answers.{}", name)

    def joins(self) -> Composable:
        """The lead with what hangs on it, as the FROM of everything said about it."""
        parts = [say("{} AS lead", SQL(self.sources.lead.text))]
        if "company" in self.relations:
            parts.append(say("{} AS company ON company.id = lead.company_id", SQL(self.sources.company.text)))
        if "source" in self.relations:
            parts.append(say("{} AS source ON source.id = lead.source_id", SQL(self.sources.source.text)))
        if self.criteria:
            parts.append(SQL("answers ON answers.lead_id = lead.id"))
        return SQL(" LEFT JOIN ").join(parts)

    def _custom(self, stored: Composable, key: Composable, kind: FieldType) -> Composable:
        """A member of the JSON if it is of the attribute's type; anything else counts as unknown."""
        text = say("({} ->> {})", stored, key)
        json_type = say("jsonb_typeof({} -> {})", stored, key)
        match kind:
            case FieldType.INTEGER | FieldType.DECIMAL:
                return say("CASE WHEN {} = 'number' THEN {}::numeric END", json_type, text)
            case FieldType.BOOLEAN:
                return say("CASE WHEN {} = 'boolean' THEN {}::boolean END", json_type, text)
            case FieldType.DATE:
                return say("CASE WHEN pg_input_is_valid({0}, 'date') THEN {0}::date END", text)
            case FieldType.DATETIME:
                return say("CASE WHEN pg_input_is_valid({0}, 'timestamptz') THEN {0}::timestamptz END", text)
            case _:
                return say("CASE WHEN {} = 'string' THEN nullif({}, '') END", json_type, text)

    # --- answers

    def ctes(self) -> list[tuple[str, Composable]]:
        return [("answers", self._newest_answers())] if self.criteria else []

    def _newest_answers(self) -> Composable:
        columns = [
            say("max(code) FILTER (WHERE criterion_id = {}) AS {}", self.parameters(criterion.pk, "bigint"), name)
            for name, criterion in self.criteria.values()
        ]
        newest = say(
            "SELECT DISTINCT ON (answer.lead_id, answer.criterion_id) answer.lead_id, answer.criterion_id, option.code"
            " FROM {} ORDER BY answer.lead_id, answer.criterion_id, answered_at DESC, answer.id DESC",
            self._answers(past=True),
        )
        return say("SELECT lead_id, {} FROM ({}) AS newest GROUP BY lead_id", commas(columns), newest)

    def _answers(self, *, past: bool) -> Composable:
        """FROM and WHERE of the answers to the criteria asked for, known in time."""
        known = self.sources.known_at
        asked = sorted(criterion.pk for _, criterion in self.criteria.values())
        tests = [
            self.sources.scope.of("answer.lead_id"),
            say("answer.criterion_id = ANY({})", self.parameters(asked, "bigint[]")),
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
        if not self.criteria:
            return None
        return say(
            "SELECT answer.lead_id, min(answered_at) AS at FROM {} GROUP BY answer.lead_id", self._answers(past=False)
        )
