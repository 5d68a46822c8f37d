"""Keyset paging: a page begins where the last one ended, so that page 1,000 costs what page 1 costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core import signing
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.dateparse import parse_datetime

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
COUNTED = 10_000

_signer = signing.Signer(salt="leads.paging")


class Tuple(Func):
    """(a, b): compared as a whole, which is what an index on (a, b) can begin from."""

    function = "ROW"
    output_field = TextField()


class IsOneOf(Func):
    """a = ANY(array): one parameter instead of thousands of placeholders."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def _array(ids: Sequence[int]) -> Value:
    return Value(list(ids), output_field=ArrayField(BigIntegerField()))


@dataclass(frozen=True, kw_only=True)
class Order:
    """One order of a list: all its fields run in the same direction and the last one is unique."""

    name: str
    fields: tuple[str, ...]
    descending: bool = False

    def by(self, *, backwards: bool = False) -> list[str]:
        """What `order_by` takes."""
        sign = "-" if self.descending != backwards else ""
        return [f"{sign}{field}" for field in self.fields]

    def key(self, row: Any) -> list[Any]:
        return [row[field] if isinstance(row, dict) else getattr(row, field) for field in self.fields]

    def beyond(self, key: Sequence[Any], *, backwards: bool = False) -> Combinable:
        """The condition for rows that come after `key` (before it when backwards)."""
        lookup = LessThan if self.descending != backwards else GreaterThan
        given = (Value(value) for value in key)
        return lookup(Tuple(*(F(field) for field in self.fields)), Tuple(*given))


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """Where a page begins. A cursor that is not ours, or of another order, is the first page."""

    key: tuple[Any, ...] = ()
    backwards: bool = False

    @classmethod
    def read(cls, order: Order, *, after: str = "", before: str = "") -> Cursor:
        name, *key = unsigned(before or after) or [""]
        if name != order.name or len(key) != len(order.fields):
            return cls()
        return cls(key=tuple(key), backwards=bool(before))


def write_cursor(order: Order, row: Any) -> str:
    return signed([order.name, *order.key(row)])


def signed(values: Sequence[Any]) -> str:
    """Values as text that only we can have written; times keep their microseconds."""
    return _signer.sign_object([_dump(value) for value in values])


def unsigned(text: str) -> list[Any]:
    """What `signed` wrote; nothing for anything else."""
    try:
        return [_load(value) for value in _signer.unsign_object(text)]
    except (signing.BadSignature, ValueError, TypeError, UnicodeError):
        return []


def _dump(value: Any) -> Any:
    return {"at": value.isoformat()} if isinstance(value, date | datetime) else value


def _load(value: Any) -> Any:
    return parse_datetime(value["at"]) if isinstance(value, dict) else value


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of rows with the cursors beside it; an empty cursor means there is nothing on that side."""

    rows: list[Any]
    before: str = ""
    after: str = ""


def page_of(rows: QuerySet[Any], order: Order, cursor: Cursor, size: int = PAGE_SIZE) -> Page:
    """The page of `rows` that begins at `cursor`. One query, whatever the page's number."""
    size = max(1, min(size, MAX_PAGE_SIZE))
    if cursor.key:
        rows = rows.filter(order.beyond(cursor.key, backwards=cursor.backwards))
    found = list(rows.order_by(*order.by(backwards=cursor.backwards))[: size + 1])
    more, found = len(found) > size, found[:size]
    if cursor.backwards:
        found.reverse()
    first, last = (found[0], found[-1]) if found else (None, None)
    return Page(
        rows=found,
        before=write_cursor(order, first) if first and (more if cursor.backwards else cursor.key) else "",
        after=write_cursor(order, last) if last and (more or cursor.backwards) else "",
    )


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many rows there are, counted no further than anybody reads."""

    number: int
    is_more: bool = False


@dataclass(frozen=True, kw_only=True)
class Matches:
    """What a list's filters let through. `ids` names the rows where they are few, else it is None.

    What is few is sorted, which is cheap whatever the filters were; what is many is found soon by walking the order's
    own index. Without the difference the planner walks a whole index for filters that match next to nothing.
    """

    rows: QuerySet[Any]
    count: Count
    ids: list[int] | None

    def named_by(self, field: str) -> Q:
        """The condition that `field` of another table names one of these rows."""
        if self.ids is None:
            return Q(**{f"{field}__in": self.rows.order_by().values("pk")})
        return Q(IsOneOf(F(field), _array(self.ids)))


def matches_of(rows: QuerySet[Any], limit: int = COUNTED) -> Matches:
    ids = list(rows.order_by().values_list("pk", flat=True)[: limit + 1])
    if len(ids) > limit:
        return Matches(rows=rows, count=Count(number=limit, is_more=True), ids=None)
    few = rows.model._default_manager.filter(IsOneOf(F("pk"), _array(ids)))
    return Matches(rows=few, count=Count(number=len(ids)), ids=ids)


def count_of(rows: QuerySet[Any], limit: int = COUNTED) -> Count:
    found = rows.order_by().values("pk")[: limit + 1].count()
    return Count(number=min(found, limit), is_more=found > limit)
