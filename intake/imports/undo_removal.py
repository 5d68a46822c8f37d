"""Removing what an import made, unless somebody has built on it since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from intake.database import fetch, run
from intake.imports.activity_log import SOURCE
from intake.imports.problems import row_problem
from intake.imports.rows import CREATED
from intake.imports.undo_values import KEPT, UNDONE
from intake.models import ImportRow, LeadImport
from intake.statements import EDITED_SINCE
from leads.models import Activity, ActivityKey, Company, DirtyMark, Lead

LEAD_EVENTS, COMPANY_EVENTS = "leads_leadevent", "leads_companyevent"

# Higher apps say which of the given leads somebody works on: handoff's claimed ones, for example.
Keeper = Callable[[Collection[int]], set[int]]
_keepers: list[Keeper] = []
_made_by_product: dict[str, Q] = {}
REASONS = {"leads.Activity": "kept_activity"}


def register_keeper(keeper: Keeper) -> None:
    """`keeper` names those of the given leads that must not vanish; called by an app when it is ready."""
    _keepers.append(keeper)


def register_made_by_product(label: str, rows: Q) -> None:
    """`rows` of the model `label` (scoring.Episode) are derived by the product and keep no lead; an empty Q means all
    of them. Called by an app when it is ready."""
    _made_by_product[label] = rows


def remove_activities(rows: Iterable[ImportRow], *, now: datetime) -> int:
    """Delete the activities of these rows and mark their leads to be scored anew; returns how many went."""
    ids = [row.activity_id for row in rows if row.activity_id]
    if not ids:
        return 0
    leads = set(Activity.objects.filter(pk__in=ids).values_list("lead_id", flat=True))
    removed = run("DELETE FROM leads_activity WHERE id = ANY(%s)", [ids])
    ActivityKey.objects.filter(source=SOURCE, key__in=[row.activity_key for row in rows if row.activity_key]).delete()
    DirtyMark.objects.bulk_create(DirtyMark(lead_id=pk, marked_at=now) for pk in sorted(leads))
    return removed


def remove_leads(lead_import: LeadImport, rows: Sequence[ImportRow], *, counts: Counter[str]) -> None:
    """Delete the leads that the import made, except those somebody has built on since."""
    created = {row.lead_id: row for row in rows if row.outcome == CREATED and row.lead_id}
    if lead_import.kind != "leads":
        created = {}
    present = set(Lead.objects.select_for_update().filter(pk__in=created).order_by("pk").values_list("pk", flat=True))
    reasons = _reasons_to_keep(lead_import, present)
    for pk, row in created.items():
        if pk in reasons:
            row.outcome, row.problems = KEPT, [*row.problems, row_problem(reasons[pk])]
            counts["kept_leads"] += 1
        else:
            row.outcome = UNDONE
    gone = present - reasons.keys()
    Lead.objects.filter(pk__in=gone).delete()
    counts["deleted"] += len(gone)
    for row in rows:
        if row.outcome == CREATED:  # a file of activities: the activity was all that it made
            row.outcome = UNDONE


def _reasons_to_keep(lead_import: LeadImport, ids: Collection[int]) -> dict[int, str]:
    """Which leads somebody has built on since, and how. What the product itself derives (scores, stages) is none."""
    reasons = dict.fromkeys(_edited(LEAD_EVENTS, lead_import, ids), "kept_changed")
    merged = Lead.objects.filter(pk__in=ids, merged_into__isnull=False).values_list("pk", flat=True)
    reasons |= dict.fromkeys(merged, "kept_changed")
    for relation in relations_to(Lead):
        reasons |= dict.fromkeys(
            _built_on(relation, ids), REASONS.get(relation.related_model._meta.label, "kept_changed")
        )
    worked_on = {pk for keeper in _keepers for pk in keeper(ids)}
    return reasons | dict.fromkeys(worked_on, "kept_worked_on")


def relations_to(model: type[models.Model]) -> list[Any]:
    """Every foreign key to the model, of whatever app, but that of its own history."""
    return [
        relation
        for relation in model._meta.related_objects
        if relation.field.name != "pgh_obj" and not relation.related_model._meta.proxy
    ]


def _built_on(relation: Any, ids: Collection[int]) -> set[int]:
    """Those of `ids` that rows of a relation stand on which a person added: a table that nobody has registered as the
    product's own keeps them, so that a new one loses nothing."""
    related, name = relation.related_model, relation.field.attname
    rows = related._base_manager.filter(**{f"{name}__in": ids})
    made = _made_by_product.get(related._meta.label)
    if made is not None:
        rows = rows.exclude(made) if made else rows.none()
    return set(rows.values_list(name, flat=True))


def _edited(events: str, lead_import: LeadImport, ids: Collection[int]) -> set[int]:
    """Those that a person, the API or another import has changed, by the history that triggers write."""
    return {pk for (pk,) in fetch(EDITED_SINCE.format(table=events), [list(ids), lead_import.pk])}


def remove_companies(lead_import: LeadImport, rows: Iterable[ImportRow], *, counts: Counter[str]) -> None:
    """Companies that the import made, that nobody edited, and that have no lead any more."""
    befores = [(row.before or {}).get("company", {}) for row in rows]
    made = {before["id"] for before in befores if before.get("created")}
    if made:
        built_on = {pk for relation in relations_to(Company) for pk in _built_on(relation, made)}
        empty = Company.objects.filter(pk__in=made - _edited(COMPANY_EVENTS, lead_import, made) - built_on)
        counts["companies"] += empty.count()
        empty.delete()
