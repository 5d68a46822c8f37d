"""operand OP value, as SQL.

An operand is NULL when it is unknown, and SQL's three-valued logic does the rest: NULL passes through AND, OR and NOT
and is never true, so missing data never matches, negated or not. Only `known` and `unknown` look at NULL itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import LiteralString, cast

from psycopg.sql import SQL, Composable

from engine.catalog import Choice, FieldType
from engine.nodes import Duration, Op, Scalar
from engine.sql.context import StatementContext
from engine.sql.fragments import compose
from engine.values import TypedValue, typed_value

Value = Scalar | tuple[Scalar, ...] | Duration | None

STORED_AS: Mapping[FieldType, LiteralString] = {
    FieldType.TEXT: "text",
    FieldType.CHOICE: "text",
    FieldType.ORDERED: "smallint",
    FieldType.INTEGER: "bigint",
    FieldType.DECIMAL: "numeric",
    FieldType.DATE: "date",
    FieldType.DATETIME: "timestamptz",
    FieldType.BOOLEAN: "boolean",
}
SIGNS: Mapping[Op, LiteralString] = {
    Op.EQ: "=", Op.NE: "<>", Op.GT: ">", Op.GE: ">=", Op.LT: "<", Op.LE: "<=", Op.BEFORE: "<", Op.AFTER: ">",
}  # fmt: skip


class Comparisons:
    """Compares operands with written values, at one moment."""

    def __init__(self, context: StatementContext) -> None:
        self.parameters, self.time = context.parameters, context.time

    def compare(
        self, operand: Composable, kind: FieldType, op: Op, value: Value, choices: tuple[Choice, ...] = ()
    ) -> Composable:
        """A boolean that is NULL where the operand is unknown."""
        match op:
            case Op.KNOWN:
                return compose("({} IS NOT NULL)", operand)
            case Op.UNKNOWN:
                return compose("({} IS NULL)", operand)
            case Op.WITHIN_NEXT | Op.WITHIN_LAST:
                return self._span(operand, kind, op, cast("Duration", value).delta)
            case Op.IN | Op.NOT_IN:
                return self._list(operand, kind, op, cast("tuple[Scalar, ...]", value), choices)
        plain = typed_value(kind, cast("Scalar", value), choices)
        if op is Op.CONTAINS:
            return compose("(strpos({}, {}) > 0)", operand, self.parameters(plain, "text"))
        if op is Op.STARTS_WITH:
            return compose("starts_with({}, {})", operand, self.parameters(plain, "text"))
        if kind is FieldType.DATETIME:
            return self._instant(operand, op, plain)
        return self.sign(operand, op, plain, STORED_AS[kind])

    def sign(self, operand: Composable, op: Op, value: TypedValue, stored_as: LiteralString) -> Composable:
        return compose("({} {} {})", operand, SQL(SIGNS[op]), self.parameters(value, stored_as))

    def _list(
        self, operand: Composable, kind: FieldType, op: Op, values: tuple[Scalar, ...], choices: tuple[Choice, ...]
    ) -> Composable:
        members = [typed_value(kind, value, choices) for value in values]
        template: LiteralString = "({} = ANY({}))" if op is Op.IN else "({} <> ALL({}))"
        return compose(template, operand, self.parameters(members, LISTED_AS[kind]))

    def _span(self, operand: Composable, kind: FieldType, op: Op, length: timedelta) -> Composable:
        """Dates compare as days, instants as instants; both ends belong to the span."""
        start, end = (timedelta(), length) if op is Op.WITHIN_NEXT else (-length, timedelta())
        low: date = self.time.day(start) if kind is FieldType.DATE else self.time.t + start
        high: date = self.time.day(end) if kind is FieldType.DATE else self.time.t + end
        stored_as = STORED_AS[kind]
        return compose(
            "({} BETWEEN {} AND {})", operand, self.parameters(low, stored_as), self.parameters(high, stored_as)
        )

    def _instant(self, operand: Composable, op: Op, value: TypedValue) -> Composable:
        """Before a day is before its first instant; after a day is from the first instant of the next."""
        if isinstance(value, datetime):
            return self.sign(operand, op, value, "timestamptz")
        day = cast("date", value)
        if op is Op.BEFORE:
            return self.sign(operand, Op.LT, self.time.beginning(day), "timestamptz")
        if day == date.max:
            return compose("({} IS NULL AND NULL)", operand)
        return self.sign(operand, Op.GE, self.time.beginning(day + timedelta(days=1)), "timestamptz")


LISTED_AS: Mapping[FieldType, LiteralString] = {
    FieldType.TEXT: "text[]",
    FieldType.CHOICE: "text[]",
    FieldType.ORDERED: "smallint[]",
    FieldType.INTEGER: "bigint[]",
    FieldType.DECIMAL: "numeric[]",
}
