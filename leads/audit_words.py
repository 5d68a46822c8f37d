"""What the audit log calls the changes of leads, their companies, and what an administrator names for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.audit_kinds import AuditKind
from leads.actions.erasers import erasers
from leads.models import (
    ActivityType,
    AttributeDefinition,
    Company,
    CompanyMerge,
    Duplicate,
    Erasure,
    Exclusion,
    Lead,
    Merge,
    Note,
    StageChange,
)  # fmt: skip
from leads.properties import PropertyType
from leads.wording import PROPERTY_TYPES, reason, value_words
from web.formats import listed, number, written


def words_of(column: str) -> Callable[[Any, Any], str]:
    """Says the text of a column that may hold a code, such as a country."""
    return lambda value, row: value_words(column, value)


def custom_words(values: Mapping[str, Any], row: Any) -> str:
    """Custom attributes under their names."""
    names = {definition.code: str(definition) for definition in AttributeDefinition.objects.all()}
    return listed(f"{names.get(code, code)}: {written(value)}" for code, value in sorted(values.items()))


def property_words(types: Mapping[str, str], row: Any) -> str:
    """The properties of an activity type, each with its type."""
    return listed(f"{name}: {PROPERTY_TYPES[PropertyType(kind)]}" for name, kind in sorted(types.items()))


def lead_name(row: Any) -> str:
    """Only administrators read the log, and they may see contact data."""
    return row.name or row.email or row.external_id or f"#{getattr(row, 'pgh_obj_id', row.pk)}"


def filled_words(model: type[Model]) -> Callable[[Any, Any], str]:
    """Says which columns of the kept row a merge changed: each with its value before and after."""

    def words(filled: Mapping[str, list[Any]], row: Any) -> str:
        changes = []
        for name, (before, after) in sorted(filled.items()):
            field = model._meta.get_field(name)
            said = [value_words(field.name, value) or NOTHING for value in (before, after)]
            changes.append(f"{getattr(field, 'verbose_name', name)}: {said[0]} → {said[1]}")
        return listed(changes)

    return words


def moved_words(moved: Mapping[str, list[Any]], row: Any) -> str:
    """How many rows of each kind went along with a merge; those of higher rooms together."""
    numbers = {name: len(ids) for name, ids in moved.items() if ids}
    known = {name: numbers.pop(name) for name in MOVED if name in numbers}
    said = [f"{MOVED[name]}: {number(count)}" for name, count in known.items()]
    others = [f"{OTHERS}: {number(sum(numbers.values()))}"] if numbers else []
    return listed([*said, *others])


def emptied_words(emptied: Mapping[str, int], row: Any) -> str:
    """How many rows an erasure emptied; those that no page counts beforehand are together."""
    labels = {eraser.code: eraser.label for eraser in erasers() if eraser.label}
    said = [f"{label}: {number(emptied[code])}" for code, label in labels.items() if code in emptied]
    others = sum(count for code, count in emptied.items() if code not in labels)
    return listed([*said, *([f"{OTHERS}: {number(others)}"] if others else [])])


def how_many(ids: list[Any], row: Any) -> str:
    return number(len(ids))


NOTHING = "–"
MOVED = {
    "visitors": _("visitors"),
    "notes": _("notes"),
    "exclusions": _("excluded activities"),
    "answers": _("answers"),
}
OTHERS = _("other records")
MERGED = {
    "merged": _("merged"),
    "filled": _("fields filled in"),
    "moved": _("records moved"),
    "activities": _("activities moved"),
    "shared": _("activities of both, counted once"),
    "leads": _("leads moved"),
    "undone_at": _("undone at"),
    "undone_by": _("undone by"),
    "origin": _("reason"),
}
CUSTOM = _("custom attributes")

AUDIT_KINDS = (
    AuditKind(
        model=Lead,
        fields={
            "custom": CUSTOM,
            "is_anonymous": _("anonymous visitor"),
            "merged_into": _("merged into"),
            "erased_at": _("personal data erased at"),
            "title_level_derived": _("title level read from the job title"),
        },
        values={"country": words_of("country"), "language": words_of("language"), "custom": custom_words},
        called=lead_name,
    ),
    AuditKind(
        model=Company,
        fields={"custom": CUSTOM},
        values={name: words_of(name) for name in ("industry", "country", "currency")} | {"custom": custom_words},
        address=lambda company: reverse("leads:company", args=[company.pk]),
    ),
    AuditKind(
        model=ActivityType,
        hidden=frozenset({"is_built_in"}),
        values={"property_types": property_words},
    ),
    AuditKind(
        model=Merge,
        about="kept",
        fields=MERGED,
        hidden=frozenset({"by"}),
        values={"filled": filled_words(Lead), "moved": moved_words, "activities": how_many},
    ),
    AuditKind(
        model=CompanyMerge,
        about="kept",
        fields=MERGED,
        hidden=frozenset({"by"}),
        values={"filled": filled_words(Company), "leads": how_many},
    ),
    AuditKind(
        model=StageChange,
        about="lead",
        fields={
            "before": _("stage before"),
            "after": pgettext_lazy("lead", "stage"),
            "reason": _("reason"),
            "version": _("version of the rules"),
            "note": _("note"),
        },
        hidden=frozenset({"at", "by"}),
        values={"reason": lambda code, row: reason(code)},
    ),
    AuditKind(model=Duplicate, about="first", fields={"second": _("other lead")}, hidden=frozenset({"first"})),
    AuditKind(model=Erasure, about="lead", hidden=frozenset({"by"}), values={"emptied": emptied_words}),
    AuditKind(model=Note, about="lead", hidden=frozenset({"by", "at"})),
    AuditKind(
        model=Exclusion,
        about="lead",
        fields={
            "occurred_at": _("time of the activity"),
            "reason": _("reason"),
            "note": _("note"),
            "reverted_at": _("counted again at"),
        },
        hidden=frozenset({"activity_id", "at", "by", "reverted_by"}),
    ),
)
