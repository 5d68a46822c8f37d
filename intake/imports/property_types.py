"""Properties of activities that a file brings: what kind of values they have is told from the whole column, and kept
with the activity type, so that the next file, the API and forms read them alike."""

from __future__ import annotations

from intake.imports.fields import PROPERTY, activity_types, type_cleaner
from intake.imports.layout import Layout
from intake.imports.mapping import FileMapping
from intake.imports.mapping_guess import texts_of
from intake.imports.new_attributes import attribute_type
from leads.enums import AttributeType
from leads.models import ActivityType
from leads.properties import PropertyType
from web.cleaning import CleaningError

KINDS = {
    AttributeType.INTEGER: PropertyType.NUMBER,
    AttributeType.DECIMAL: PropertyType.NUMBER,
    AttributeType.BOOLEAN: PropertyType.BOOLEAN,
    AttributeType.DATE: PropertyType.DATE,
}


def declare_properties(mapping: FileMapping, layout: Layout) -> None:
    """Note the kinds of the file's properties with the types of its activities; a kind that is there already stays."""
    columns = {name.removeprefix(PROPERTY): column for column, name in mapping.pairs if name.startswith(PROPERTY)}
    columns |= mapping.activity.properties if mapping.activity else {}
    found = {name: KINDS.get(attribute_type(layout, column)[0], PropertyType.TEXT) for name, column in columns.items()}
    declared = {name: str(kind) for name, kind in found.items()}
    for kind in ActivityType.objects.filter(code__in=codes_of(mapping, layout) if declared else []):
        merged = declared | kind.property_types
        if merged != kind.property_types:
            kind.property_types = merged
            kind.save(update_fields=["property_types"])


def codes_of(mapping: FileMapping, layout: Layout) -> set[str]:
    """The activity types that the file tells of."""
    codes = {mapping.activity.type} if mapping.activity else set()
    clean = type_cleaner(activity_types())
    for column, name in mapping.pairs:
        for text in texts_of(layout, column) if name == "activity.type" else []:
            try:
                codes.add(clean(mapping.values.get(name, {}).get(text, text)))
            except CleaningError:
                continue  # the row says so
    if kind := mapping.constants.get("activity.type"):
        codes.add(kind)
    return codes
