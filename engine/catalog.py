"""What rules may name: fields, activity types, criteria, segments. A whitelist built from plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from engine.nodes import Condition, Op


class FieldType(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    ORDERED = "ordered"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"


_SAME = (Op.EQ, Op.NE)
_ONE_OF = (Op.IN, Op.NOT_IN)
_ORDER = (Op.GT, Op.GE, Op.LT, Op.LE)
_KNOWING = (Op.KNOWN, Op.UNKNOWN)
_TIME = (Op.BEFORE, Op.AFTER, Op.WITHIN_NEXT, Op.WITHIN_LAST)

OPERATORS: Mapping[FieldType, tuple[Op, ...]] = {
    FieldType.TEXT: (*_SAME, *_ONE_OF, Op.CONTAINS, Op.STARTS_WITH, *_KNOWING),
    FieldType.CHOICE: (*_SAME, *_ONE_OF, *_KNOWING),
    FieldType.ORDERED: (*_SAME, *_ORDER, *_ONE_OF, *_KNOWING),
    FieldType.INTEGER: (*_SAME, *_ORDER, *_ONE_OF, *_KNOWING),
    FieldType.DECIMAL: (*_SAME, *_ORDER, *_ONE_OF, *_KNOWING),
    FieldType.DATE: (*_SAME, Op.GE, Op.LE, *_TIME, *_KNOWING),
    FieldType.DATETIME: (*_TIME, *_KNOWING),
    FieldType.BOOLEAN: (*_SAME, *_KNOWING),
}
"""Which operators a type has, in the order the editor offers them."""

OBJECT_OPERATORS = (*_SAME, *_ONE_OF, Op.CONTAINS, Op.STARTS_WITH, Op.KNOWN)
"""An activity without an object fails every `where` on it, so asking for `unknown` would never match."""


class Label(NamedTuple):
    en: str
    ja: str

    def say(self, language: str) -> str:
        return self.ja if language == "ja" else self.en


class Unit(NamedTuple):
    """What a number counts: "100 employees", 100名."""

    one: str
    many: str
    ja: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    code: str
    label: Label
    rank: int | None = None


@dataclass(frozen=True, kw_only=True)
class CatalogField:
    """An attribute. `path` leads to it from the lead: relation, column, and for a custom one its key in the JSON.

    With a `unit`, sentences say the number with it and need no label in English.
    """

    code: str
    type: FieldType
    path: tuple[str, ...]
    label: Label
    group: str
    choices: tuple[Choice, ...] = ()
    unit: Unit | None = None
    names: tuple[Choice, ...] = ()
    """What some values of a free text are called, such as the industries that are kept under a code."""

    @property
    def called(self) -> tuple[Choice, ...]:
        """What sentences call the values, be they all that there may be or only some."""
        return self.choices or self.names

    @property
    def operators(self) -> tuple[Op, ...]:
        return OPERATORS[self.type]

    @property
    def orm_path(self) -> str:
        """The same path in Django's words, from a Lead queryset: `company__employees`."""
        return "__".join(self.path[1:] if self.path[0] == "lead" else self.path)

    def choice(self, code: object) -> Choice | None:
        return next((choice for choice in self.choices if choice.code == code), None)


@dataclass(frozen=True, kw_only=True)
class CatalogActivity:
    """A kind of activity. What is no sign of interest counts where a rule names it, but never as "any"."""

    code: str
    pk: int
    label: Label
    is_interest: bool = True


@dataclass(frozen=True, kw_only=True)
class CatalogCriterion:
    """A question of a framework, `framework.criterion`, and the answers it has."""

    code: str
    pk: int
    label: Label
    options: tuple[Choice, ...] = ()

    def option(self, code: object) -> Choice | None:
        return next((choice for choice in self.options if choice.code == code), None)


@dataclass(frozen=True, kw_only=True, eq=False)
class Catalog:
    """Equal to itself only, so that what was made for one can be kept by it."""

    fields: Mapping[str, CatalogField]
    activities: Mapping[str, CatalogActivity]
    criteria: Mapping[str, CatalogCriterion] = field(default_factory=dict)
    segments: Mapping[str, Condition] = field(default_factory=dict)


def custom_field(
    *, name: str, type: FieldType, label: Label, choices: Iterable[Choice] = (), owner: str = "lead"
) -> CatalogField:
    """An attribute defined by an admin, kept in the JSON of its owner (`lead` or `company`)."""
    prefix = "custom" if owner == "lead" else f"{owner}.custom"
    return CatalogField(
        code=f"{prefix}.{name}",
        type=type,
        path=(owner, "custom", name),
        label=label,
        group="custom",
        choices=tuple(choices),
    )
