"""What is known of a lead besides its activities: its own and its company's fields, its source; and its answers."""

from __future__ import annotations

import re

from psycopg.sql import SQL, Composable

from engine.catalog import CatalogField, FieldType
from engine.sql.answers import NewestAnswers
from engine.sql.context import StatementContext
from engine.sql.fragments import compose, trusted

COLUMN = re.compile(r"[a-z][a-z0-9_]*")
RELATIONS = ("lead", "company", "source")


class LeadAttributes:
    """The values of fields, NULL when unknown; collects what must be joined for them and for answers."""

    def __init__(self, context: StatementContext) -> None:
        self.sources, self.parameters = context.sources, context.parameters
        self.relations: set[str] = set()
        self.answers = NewestAnswers(context)

    def field(self, field: CatalogField) -> Composable:
        """The value of a field over the joined relations, NULL when unknown."""
        relation, column, *key = field.path
        if relation not in RELATIONS or not COLUMN.fullmatch(column):
            raise ValueError(f"the catalog leads nowhere: {field.path}")
        self.relations.add(relation)
        stored = trusted(f"{relation}.{column}")
        if key:
            return self._custom(stored, self.parameters(key[0], "text"), field.type)
        return compose("nullif({}, '')", stored) if field.type in (FieldType.TEXT, FieldType.CHOICE) else stored

    def joins(self) -> Composable:
        """The lead with what hangs on it, as the FROM of everything said about it."""
        parts = [compose("{} AS lead", SQL(self.sources.lead.text))]
        if "company" in self.relations:
            parts.append(compose("{} AS company ON company.id = lead.company_id", SQL(self.sources.company.text)))
        if "source" in self.relations:
            parts.append(compose("{} AS source ON source.id = lead.source_id", SQL(self.sources.source.text)))
        if self.answers.asked:
            parts.append(SQL("answers ON answers.lead_id = lead.id"))
        return SQL(" LEFT JOIN ").join(parts)

    def _custom(self, stored: Composable, key: Composable, kind: FieldType) -> Composable:
        """A member of the JSON if it is of the attribute's type; anything else counts as unknown."""
        text = compose("({} ->> {})", stored, key)
        json_type = compose("jsonb_typeof({} -> {})", stored, key)
        match kind:
            case FieldType.INTEGER | FieldType.DECIMAL:
                return compose("CASE WHEN {} = 'number' THEN {}::numeric END", json_type, text)
            case FieldType.BOOLEAN:
                return compose("CASE WHEN {} = 'boolean' THEN {}::boolean END", json_type, text)
            case FieldType.DATE:
                return compose("CASE WHEN pg_input_is_valid({0}, 'date') THEN {0}::date END", text)
            case FieldType.DATETIME:
                return compose("CASE WHEN pg_input_is_valid({0}, 'timestamptz') THEN {0}::timestamptz END", text)
            case _:
                return compose("CASE WHEN {} = 'string' THEN nullif({}, '') END", json_type, text)
