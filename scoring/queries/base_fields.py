"""The fields every installation has: the columns of leads, their companies and sources that rules may name.

Labels and choices are those of the models and enums, in both languages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from django.db import models
from django.utils.translation import gettext, override

from engine import CatalogField, Choice, FieldType, Label
from engine.catalog import Unit
from engine.words.english import lowered
from leads.enums import ChannelKind, Industry, Origin, Stage, TitleLevel
from leads.models import Company, Lead, Source
from web.cldr import names_of

TEXT, CHOICE, INTEGER = FieldType.TEXT, FieldType.CHOICE, FieldType.INTEGER
EMPLOYEES = Unit("employee", "employees", "名")


def base_fields(sources: Iterable[Choice]) -> list[CatalogField]:
    """All of them, in the order in which the rule editor lists them; `sources` are the choices of `source`."""
    return [
        lead_field("email", TEXT),
        lead_field("external_id", TEXT),
        lead_field("name", TEXT),
        lead_field("title", TEXT),
        lead_field("title_level", FieldType.ORDERED, title_levels()),
        lead_field("department", TEXT),
        lead_field("phone", TEXT),
        lead_field("language", TEXT, names=codes("languages")),
        lead_field("country", TEXT, names=codes("territories")),
        lead_field("region", TEXT),
        source_field("source", "code", model_label(Lead, "source"), sources),
        source_field("channel", "channel", model_label(Source, "channel"), enum_choices(ChannelKind)),
        lead_field("campaign", TEXT),
        lead_field("origin", CHOICE, enum_choices(Origin)),
        lead_field("stage", CHOICE, enum_choices(Stage)),
        lead_field("created_at", FieldType.DATETIME),
        lead_field("planned_on", FieldType.DATE),
        lead_field("consent", FieldType.BOOLEAN),
        lead_field("is_competitor", FieldType.BOOLEAN),
        company_field("name", TEXT),
        company_field("domain", TEXT),
        company_field("industry", TEXT, names=enum_choices(Industry)),
        company_field("employees", INTEGER, EMPLOYEES),
        company_field("revenue", INTEGER),
        company_field("country", TEXT, names=codes("territories")),
        company_field("region", TEXT),
    ]


def lead_field(
    name: str, kind: FieldType, choices: Iterable[Choice] = (), names: Iterable[Choice] = ()
) -> CatalogField:
    """A column of the lead, under the column's name."""
    label = model_label(Lead, name)
    return CatalogField(
        code=name,
        type=kind,
        path=("lead", name),
        label=label,
        group="lead",
        choices=tuple(choices),
        names=tuple(names),
    )


def source_field(code: str, column: str, label: Label, choices: Iterable[Choice]) -> CatalogField:
    """A column of the lead's source; readers see it among the fields of the lead."""
    path = ("source", column)
    return CatalogField(code=code, type=CHOICE, path=path, label=label, group="lead", choices=tuple(choices))


def company_field(name: str, kind: FieldType, unit: Unit | None = None, names: Iterable[Choice] = ()) -> CatalogField:
    """A column of the lead's company as `company.NAME`; "country" and the like are labelled "company country"."""
    label = model_label(Company, name)
    if name in ("country", "region"):
        labels = {}
        for language, text in label._asdict().items():
            with override(language):
                labels[language] = gettext("company %(field)s") % {"field": text}
        label = Label(**labels)
    return CatalogField(
        code=f"company.{name}",
        type=kind,
        path=("company", name),
        label=label,
        group="company",
        unit=unit,
        names=tuple(names),
    )


def model_label(model: type[models.Model], name: str) -> Label:
    """What the model calls one of its fields."""
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)  # the other side of a relation has no name of its own
    return label(field.verbose_name)


def enum_choices(enum: type[models.TextChoices]) -> list[Choice]:
    return [Choice(code=member.value, label=in_sentence(label(member.label))) for member in enum]


def codes(kind: Literal["territories", "languages"]) -> list[Choice]:
    """What the codes of countries or languages are called."""
    return [Choice(code=code, label=Label(en=english, ja=japanese)) for code, english, japanese in names_of(kind)]


def title_levels() -> list[Choice]:
    """From staff up; the rank is what the column stores."""
    return [Choice(code=level.code, label=in_sentence(label(level.label)), rank=level.value) for level in TitleLevel]


def in_sentence(label: Label) -> Label:
    """A choice as rules say it: in lower case, unless it is an abbreviation."""
    return label._replace(en=lowered(label.en))


def label(words: object) -> Label:
    """A translatable text (lazy) in both languages."""
    with override("en"):
        english = str(words)
    with override("ja"):
        return Label(english, str(words))
