"""What the audit log calls the changes of leads, their companies, and what an administrator names for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.audit_kinds import AuditKind
from leads.models import ActivityType, AttributeDefinition, Company, Exclusion, Lead, Note
from leads.properties import PropertyType
from leads.wording import PROPERTY_TYPES, value_words
from web.formats import listed, written


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


CUSTOM = _("custom attributes")

AUDIT_KINDS = (
    AuditKind(
        model=Lead,
        fields={
            "custom": CUSTOM,
            "is_anonymous": _("anonymous visitor"),
            "merged_into": _("merged into"),
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
