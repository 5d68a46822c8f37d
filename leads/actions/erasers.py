"""Rows that say who a lead was: each app registers how its own are emptied when a person's data is erased."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pgtrigger
from django.db.models import Model, Q

from accounts.audit import kinds
from accounts.audit_kinds import Words
from accounts.models import User
from leads.erased_values import PersonalValues


@dataclass(frozen=True, kw_only=True)
class ErasedPerson:
    """Whose data goes: `ids` are the lead and those that were merged into it, all locked; `pk` is what stands for it.

    `values` is what the person was ever called here.
    """

    pk: int
    ids: Sequence[int]
    values: PersonalValues
    by: User
    now: datetime

    @property
    def called(self) -> str:
        """What the lead is called from now on."""
        return f"#{self.pk}"


@dataclass(frozen=True, kw_only=True)
class Eraser:
    """One kind of rows: what they are called, how many of these leads there are, and what empties them.

    `empty` runs inside the erasure's transaction and returns how many rows it changed. Rows without a label are not
    counted before.
    """

    code: str
    label: Words = ""
    count: Callable[[Collection[int]], int] = lambda ids: 0
    empty: Callable[[ErasedPerson], int]


_erasers: list[Eraser] = []


def register_erasers(*erasers: Eraser) -> None:
    """Called once by an app when it is ready. Higher apps come first when data is erased: they know the lower ones."""
    _erasers.extend(erasers)


def erasers() -> Sequence[Eraser]:
    """All that are registered, in the order of the apps."""
    return tuple(_erasers)


def empty_columns(model: type[Model], rows: Q, **values: Any) -> int:
    """Write these values into rows of a model and into their whole history; returns how many rows had others.

    The history of a tracked model has the same columns, and nothing else may change it.
    """
    found = model._base_manager.filter(rows)
    ids = list(found.values_list("pk", flat=True))
    changed = model._base_manager.filter(pk__in=ids).exclude(**values).update(**values)
    event = kinds().get(str(model._meta.model_name))
    if event is not None:
        with pgtrigger.ignore(f"{event._meta.label}:append_only"):
            history = event._base_manager.filter(rows | Q(pgh_obj__in=ids)).values("pk")
            event._base_manager.filter(pk__in=history).exclude(**values).update(**values)
    return int(changed)


@dataclass(frozen=True, kw_only=True)
class RowCount:
    """How many rows of one kind an erasure would empty."""

    label: Words
    number: int


def row_counts(ids: Collection[int]) -> list[RowCount]:
    """What an erasure would empty beside the columns of these leads; kinds without rows are left out."""
    counted = (RowCount(label=eraser.label, number=eraser.count(ids)) for eraser in _erasers if eraser.label)
    return [rows for rows in counted if rows.number]
