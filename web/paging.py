"""Keyset paging: a page begins where the last one ended, so that page 1,000 costs what page 1 costs.

`page_of` pages one list in both directions. A list that is merged from several tables reads each of them with
`Order.beyond` from a position of its own, joins them with `merged` and keeps the position with `signed`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge
from itertools import islice
from typing import Any, Generic, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.core import signing
from django.db.models import BigIntegerField, BooleanField, F, Func, OrderBy, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable, Expression
from django.db.models.lookups import GreaterThan, LessThan

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
COUNTED = 10_000

T = TypeVar("T")
S = TypeVar("S")

_signer = signing.Signer(salt="web.paging")


class Tuple(Func):
    """(a, b): compared as a whole, which is what an index on (a, b) can begin from."""

    function = "ROW"
    output_field = TextField()


class IsOneOf(Func):
    """a = ANY(array): one parameter instead of thousands of placeholders."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class Numbers(Expression):
    """Whole numbers as one array. A `Value` would prepare each of ten thousand, which takes longer than the query."""

    output_field = ArrayField(BigIntegerField())

    def __init__(self, numbers: tuple[int, ...]) -> None:
        super().__init__()
        self.numbers = numbers

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s::bigint[]", [list(self.numbers)]


@dataclass(frozen=True, kw_only=True)
class Order:
    """One order of a list. `keys` are written as for `order_by`; together, or by the last alone, they are unique.

    A key that may be NULL is named in `nulls_last` or in `nulls_first`, without its sign. `name` tells the orders of
    one list apart: a cursor of one order does not fit another.
    """

    name: str
    keys: tuple[str, ...]
    nulls_last: tuple[str, ...] = ()
    nulls_first: tuple[str, ...] = ()

    @classmethod
    def by(cls, key: str) -> Order:
        """The order of one key that is never NULL; equals follow by primary key in the same direction."""
        return cls(name=key, keys=(key, "-pk" if key.startswith("-") else "pk"))

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(key.removeprefix("-") for key in self.keys)

    @property
    def descends(self) -> bool:
        """Whether the first key does."""
        return self.keys[0].startswith("-")

    def expressions(self, *, backwards: bool = False) -> list[OrderBy]:
        """What `order_by` takes."""
        expressions = []
        for key, field in zip(self.keys, self.fields, strict=True):
            nulls = {}
            if field in self.nulls_last + self.nulls_first:
                nulls = {"nulls_last" if (field in self.nulls_last) != backwards else "nulls_first": True}
            expressions.append(OrderBy(F(field), descending=key.startswith("-") != backwards, **nulls))
        return expressions

    def position(self, row: Any) -> list[Any]:
        """Where `row`, an object or a dictionary, stands in this order: the values of its keys."""
        return [row[field] if isinstance(row, dict) else getattr(row, field) for field in self.fields]

    def beyond(self, position: Sequence[Any], *, backwards: bool = False) -> Q | Combinable:
        """The condition for rows that come after `position` (before it when backwards)."""
        descending = self.descends != backwards
        is_uniform = all(key.startswith("-") == self.descends for key in self.keys)
        if is_uniform and not self.nulls_last + self.nulls_first:
            lookup = LessThan if descending else GreaterThan
            return lookup(Tuple(*map(F, self.fields)), Tuple(*map(Value, position)))
        condition = Q(pk__in=[])
        for key, value in reversed(list(zip(self.keys, position, strict=True))):
            field = key.removeprefix("-")
            same = Q(**{f"{field}__isnull": True}) if value is None else Q(**{field: value})
            condition = self._key_beyond(key, value, backwards) | (same & condition)
        if self.fields[0] in self.nulls_last + self.nulls_first:
            return condition
        # The plain bound beside the exact one is what an index can begin from.
        return Q(**{f"{self.fields[0]}__{'lte' if descending else 'gte'}": position[0]}) & condition

    def _key_beyond(self, key: str, value: Any, backwards: bool) -> Q:
        """The condition for rows whose value of one key comes after `value`."""
        field, descending = key.removeprefix("-"), key.startswith("-") != backwards
        nulls_last = field in (self.nulls_first if backwards else self.nulls_last)
        if value is None:
            return Q(pk__in=[]) if nulls_last else Q(**{f"{field}__isnull": False})
        condition = Q(**{f"{field}__{'lt' if descending else 'gt'}": value})
        return condition | Q(**{f"{field}__isnull": True}) if nulls_last else condition


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """Where a page begins, as its address has it: behind `after`, in front of `before`, or with the first row."""

    after: str = ""
    before: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Cursor:
        return cls(after=query.get("after", ""), before=query.get("before", ""))


FIRST_PAGE = Cursor()


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """One page of rows with the cursors of its neighbours; an empty cursor means there is nothing on that side.

    `is_start` says that no cursor of this list was given: the page begins with the first row.
    """

    rows: list[T]
    before: str = ""
    after: str = ""
    is_start: bool = True

    def showing(self, rows: list[S]) -> Page[S]:
        """The same page with `rows` in place of its own."""
        return Page(rows=rows, before=self.before, after=self.after, is_start=self.is_start)


def page_of(rows: QuerySet[Any, T], order: Order, cursor: Cursor, size: int = PAGE_SIZE) -> Page[T]:
    """The page of `rows` that begins at `cursor`, in one query whatever the page's number.

    A cursor that is forged, or of another list or order, is the first page. `size` is cut to MAX_PAGE_SIZE.
    """
    size = max(1, min(size, MAX_PAGE_SIZE))
    name = f"{rows.model._meta.label_lower} {order.name}"
    position = unsigned(name, cursor.before or cursor.after)
    is_start = len(position) != len(order.keys)
    backwards = bool(cursor.before) and not is_start
    if not is_start:
        rows = rows.filter(order.beyond(position, backwards=backwards))
    read = list(rows.order_by(*order.expressions(backwards=backwards))[: size + 1])
    shown, has_more = read[:size], len(read) > size
    if backwards:
        shown.reverse()
    has_before, has_after = (has_more, True) if backwards else (not is_start, has_more)
    return Page(
        rows=shown,
        before=signed(name, order.position(shown[0])) if shown and has_before else "",
        after=signed(name, order.position(shown[-1])) if shown and has_after else "",
        is_start=is_start,
    )


def merged(lists: Iterable[Iterable[T]], *, key: Callable[[T], Any], size: int) -> tuple[list[T], bool]:
    """The first `size` items of several lists that each fall by `key`, and whether any are left over.

    Each list must have been read one item further than `size`. Among equal keys the earlier list comes first.
    """
    read = list(islice(merge(*lists, key=key, reverse=True), size + 1))
    return read[:size], len(read) > size


def signed(name: str, values: Sequence[Any]) -> str:
    """A position in the list `name` as text that only we can have written; times keep their microseconds."""
    written: list[Any] = [name]
    for value in values:
        if isinstance(value, datetime):
            written.append({"at": value.isoformat()})
        else:
            written.append({"on": value.isoformat()} if isinstance(value, date) else value)
    return _signer.sign_object(written)


def unsigned(name: str, text: str) -> list[Any]:
    """The position that `signed` wrote for the list `name`; nothing for any other text."""
    try:
        written, *values = _signer.unsign_object(text)
    except (signing.BadSignature, ValueError, TypeError, UnicodeError):
        return []
    if written != name:
        return []
    position: list[Any] = []
    for value in values:
        if isinstance(value, dict):
            moment = datetime.fromisoformat(value["at"]) if "at" in value else date.fromisoformat(value["on"])
            position.append(moment)
        else:
            position.append(value)
    return position


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
        return Q(IsOneOf(F(field), Numbers(tuple(self.ids))))


def matches_of(rows: QuerySet[Any], limit: int = COUNTED) -> Matches:
    ids = list(rows.order_by().values_list("pk", flat=True)[: limit + 1])
    if len(ids) > limit:
        return Matches(rows=rows, count=Count(number=limit, is_more=True), ids=None)
    few = rows.model._default_manager.filter(IsOneOf(F("pk"), Numbers(tuple(ids))))
    return Matches(rows=few, count=Count(number=len(ids)), ids=ids)


def count_of(rows: QuerySet[Any], limit: int = COUNTED) -> Count:
    number = rows.order_by().values("pk")[: limit + 1].count()
    return Count(number=min(number, limit), is_more=number > limit)
