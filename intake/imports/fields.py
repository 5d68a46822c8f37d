"""What a column of a file can become: the fields of the catalog, each with its words and its cleaner."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from intake.imports import vocabulary
from intake.imports.problems import FIELD_LABELS, Words
from intake.imports.vocabulary import Cleaner
from leads.actions.addresses import MOST_ADDRESSES
from leads.enums import AttributeOwner, AttributeType, Origin, Stage, TitleLevel
from leads.models import ActivityType, AttributeDefinition, Company, Lead
from web.cldr import country_code
from web.cleaning import (
    CleaningError,
    YearOf,
    clean_boolean,
    clean_date,
    clean_decimal,
    clean_email,
    clean_instant,
    clean_integer,
    clean_line,
    clean_lines,
    clean_refusal,
    excerpt,
    folded,
    has_lost_zero,
    is_seldom_reached,
    lacks_year,
    plain_phone,
    read_integer,
    visible,
    year_of,
)

AHEAD = timedelta(days=1)  # a file knows its times in some zone; a day is enough for all of them
LARGEST_EXACT = 2**53  # of a number in JSON


@dataclass(frozen=True, kw_only=True)
class CleaningContext:
    """What a cleaner may need to know beside the text: the zone of times without one, the present, and the order of
    dates such as 03/04/2026 and the year of those such as 3/15."""

    zone: ZoneInfo
    now: datetime
    dates: str = ""
    year: str = ""

    @property
    def year_of(self) -> YearOf | None:
        return year_of(self.year, self.now.astimezone(self.zone).date())


@dataclass(frozen=True, kw_only=True)
class Remarked:
    """A value that was read, and what is to be said of how: a code of `problems.ROW` and its parameters."""

    value: Any
    code: str
    params: dict[str, Any]


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


def whole_number(text: str, low: int, high: int) -> int | Remarked:
    """A whole number; one that only says about how many with a remark."""
    number = read_integer(text, low, high)
    if not number.remark:
        return number.value
    return Remarked(value=number.value, code=number.remark, params={"value": excerpt(text), "number": number.value})


def whole(name: str, label: Words, high: int) -> ImportField:
    """A field of a whole number from 0 to `high`."""
    return field(name, label, partial(whole_number, low=0, high=high))


def email_address(text: str) -> str | Remarked:
    email = clean_email(text)
    return Remarked(value=email, code="seldom_reached", params={"value": email}) if is_seldom_reached(email) else email


def country(text: str) -> str:
    """The code of a country, whichever name it is called by."""
    return country_code(clean_line(text, max_length=60))


def telephone(text: str) -> str | Remarked:
    phone = plain_phone(text)
    return Remarked(value=phone, code="zero_lost", params={"value": phone}) if has_lost_zero(phone) else phone


def lead_number(text: str) -> int:
    """Our own number of a lead, as our exports and reports have it."""
    return clean_integer(text.removeprefix("#"), low=1, high=2**63 - 1)


def listed(name: str, label: Words, cleaner: Callable[[], Cleaner], choices: Iterable[str]) -> ImportField:
    """A field that knows some values by words of several languages, which are looked up when the file is read."""
    return ImportField(name=name, label=label, cleaner=lambda setting: cleaner(), choices=tuple(choices))


def day(name: str, label: Words) -> ImportField:
    return ImportField(name=name, label=label, cleaner=day_cleaner)


def day_cleaner(setting: CleaningContext) -> Cleaner:
    """A day; one that is written without its year with a remark."""
    year = setting.year_of

    def clean(text: str) -> date | Remarked:
        found = clean_date(text, setting.dates, year)
        return with_year(found, text, found) if lacks_year(text) else found

    return clean


def with_year(value: Any, text: str, found: date) -> Remarked:
    """What was read of a text that says no year, and which day that is."""
    return Remarked(value=value, code="year_added", params={"value": excerpt(text), "day": found.isoformat()})


def owner_cleaner() -> Cleaner:
    """Somebody who works here, by address or by name."""
    people = User.objects.filter(is_active=True)
    words = {folded(word): person.pk for person in people for word in (str(person), person.email) if word}

    def clean(text: str) -> int:
        pk = words.get(folded(text)) or words.get(folded(visible(text)))
        if pk is None:
            raise CleaningError("owner", value=excerpt(text))
        return pk

    return clean


def past_instant(name: str, label: Words) -> ImportField:
    """A field of an instant that is not in the future: it tells of something that happened."""

    def cleaner(setting: CleaningContext) -> Cleaner:
        year = setting.year_of

        def clean(text: str) -> datetime | Remarked:
            instant = clean_instant(text, setting.zone, setting.dates, year)
            if instant > setting.now + AHEAD:
                raise CleaningError("future", value=excerpt(text))
            return with_year(instant, text, instant.astimezone(setting.zone).date()) if lacks_year(text) else instant

        return clean

    return ImportField(name=name, label=label, cleaner=cleaner)


IDENTITY_FIELDS = [
    field("lead.email", label_of(Lead, "email"), email_address),
    line("lead.external_id", label_of(Lead, "external_id"), 120),
    field("lead.id", _("Number of the lead in leadqual"), lead_number),
]
# Joined into one name, in the order of the reader or of the script.
NAME_PARTS = [
    line("lead.family_name", _("Family name"), 80),
    line("lead.given_name", _("Given name"), 80),
    line("lead.family_kana", _("Reading of the family name"), 80),
    line("lead.given_kana", _("Reading of the given name"), 80),
]
ENQUIRY_LENGTH = 10_000
ENQUIRY = "lead.enquiry"
CONSENT, REFUSAL = "lead.consent", "lead.refusal"
SEVERAL = frozenset({ENQUIRY, CONSENT, REFUSAL})  # that several columns of one file may fill


def refusal(text: str) -> bool | Remarked | None:
    """The consent that a cell of a column of refusals says: none where it refuses, else nothing is known."""
    if not clean_refusal(text):
        return None
    return Remarked(value=False, code="refused", params={"value": excerpt(text)})


def email_addresses(text: str) -> list[str]:
    """Several addresses in one cell."""
    return [clean_email(address) for address in re.split(r"[,;、\s]+", text) if address][:MOST_ADDRESSES]


LEAD_FIELDS = [
    *IDENTITY_FIELDS,
    field("lead.other_emails", label_of(Lead, "other_emails"), email_addresses),
    line("lead.name", label_of(Lead, "name"), 160),
    line("lead.kana", label_of(Lead, "kana"), 160),
    *NAME_PARTS,
    line("lead.title", label_of(Lead, "title"), 120),
    listed(
        "lead.title_level",
        label_of(Lead, "title_level"),
        vocabulary.title_level_cleaner,
        choices=[level.code for level in TitleLevel],
    ),
    line("lead.department", label_of(Lead, "department"), 120),
    field("lead.phone", label_of(Lead, "phone"), telephone),
    line("lead.language", label_of(Lead, "language"), 10),
    field("lead.country", label_of(Lead, "country"), country),
    line("lead.region", label_of(Lead, "region"), 80),
    line("lead.source", label_of(Lead, "source"), 80),
    line("lead.campaign", label_of(Lead, "campaign"), 120),
    listed(
        "lead.origin",
        label_of(Lead, "origin"),
        partial(vocabulary.coded, Origin, vocabulary.ORIGIN_WORDS),
        Origin.values,
    ),
    listed(
        "lead.stage", label_of(Lead, "stage"), partial(vocabulary.coded, Stage, vocabulary.STAGE_WORDS), Stage.values
    ),
    past_instant("lead.created_at", label_of(Lead, "created_at")),
    day("lead.planned_on", label_of(Lead, "planned_on")),
    field(CONSENT, label_of(Lead, "consent"), clean_boolean, choices=["yes", "no"]),
    field(REFUSAL, _("Refusal of contact (yes: no consent)"), refusal, choices=["yes", "no"]),
    listed("lead.owner", label_of(Lead, "owner"), owner_cleaner, choices=()),
    field(ENQUIRY, _("Enquiry, in the person’s own words"), partial(clean_lines, max_length=ENQUIRY_LENGTH)),
]

# What a table has in columns of its own, and no other system sends.
ONLY_IN_FILES = frozenset({"lead.id", "lead.owner", ENQUIRY, REFUSAL, *(part.name for part in NAME_PARTS)})

COMPANY_FIELDS = [
    line("company.name", label_of(Company, "name"), 200),
    line("company.domain", label_of(Company, "domain"), 200),
    line("company.industry", label_of(Company, "industry"), 80),
    whole("company.employees", label_of(Company, "employees"), 2**31 - 1),
    whole("company.revenue", label_of(Company, "revenue"), LARGEST_EXACT),
    field("company.country", _("Company country"), country),
    line("company.region", _("Company region"), 80),
]

ACTIVITY_FIELDS = [
    line("activity.type", _("Activity type"), 40),
    past_instant("activity.occurred_at", _("Activity time")),
    line("activity.object", _("Page or document"), 500),
    line("activity.key", _("Unique key of the activity"), 200),
]
FIELD_LABELS.update({known.name: known.label for known in (*LEAD_FIELDS, *COMPANY_FIELDS, *ACTIVITY_FIELDS)})
PROPERTY = "activity.properties."
PROPERTY_LABEL = _("Activity property")


def property_field(name: str) -> ImportField:
    return line(name, PROPERTY_LABEL, 1000)


def may_answer_no(name: str) -> bool:
    """Whether なし in a column of this field can be an answer; elsewhere it stands for nothing."""
    return name in (CONSENT, REFUSAL) or "custom." in name or name.startswith(PROPERTY)


def custom_fields() -> list[ImportField]:
    """One for each active attribute that an admin added."""
    fields = []
    for definition in AttributeDefinition.objects.filter(is_active=True):
        owner = "" if definition.owner == AttributeOwner.LEAD else "company."
        choices = [str(choice) for choice in definition.choices] if definition.type == AttributeType.CHOICE else []
        fields.append(
            ImportField(
                name=f"{owner}custom.{definition.code}",
                label=str(definition),
                cleaner=partial(attribute_cleaner, definition),
                choices=tuple(choices),
            )
        )
    return fields


def attribute_cleaner(definition: AttributeDefinition, setting: CleaningContext) -> Cleaner:
    """Values lie in JSON: numbers as numbers, dates as their ISO text."""
    if definition.type == AttributeType.CHOICE:
        words = {vocabulary.said_alike(str(choice)): choice for choice in definition.choices}
        return vocabulary.one_of(words, ", ".join(map(str, definition.choices)))
    cleaners: dict[str, Cleaner] = {
        AttributeType.INTEGER: partial(whole_number, low=-LARGEST_EXACT, high=LARGEST_EXACT),
        AttributeType.DECIMAL: clean_decimal,
        AttributeType.BOOLEAN: clean_boolean,
        AttributeType.DATE: date_text_cleaner(setting),
    }
    return cleaners.get(definition.type, partial(clean_line, max_length=1000))


def date_text_cleaner(setting: CleaningContext) -> Cleaner:
    """A day as its ISO text."""
    clean = day_cleaner(setting)

    def text_of(text: str) -> str | Remarked:
        found = clean(text)
        return replace(found, value=found.value.isoformat()) if isinstance(found, Remarked) else found.isoformat()

    return text_of


def activity_types() -> dict[str, int]:
    """Code -> id of the types that are in use."""
    return dict(ActivityType.objects.filter(is_active=True).values_list("code", "pk"))


def type_cleaner(types: dict[str, int]) -> Cleaner:
    """An activity type by its code or its name in either language."""
    words: dict[str, str] = {}
    for kind in ActivityType.objects.filter(is_active=True):
        words |= {vocabulary.said_alike(word): kind.code for word in (kind.label_en, kind.label_ja, kind.code)}
    return vocabulary.one_of(words, ", ".join(sorted(types)[:10]) + " …")
