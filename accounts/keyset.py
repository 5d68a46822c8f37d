"""Paging by position, not by number: page 1,000 costs what page 1 costs, and new rows do not shift the next page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Model, Q, QuerySet

SALT = "accounts.keyset"


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Some rows in order, and the signed marks that lead to the rows before and after them ("" at an end)."""

    rows: list[Any]
    before: str
    after: str


def _list(model: type[Model], field: str) -> str:
    return f"{model._meta.label}.{field}"


def _mark(row: Model, field: str) -> str:
    value = getattr(row, field)
    text = value.isoformat() if isinstance(value, datetime) else value
    return signing.dumps([_list(type(row), field), text, row.pk], salt=SALT)


def _read(mark: str, expected: str) -> tuple[Any, Any] | None:
    """What a mark says; a forged or broken one, or one of another list, says nothing, which shows the first page."""
    try:
        name, value, pk = signing.loads(mark, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (value, pk) if name == expected else None


def _beyond(field: str, position: tuple[Any, Any], *, forward: bool) -> Q:
    value, pk = position
    op = "gt" if forward else "lt"
    return Q(**{f"{field}__{op}": value}) | Q(**{field: value, f"pk__{op}": pk})


def slice_of(rows: QuerySet[Any], *, order: str, after: str = "", before: str = "", size: int = 50) -> Slice:
    """One page of `rows` in the order of one field (leading "-" for descending) and the key, beside a mark."""
    field, ascending = order.removeprefix("-"), not order.startswith("-")
    backward = bool(before) and not after
    position = _read(before if backward else after, _list(rows.model, field))
    if position is None:
        backward = False
    else:
        rows = rows.filter(_beyond(field, position, forward=ascending != backward))
    sign = "" if ascending != backward else "-"
    found = list(rows.order_by(f"{sign}{field}", f"{sign}pk")[: size + 1])
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    has_before, has_after = (more, True) if backward else (position is not None, more)
    return Slice(
        rows=found,
        before=_mark(found[0], field) if found and has_before else "",
        after=_mark(found[-1], field) if found and has_after else "",
    )
