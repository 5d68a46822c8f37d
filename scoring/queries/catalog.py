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

CatalogState = tuple[int | None, ...]
_cached: tuple[CatalogState, Catalog] | None = None


def catalog() -> Catalog:
    """The catalog as it is now. Built once a process and again when an admin changed something: asking costs one look
    at six indexes."""
    global _cached
    newest = [
        SQL("(SELECT max(pgh_id) FROM {})").format(Identifier(apps.get_model(app, model)._meta.db_table))
        for app, model in _TOLD_BY
    ]
    with connection.cursor() as cursor:
        cursor.execute(SQL("SELECT {}").format(SQL(", ").join(newest)).as_string(None))
        state = tuple(cursor.fetchone())
    if _cached is None or _cached[0] != state:
        _cached = state, _built()
    return _cached[1]


def _built() -> Catalog:
    sources = [_choice(source.code, source.label_en, source.label_ja) for source in Source.objects.all()]
    # Attributes put aside too: a published version may name them, and must go on scoring.
    fields = [*base_fields(sources), *(_custom(definition) for definition in AttributeDefinition.objects.all())]
    activities = [
        engine.CatalogActivity(
            code=kind.code, pk=kind.pk, label=Label(kind.label_en, kind.label_ja), is_interest=kind.is_interest
        )
        for kind in ActivityType.objects.all()
    ]
    criteria = []
    for criterion in Criterion.objects.select_related("framework").prefetch_related("options"):
        framework = criterion.framework
        label = Label(f"{framework.label_en}: {criterion.label_en}", f"{framework.label_ja}・{criterion.label_ja}")
        options = tuple(_choice(option.code, option.label_en, option.label_ja) for option in criterion.options.all())
        criteria.append(engine.CatalogCriterion(code=criterion.field, pk=criterion.pk, label=label, options=options))
    return Catalog(
        fields={field.code: field for field in fields},
        activities={activity.code: activity for activity in activities},
        criteria={criterion.code: criterion for criterion in criteria},
    )


def _choice(code: str, english: str, japanese: str) -> Choice:
    return Choice(code=code, label=Label(english, japanese))


def _custom(definition: AttributeDefinition) -> engine.CatalogField:
    """An attribute of this installation; each of its choices is a code, or a code with its names."""
    choices = []
    for choice in definition.choices:
        names = choice if isinstance(choice, dict) else {"code": choice}
        code = str(names.get("code", ""))
        choices.append(_choice(code, str(names.get("label_en") or code), str(names.get("label_ja") or code)))
    return engine.custom_field(
        name=definition.code,
        type=FieldType(definition.type),
        label=Label(definition.label_en, definition.label_ja),
        choices=choices,
        owner=definition.owner,
    )
