"""What the rules of this installation may speak about, read from the database."""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from psycopg.sql import SQL, Identifier

import engine
from engine import Catalog, Choice, FieldType, Label
from leads.models import ActivityType, AttributeDefinition, Source
from scoring.models import Criterion
from scoring.queries.base_fields import base_fields

# An insert, update or delete of any of these adds an event, so that the newest event ids name a state of the catalog.
_TOLD_BY = (
    ("leads", "ActivityTypeEvent"),
    ("leads", "AttributeDefinitionEvent"),
    ("leads", "SourceEvent"),
    ("scoring", "FrameworkEvent"),
    ("scoring", "CriterionEvent"),
    ("scoring", "OptionEvent"),
)

State = tuple[int | None, ...]
_cached: tuple[State, Catalog] | None = None


def catalog() -> Catalog:
    """The catalog as it is now. Built once a process and again when an admin changed something: asking costs one look
    at six indexes."""
    global _cached
    state = _state()
    if _cached is None or _cached[0] != state:
        _cached = state, _built()
    return _cached[1]


def _state() -> State:
    tables = [SQL("(SELECT max(pgh_id) FROM {})").format(Identifier(_table(*name))) for name in _TOLD_BY]
    with connection.cursor() as cursor:
        cursor.execute(SQL("SELECT {}").format(SQL(", ").join(tables)).as_string(None))
        return tuple(cursor.fetchone())


def _table(app: str, model: str) -> str:
    return str(apps.get_model(app, model)._meta.db_table)


def _built() -> Catalog:
    sources = [_choice(source.code, source.label_en, source.label_ja) for source in Source.objects.all()]
    # Attributes put aside too: a published version may name them, and must go on scoring.
    fields = [*base_fields(sources), *(_custom(definition) for definition in AttributeDefinition.objects.all())]
    activities = [
        engine.CatalogActivity(code=kind.code, pk=kind.pk, label=Label(kind.label_en, kind.label_ja))
        for kind in ActivityType.objects.all()
    ]
    return Catalog(
        fields={field.code: field for field in fields},
        activities={activity.code: activity for activity in activities},
        criteria={criterion.code: criterion for criterion in _criteria()},
    )


def _criteria() -> list[engine.CatalogCriterion]:
    known = Criterion.objects.select_related("framework").prefetch_related("options")
    return [
        engine.CatalogCriterion(
            code=criterion.field,
            pk=criterion.pk,
            label=Label(
                f"{criterion.framework.label_en}: {criterion.label_en}",
                f"{criterion.framework.label_ja}・{criterion.label_ja}",
            ),
            options=tuple(_choice(option.code, option.label_en, option.label_ja) for option in criterion.options.all()),
        )
        for criterion in known
    ]


def _choice(code: str, english: str, japanese: str) -> Choice:
    return Choice(code=code, label=Label(english, japanese))


def _custom(definition: AttributeDefinition) -> engine.CatalogField:
    return engine.custom_field(
        name=definition.code,
        type=FieldType(definition.type),
        label=Label(definition.label_en, definition.label_ja),
        choices=[_choice(*_words(choice)) for choice in definition.choices],
        owner=definition.owner,
    )


def _words(choice: object) -> tuple[str, str, str]:
    """A choice is a code, or a code with its names."""
    if isinstance(choice, dict):
        code = str(choice.get("code", ""))
        return code, str(choice.get("label_en") or code), str(choice.get("label_ja") or code)
    return str(choice), str(choice), str(choice)
