"""Puts the oracle's people into the database, and a catalog that both sides understand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pgtrigger
from django.db import connection, transaction
from django.utils import timezone
from psycopg.sql import Composable

import engine
from engine.sql.sources import Sources
from engine.sql.statement import ScoreRow
from leads.enums import ExclusionReason
from leads.models import Activity, ActivityType, Company, Exclusion, Lead, Source
from scoring.models import Adjustment, Answer, Criterion, Option, ScoringModel
from tests.engine.oracle import Act, Person
from tests.engine.small_catalog import small_catalog

CUSTOM = [
    engine.custom_field(name="budget", type=engine.FieldType.DECIMAL, label=engine.Label("budget", "予算")),
    engine.custom_field(name="renewal", type=engine.FieldType.DATE, label=engine.Label("renewal", "更新日")),
    engine.custom_field(name="tier", type=engine.FieldType.CHOICE, label=engine.Label("tier", "ランク")),
    engine.custom_field(name="vip", type=engine.FieldType.BOOLEAN, label=engine.Label("VIP", "VIP")),
    engine.custom_field(name="met_at", type=engine.FieldType.DATETIME, label=engine.Label("met", "面談日時")),
    engine.custom_field(name="topic", type=engine.FieldType.TEXT, label=engine.Label("topic", "話題")),
    engine.custom_field(
        name="plants", type=engine.FieldType.INTEGER, label=engine.Label("plants", "工場数"), owner="company"
    ),
]


def catalog(**segments: Any) -> engine.Catalog:
    """The catalog of the database as it is now."""
    criteria = Criterion.objects.select_related("framework").prefetch_related("options")
    return small_catalog(
        activities=[
            engine.CatalogActivity(
                code=kind.code,
                pk=kind.pk,
                label=engine.Label(kind.label_en, kind.label_ja),
                is_interest=kind.is_interest,
            )
            for kind in ActivityType.objects.all()
        ],
        criteria=[
            engine.CatalogCriterion(
                code=criterion.field,
                pk=criterion.pk,
                label=engine.Label(criterion.label_en, criterion.label_ja),
                options=tuple(
                    engine.Choice(code=option.code, label=engine.Label(option.label_en, option.label_ja))
                    for option in criterion.options.all()
                ),
            )
            for criterion in criteria
        ],
        custom=CUSTOM,
        segments=segments,
    )


def document(raw: dict[str, Any]) -> engine.Document:
    """A document that is known to be good."""
    parsed = engine.parse(raw)
    assert parsed.document is not None, parsed.problems
    return parsed.document


def months(*instants: datetime) -> None:
    """Partitions for the months from the first to the last of the instants."""
    first, last = (pick(instants).astimezone(UTC).date() for pick in (min, max))
    month = first.replace(day=1)
    with connection.cursor() as cursor:
        while month <= last:
            cursor.execute("SELECT leads_ensure_activity_month(%s)", [month])
            month = (month + timedelta(days=32)).replace(day=1)


def settle(people: list[Person], model: ScoringModel | None = None) -> list[int]:
    """Store them; returns their lead ids in order."""
    instants = [act.occurred_at for person in people for act in person.activities]
    if instants:
        months(*instants)
    leads = [_lead(person) for person in people]
    types = dict(ActivityType.objects.values_list("code", "pk"))
    stored = Activity.objects.bulk_create(
        Activity(
            lead=lead,
            type_id=types[act.type],
            occurred_at=act.occurred_at,
            received_at=act.received_at or act.occurred_at,
            object=act.object,
            properties=act.properties,
            source="test",
            is_excluded=act.is_excluded,
        )
        for lead, person in zip(leads, people, strict=True)
        for act in person.activities
    )
    settle_exclusions(zip(stored, (act for person in people for act in person.activities), strict=True))
    for lead, person in zip(leads, people, strict=True):
        for given in person.answers:
            framework, criterion = given.criterion.split(".")
            option = Option.objects.get(
                code=given.option, criterion__code=criterion, criterion__framework__code=framework
            )
            Answer.objects.create(
                lead=lead, criterion=option.criterion, option=option, answered_at=given.answered_at,
                recorded_at=given.recorded_at or timezone.now(),
            )  # fmt: skip
        for manual in person.adjustments:
            Adjustment.objects.create(
                lead=lead, model=model, points=manual.points, starts_at=manual.starts_at, until=manual.until, reason="x"
            )
    return [lead.pk for lead in leads]


def settle_exclusions(rows: Iterable[tuple[Activity, Act]]) -> None:
    """Note of each stored activity since when it is not counted, and until when it was not."""
    Exclusion.objects.bulk_create(
        Exclusion(
            lead_id=row.lead_id,
            activity_id=row.pk,
            occurred_at=row.occurred_at,
            reason=ExclusionReason.BY_HAND,
            at=act.excluded_at,
            reverted_at=act.counted_again_at,
        )
        for row, act in rows
        if act.excluded_at
    )


def _lead(person: Person) -> Lead:
    own: dict[str, Any] = {"custom": {}}
    company: dict[str, Any] = {"custom": {}}
    for name, value in person.attributes.items():
        target = company if name.startswith("company.") else own
        short = name.removeprefix("company.")
        if short.startswith("custom."):
            if value is not None:
                target["custom"][short.removeprefix("custom.")] = _json(value)
        elif name == "source":
            own["source"] = Source.objects.get(code=value) if value else None
        elif name == "channel":
            own.setdefault("source", Source.objects.filter(channel=value).first() if value else None)
        elif value is not None:
            target[short] = value
    if len(company) > 1 or company["custom"]:
        own["company"] = Company.objects.create(**{"name": "Acme"} | company)
    # A random address may be of the domain of a random company: that a lead joins it by that is no fact of the person.
    with pgtrigger.ignore("leads.Lead:address_says_company"):
        return Lead.objects.create(**own)


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def score(
    raw: dict[str, Any],
    t: datetime,
    *,
    sources: Sources | None = None,
    catalog_: engine.Catalog | None = None,
    **options: Any,
) -> dict[int, ScoreRow]:
    """Every lead's row by its id."""
    compiled = engine.compile_document(
        document(raw), catalog_ or catalog(), sources=sources or Sources(), t=t, **options
    )
    return {row.lead_id: row for row in run(compiled.query, compiled.parameters)}


def run(query: Composable, parameters: dict[str, Any]) -> list[ScoreRow]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [ScoreRow(*values) for values in cursor.fetchall()]
