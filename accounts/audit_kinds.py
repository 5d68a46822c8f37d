"""How the audit log says the changes of each model: every room registers its own words when it is ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

Words = str | Promise
Sayer = Callable[[Any, Any], Words]


@dataclass(frozen=True, kw_only=True)
class AuditKind:
    """The words of one model.

    `about` is the foreign key to what its rows are about, such as the lead of a hand-off: that gives an entry its name
    and its link. `fields` names the columns, `hidden` are those that tell a person nothing, `values` says a value from
    the value and its row. `called` and `address` are the name and the page of a row of this model, and `reads` are the
    foreign keys that they follow.
    """

    model: type[Model]
    about: str = ""
    fields: Mapping[str, Words] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    values: Mapping[str, Sayer] = field(default_factory=dict)
    called: Callable[[Any], Words] | None = None
    address: Callable[[Any], str] | None = None
    reads: tuple[str, ...] = ()


_kinds: dict[type[Model], AuditKind] = {}


def register_audit_kinds(*kinds: AuditKind) -> None:
    """Make words known; called once by each app when it is ready."""
    for kind in kinds:
        if kind.model in _kinds:
            raise ValueError(f"{kind.model.__name__} is registered twice")
        _kinds[kind.model] = kind


def audit_kind(model: type[Model]) -> AuditKind:
    """The words of a model; for one that registered none, those of its columns."""
    return _kinds.get(model) or AuditKind(model=model)


def name_in_words(row: Model) -> str:
    """What a row is called in the audit log, by its room or by itself."""
    called = audit_kind(type(row)).called
    return str(called(row) if called else row)


def address_of_row(row: Model) -> str:
    """The page of a row; "" for one that has none."""
    address = audit_kind(type(row)).address or getattr(type(row), "get_absolute_url", None)
    return str(address(row)) if address else ""
