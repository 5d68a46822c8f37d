"""What a column of a file can become: the fields of the catalog, each with its words and its cleaner."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from intake.imports import cleaning
from intake.imports.cleaning import Cleaner
from intake.imports.problems import Words
from leads.enums import AttributeOwner, AttributeType, Origin, Stage, TitleLevel
from leads.models import ActivityType, AttributeDefinition


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a cleaner may need to know beside the text: the zone of times without one, and the present."""

    zone: ZoneInfo
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Field:
    name: str
    label: Words
    cleaner: Callable[[Setting], Cleaner]
    choices: tuple[str, ...] = ()  # what values may be translated to; empty for free values


def field(name: str, label: Words, clean: Cleaner, *, choices: Iterable[str] = ()) -> Field:
    return Field(name=name, label=label, cleaner=lambda setting: clean, choices=tuple(choices))


def timed(name: str, label: Words) -> Field:
    return Field(name=name, label=label, cleaner=lambda setting: cleaning.time_in(setting.zone, setting.now))


IDENTITY_FIELDS = [
    field("lead.email", _("E-mail"), cleaning.clean_email),
    field("lead.external_id", _("External id"), cleaning.text_of(120)),
]

LEAD_FIELDS = [
    *IDENTITY_FIELDS,
    field("lead.name", _("Name"), cleaning.text_of(160)),
    field("lead.title", _("Job title"), cleaning.text_of(120)),
    field(
        "lead.title_level",
        _("Title level"),
        cleaning.clean_title_level,
        choices=[each.code for each in TitleLevel],
    ),
    field("lead.department", _("Department"), cleaning.text_of(120)),
    field("lead.phone", _("Telephone"), cleaning.clean_phone),
    field("lead.language", _("Language"), cleaning.text_of(10)),
    field("lead.country", _("Country"), cleaning.text_of(60)),
    field("lead.region", _("Region"), cleaning.text_of(80)),
    field("lead.source", _("Source"), cleaning.text_of(80)),
    field("lead.campaign", _("Campaign"), cleaning.text_of(120)),
    field("lead.origin", _("Origin"), cleaning.coded(Origin, cleaning.ORIGINS), choices=Origin.values),
    field("lead.stage", _("Stage"), cleaning.coded(Stage, cleaning.STAGES), choices=Stage.values),
    timed("lead.created_at", _("Created at")),
    field("lead.planned_on", _("Introduction planned on"), cleaning.clean_date),
    field("lead.consent", _("Agreed to be contacted"), cleaning.clean_boolean, choices=["yes", "no"]),
]

COMPANY_FIELDS = [
    field("company.name", _("Company name"), cleaning.text_of(200)),
    field("company.domain", _("Company domain"), cleaning.text_of(200)),
    field("company.industry", _("Industry"), cleaning.text_of(80)),
    field("company.employees", _("Employees"), cleaning.whole_number(0, cleaning.BIGGEST)),
    field("company.revenue", _("Yearly revenue"), cleaning.whole_number(0, 2**53)),
    field("company.country", _("Company country"), cleaning.text_of(60)),
    field("company.region", _("Company region"), cleaning.text_of(80)),
]

ACTIVITY_FIELDS = [
    field("activity.type", _("Kind of activity"), cleaning.text_of(40)),
    timed("activity.occurred_at", _("When it happened")),
    field("activity.object", _("What it was about"), cleaning.text_of(500)),
    field("activity.key", _("Unique key of the activity"), cleaning.text_of(200)),
]
PROPERTY = "activity.properties."
PROPERTY_LABEL = _("Property of the activity")


def property_field(name: str) -> Field:
    return field(name, PROPERTY_LABEL, cleaning.text_of(1000))


def custom_fields() -> list[Field]:
    """One for each active attribute that an admin added."""
    return [_custom(each) for each in AttributeDefinition.objects.filter(is_active=True)]


def _custom(definition: AttributeDefinition) -> Field:
    owner = "" if definition.owner == AttributeOwner.LEAD else "company."
    choices = [str(choice) for choice in definition.choices] if definition.type == AttributeType.CHOICE else []
    return field(f"{owner}custom.{definition.code}", str(definition), _custom_cleaner(definition), choices=choices)


def _custom_cleaner(definition: AttributeDefinition) -> Cleaner:
    """Values lie in JSON: numbers as numbers, dates as their ISO text."""
    if definition.type == AttributeType.CHOICE:
        words = {cleaning.folded(str(choice)): choice for choice in definition.choices}
        return cleaning.one_of(words, ", ".join(map(str, definition.choices)))
    cleaners: dict[str, Cleaner] = {
        AttributeType.INTEGER: cleaning.whole_number(-(2**53), 2**53),
        AttributeType.DECIMAL: cleaning.clean_decimal,
        AttributeType.BOOLEAN: cleaning.clean_boolean,
        AttributeType.DATE: lambda text: cleaning.clean_date(text).isoformat(),
    }
    return cleaners.get(definition.type, cleaning.text_of(1000))


def activity_types() -> dict[str, int]:
    """Code -> id of the types that are in use."""
    return dict(ActivityType.objects.filter(is_active=True).values_list("code", "pk"))


def type_cleaner(types: dict[str, int]) -> Cleaner:
    """An activity type by its code or its name in either language."""
    words: dict[str, str] = {}
    for each in ActivityType.objects.filter(is_active=True):
        words |= {cleaning.folded(word): each.code for word in (each.label_en, each.label_ja, each.code)}
    return cleaning.one_of(words, ", ".join(sorted(types)[:10]) + " …")
