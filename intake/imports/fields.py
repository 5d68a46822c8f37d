"""What a column of a file can become: the fields of the catalog, each with its words and its cleaner."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from intake.imports import vocabulary
from intake.imports.problems import Words
from intake.imports.vocabulary import Cleaner
from leads.enums import AttributeOwner, AttributeType, Origin, Stage, TitleLevel
from leads.models import ActivityType, AttributeDefinition, Company, Lead
from web.cleaning import (
    CleaningError,
    clean_date,
    clean_decimal,
    clean_email,
    clean_instant,
    clean_integer,
    clean_line,
    excerpt,
    folded,
    plain_phone,
)

AHEAD = timedelta(days=1)  # a file knows its times in some zone; a day is enough for all of them
LARGEST_EXACT = 2**53  # of a number in JSON


@dataclass(frozen=True, kw_only=True)
class CleaningContext:
    """What a cleaner may need to know beside the text: the zone of times without one, and the present."""

    zone: ZoneInfo
    now: datetime


@dataclass(frozen=True, kw_only=True)
class ImportField:
    name: str
    label: Words
    cleaner: Callable[[CleaningContext], Cleaner]
    choices: tuple[str, ...] = ()  # what values may be translated to; empty for free values


def label_of(model: type[models.Model], name: str) -> Words:
    """What the model calls one of its columns, as the beginning of a line."""
    column = model._meta.get_field(name)
    assert isinstance(column, models.Field)  # the other side of a relation has no name of its own
    return capfirst(column.verbose_name)


def field(name: str, label: Words, clean: Cleaner, *, choices: Iterable[str] = ()) -> ImportField:
    return ImportField(name=name, label=label, cleaner=lambda setting: clean, choices=tuple(choices))


def line(name: str, label: Words, max_length: int) -> ImportField:
    """A field of one line of text."""
    return field(name, label, partial(clean_line, max_length=max_length))


def whole(name: str, label: Words, high: int) -> ImportField:
    """A field of a whole number from 0 to `high`."""
    return field(name, label, partial(clean_integer, low=0, high=high))


def past_instant(name: str, label: Words) -> ImportField:
    """A field of an instant that is not in the future: it tells of something that happened."""

    def cleaner(setting: CleaningContext) -> Cleaner:
        def clean(text: str) -> datetime:
            instant = clean_instant(text, setting.zone)
            if instant > setting.now + AHEAD:
                raise CleaningError("future", value=excerpt(text))
            return instant

        return clean

    return ImportField(name=name, label=label, cleaner=cleaner)


IDENTITY_FIELDS = [
    field("lead.email", label_of(Lead, "email"), clean_email),
    line("lead.external_id", label_of(Lead, "external_id"), 120),
]

LEAD_FIELDS = [
    *IDENTITY_FIELDS,
    line("lead.name", label_of(Lead, "name"), 160),
    line("lead.title", label_of(Lead, "title"), 120),
    field(
        "lead.title_level",
        label_of(Lead, "title_level"),
        vocabulary.clean_title_level,
        choices=[level.code for level in TitleLevel],
    ),
    line("lead.department", label_of(Lead, "department"), 120),
    field("lead.phone", label_of(Lead, "phone"), plain_phone),
    line("lead.language", label_of(Lead, "language"), 10),
    line("lead.country", label_of(Lead, "country"), 60),
    line("lead.region", label_of(Lead, "region"), 80),
    line("lead.source", label_of(Lead, "source"), 80),
    line("lead.campaign", label_of(Lead, "campaign"), 120),
    field("lead.origin", label_of(Lead, "origin"), vocabulary.coded(Origin, vocabulary.ORIGINS), choices=Origin.values),
    field("lead.stage", label_of(Lead, "stage"), vocabulary.coded(Stage, vocabulary.STAGES), choices=Stage.values),
    past_instant("lead.created_at", label_of(Lead, "created_at")),
    field("lead.planned_on", label_of(Lead, "planned_on"), clean_date),
    field("lead.consent", label_of(Lead, "consent"), vocabulary.clean_boolean, choices=["yes", "no"]),
]

COMPANY_FIELDS = [
    line("company.name", label_of(Company, "name"), 200),
    line("company.domain", label_of(Company, "domain"), 200),
    line("company.industry", label_of(Company, "industry"), 80),
    whole("company.employees", label_of(Company, "employees"), 2**31 - 1),
    whole("company.revenue", label_of(Company, "revenue"), LARGEST_EXACT),
    line("company.country", _("Company country"), 60),
    line("company.region", _("Company region"), 80),
]

ACTIVITY_FIELDS = [
    line("activity.type", _("Activity type"), 40),
    past_instant("activity.occurred_at", _("Activity time")),
    line("activity.object", _("Page or document"), 500),
    line("activity.key", _("Unique key of the activity"), 200),
]
PROPERTY = "activity.properties."
PROPERTY_LABEL = _("Activity property")


def property_field(name: str) -> ImportField:
    return line(name, PROPERTY_LABEL, 1000)


def custom_fields() -> list[ImportField]:
    """One for each active attribute that an admin added."""
    fields = []
    for definition in AttributeDefinition.objects.filter(is_active=True):
        owner = "" if definition.owner == AttributeOwner.LEAD else "company."
        choices = [str(choice) for choice in definition.choices] if definition.type == AttributeType.CHOICE else []
        name, cleaner = f"{owner}custom.{definition.code}", attribute_cleaner(definition)
        fields.append(field(name, str(definition), cleaner, choices=choices))
    return fields


def attribute_cleaner(definition: AttributeDefinition) -> Cleaner:
    """Values lie in JSON: numbers as numbers, dates as their ISO text."""
    if definition.type == AttributeType.CHOICE:
        words = {folded(str(choice)): choice for choice in definition.choices}
        return vocabulary.one_of(words, ", ".join(map(str, definition.choices)))
    cleaners: dict[str, Cleaner] = {
        AttributeType.INTEGER: partial(clean_integer, low=-LARGEST_EXACT, high=LARGEST_EXACT),
        AttributeType.DECIMAL: clean_decimal,
        AttributeType.BOOLEAN: vocabulary.clean_boolean,
        AttributeType.DATE: lambda text: clean_date(text).isoformat(),
    }
    return cleaners.get(definition.type, partial(clean_line, max_length=1000))


def activity_types() -> dict[str, int]:
    """Code -> id of the types that are in use."""
    return dict(ActivityType.objects.filter(is_active=True).values_list("code", "pk"))


def type_cleaner(types: dict[str, int]) -> Cleaner:
    """An activity type by its code or its name in either language."""
    words: dict[str, str] = {}
    for kind in ActivityType.objects.filter(is_active=True):
        words |= {folded(word): kind.code for word in (kind.label_en, kind.label_ja, kind.code)}
    return vocabulary.one_of(words, ", ".join(sorted(types)[:10]) + " …")
