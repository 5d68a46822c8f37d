"""Taking an import back: what it replaced returns, what it made goes, unless somebody has built on it since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from intake.imports.activity_log import SOURCE
from intake.imports.lead_tables import LeadTables, State, fetch, from_json, run
from intake.imports.problems import RowProblem, row_problem
from intake.imports.rows import CREATED, UPDATED
from intake.models import ImportRow, LeadImport
from intake.statements import EDITED_SINCE
from leads.models import Activity, ActivityKey, Company, DirtyMark, Lead, StageChange
from leads.signals import leads_changed

UNDONE, KEPT = "undone", "kept"
LEAD_EVENTS, COMPANY_EVENTS = "leads_leadevent", "leads_companyevent"

# Higher apps say which of the given leads somebody works on: handoff's claimed ones, for example.
Keeper = Callable[[Collection[int]], set[int]]
_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    """`keeper` names those of the given leads that must not vanish; called by an app when it is ready."""
    _keepers.append(keeper)


def undo_rows(lead_import: LeadImport, rows: Sequence[ImportRow], *, now: datetime) -> Counter[str]:
    """Take back these rows, the last of the file first, inside a transaction. Returns what was done."""
    counts: Counter[str] = Counter()
    counts["activities"] = _remove_activities(rows, now)
    _restore(rows, now, counts)
    _remove_leads(lead_import, rows, counts)
    _remove_companies(lead_import, rows, counts)
    ImportRow.objects.bulk_update(rows, ["outcome", "problems"], batch_size=500)
    transaction.on_commit(lambda: leads_changed.send(sender=None))
    return +counts


def _remove_activities(rows: Iterable[ImportRow], now: datetime) -> int:
    ids = [row.activity_id for row in rows if row.activity_id]
    if not ids:
        return 0
    leads = set(Activity.objects.filter(pk__in=ids).values_list("lead_id", flat=True))
    removed = run("DELETE FROM leads_activity WHERE id = ANY(%s)", [ids])
    ActivityKey.objects.filter(source=SOURCE, key__in=[row.activity_key for row in rows if row.activity_key]).delete()
    DirtyMark.objects.bulk_create(DirtyMark(lead_id=pk, marked_at=now) for pk in sorted(leads))
    return removed


def _restore(rows: Sequence[ImportRow], now: datetime, counts: Counter[str]) -> None:
    """Put replaced values back where the import's own value still stands; what stays is noted in its row."""
    rows = [row for row in rows if row.before]
    befores = [row.before or {} for row in rows]
    companies_before = [before["company"] if "values" in before.get("company", {}) else {} for before in befores]
    tables = LeadTables()
    leads = _by_id(tables.leads(sorted({row.lead_id for row in rows if row.lead_id})))
    companies = _by_id(tables.companies(sorted({before["id"] for before in companies_before if before})))
    taken = _taken_names(rows)
    for row, before, company_before in zip(rows, befores, companies_before, strict=True):
        notes = _put_back(leads.get(row.lead_id or 0), before.get("lead", {}), taken)
        notes += _put_back(companies.get(company_before.get("id", 0)), company_before.get("values", {}), set())
        row.problems = [*row.problems, *notes]
        if row.outcome == UPDATED:
            row.outcome = KEPT if notes else UNDONE
            counts["kept_values" if notes else "restored"] += 1
    tables.write_leads(new=[], changed=list(leads.values()), now=now)
    tables.write_companies(new=[], changed=list(companies.values()), now=now)


def _by_id(states: Iterable[State]) -> dict[int, State]:
    return {state["id"]: state for state in states}


def _taken_names(rows: Iterable[ImportRow]) -> set[tuple[str, str]]:
    """Old e-mail addresses and external ids that another lead has taken meanwhile."""
    taken: set[tuple[str, str]] = set()
    for column in ("email", "external_id"):
        wanted = {old: row.lead_id for row in rows if (old := (row.before or {}).get("lead", {}).get(column, [""])[0])}
        holders = Lead.objects.present().filter(**{f"{column}__in": wanted}).values_list(column, "pk")
        taken |= {(column, value) for value, pk in holders if wanted[value] != pk}
    return taken


def _put_back(state: State | None, changes: dict[str, list[Any]], taken: set[tuple[str, str]]) -> list[RowProblem]:
    """Restore in `state` what nobody changed since; returns what stays, and why."""
    if state is None:
        return []
    notes = []
    for name, (old, new) in changes.items():
        if name.startswith("custom."):
            code = name.removeprefix("custom.")
            if state["custom"].get(code) != new:
                notes.append(row_problem("value_changed", field=code))
            else:
                rest = {key: value for key, value in state["custom"].items() if key != code}
                state["custom"] = rest if old is None else rest | {code: old}
        elif state[name] != from_json(name, new):
            notes.append(row_problem("value_changed", field=name))
        elif (name, old) in taken:
            notes.append(row_problem("value_taken", field=name))
        else:
            state[name] = from_json(name, old)
    return notes


def _remove_leads(lead_import: LeadImport, rows: Sequence[ImportRow], counts: Counter[str]) -> None:
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
    built_on = ~Q(merged_into=None) | ~Q(merged=None) | ~Q(notes=None) | ~Q(visitors=None)
    changed = _edited(LEAD_EVENTS, lead_import, ids) | set(
        Lead.objects.filter(built_on, pk__in=ids).values_list("pk", flat=True)
    )
    by_hand = StageChange.objects.filter(lead__in=ids, by__isnull=False).exclude(reason="imported")
    changed |= set(by_hand.values_list("lead_id", flat=True))
    active = set(Activity.objects.filter(lead__in=ids).values_list("lead_id", flat=True))
    worked_on = {pk for keeper in _keepers for pk in keeper(ids)}
    reasons = dict.fromkeys(worked_on, "kept_worked_on") | dict.fromkeys(active, "kept_activity")
    return reasons | dict.fromkeys(changed, "kept_changed")


def _edited(events: str, lead_import: LeadImport, ids: Collection[int]) -> set[int]:
    """Those that a person, the API or another import has changed, by the history that triggers write."""
    return {pk for (pk,) in fetch(EDITED_SINCE.format(table=events), [list(ids), lead_import.pk])}


def _remove_companies(lead_import: LeadImport, rows: Iterable[ImportRow], counts: Counter[str]) -> None:
    """Companies that the import made, that nobody edited, and that have no lead any more."""
    befores = [(row.before or {}).get("company", {}) for row in rows]
    made = {before["id"] for before in befores if before.get("created")}
    if made:
        empty = Company.objects.filter(pk__in=made - _edited(COMPANY_EVENTS, lead_import, made), leads=None)
        counts["companies"] += empty.count()
        empty.delete()
