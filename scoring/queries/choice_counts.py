"""How many leads have each choice of a field: what stands beside the choices in the editor."""

from __future__ import annotations

from django.core.cache import cache
from django.db.models import Count

from engine import FieldType
from engine.catalog import CatalogField
from leads.models import Lead

LASTS = 60  # seconds: the numbers are a hint while somebody chooses
COUNTED = (FieldType.CHOICE, FieldType.ORDERED, FieldType.BOOLEAN)


def leads_by_choice(field: CatalogField) -> dict[str, int]:
    """Leads by the code of the choice, in one statement; nothing for a field of another type."""
    if field.type not in COUNTED:
        return {}
    key = f"scoring.choices:{field.code}"
    numbers: dict[str, int] | None = cache.get(key)
    if numbers is None:
        leads = Lead.objects.filter(is_anonymous=False, merged_into=None).order_by()
        rows = leads.values_list(field.orm_path).annotate(number=Count("pk"))
        numbers = {code_of(field, value): number for value, number in rows if value not in (None, "")}
        cache.set(key, numbers, LASTS)
    return numbers


def code_of(field: CatalogField, value: object) -> str:
    """The code of a stored value: of an ordered choice its rank is stored, and truth is written small."""
    if field.type is FieldType.ORDERED:
        return next((choice.code for choice in field.choices if choice.rank == value), str(value))
    return str(value).lower() if isinstance(value, bool) else str(value)
