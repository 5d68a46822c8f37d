"""What is known of a lead besides its activities: its own and its company's fields, its source; and its answers."""

from __future__ import annotations

import re

from psycopg.sql import SQL, Composable

from engine.catalog import Field, FieldType
from engine.sql.answers import Answers
from engine.sql.fragments import Parameters, ours, say
from engine.sql.moment import Moment
from engine.sql.sources import Sources

COLUMN = re.compile(r"[a-z][a-z0-9_]*")
RELATIONS = ("lead", "company", "source")


class Attributes:
    """Says the values of fields, NULL when unknown, and collects what must be joined for them and for answers."""

    def __init__(self, *, sources: Sources, parameters: Parameters, moment: Moment) -> None:
        self.sources, self.parameters, self.moment = sources, parameters, moment
        self.relations: set[str] = set()
        self.answers = Answers(sources=sources, parameters=parameters, moment=moment)

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

    def joins(self) -> Composable:
        """The lead with what hangs on it, as the FROM of everything said about it."""
        parts = [say("{} AS lead", SQL(self.sources.lead.text))]
        if "company" in self.relations:
            parts.append(say("{} AS company ON company.id = lead.company_id", SQL(self.sources.company.text)))
        if "source" in self.relations:
            parts.append(say("{} AS source ON source.id = lead.source_id", SQL(self.sources.source.text)))
        if self.answers.asked:
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
