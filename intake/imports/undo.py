"""Taking an import back: what it replaced returns, what it made goes, unless somebody has built on it since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from intake.imports.facts import SOURCE
from intake.imports.problems import Problem, problem
from intake.imports.rows import CREATED, UPDATED
from intake.imports.tables import State, Tables, thawed
from intake.models import ImportRow, LeadImport
from leads.models import Activity, ActivityKey, Company, DirtyMark, Lead, StageChange
from leads.signals import leads_changed

UNDONE, KEPT = "undone", "kept"

# Higher apps say which of these leads somebody works on: handoff's claimed ones, for example.
Keeper = Callable[[Collection[int]], set[int]]
_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    """`keeper` names those of the given leads that must not vanish; called by an app when it is ready."""
    _keepers.append(keeper)


def undo_rows(lead_import: LeadImport, rows: Sequence[ImportRow], *, now: datetime) -> Counter[str]:
    """Take back these rows, the last of the file first, inside a transaction. Returns what was done."""
    counts: Counter[str] = Counter()
    counts["activities"] = _remove_activities(rows, now)
    _Restorer(rows).restore(now, counts)
    _remove_created(lead_import, rows, counts)
    _remove_companies(lead_import, rows, counts)
    ImportRow.objects.bulk_update(rows, ["outcome", "problems"], batch_size=500)
    transaction.on_commit(lambda: leads_changed.send(sender=None))
    return +counts


def _remove_activities(rows: Iterable[ImportRow], now: datetime) -> int:
    ids = [row.activity_id for row in rows if row.activity_id]
    if not ids:
        return 0
    leads = set(Activity.objects.filter(pk__in=ids).values_list("lead_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM leads_activity WHERE id = ANY(%s)", [ids])
        removed = int(cursor.rowcount)
    ActivityKey.objects.filter(source=SOURCE, key__in=[row.activity_key for row in rows if row.activity_key]).delete()
    DirtyMark.objects.bulk_create(DirtyMark(lead_id=pk, marked_at=now) for pk in sorted(leads))
    return removed


class _Restorer:
    """Puts replaced values back where the import's own value still stands."""

    def __init__(self, rows: Sequence[ImportRow]) -> None:
        self.rows = [row for row in rows if row.before]
        self.tables = Tables()

    def restore(self, now: datetime, counts: Counter[str]) -> None:
        leads = self._states(self.tables.leads, (row.lead_id for row in self.rows if row.lead_id))
        companies = self._states(self.tables.companies, (self._company(row).get("id") for row in self.rows))
        taken = _taken(self.rows)
        for row in self.rows:
            assert row.before is not None
            company = self._company(row)
            notes = _put_back(leads.get(row.lead_id or 0), row.before.get("lead", {}), taken)
            notes += _put_back(companies.get(company.get("id", 0)), company.get("values", {}), set())
            row.problems = [*row.problems, *notes]
            if row.outcome == UPDATED:
                row.outcome = KEPT if notes else UNDONE
                counts["kept_values" if notes else "restored"] += 1
        self.tables.write_leads(new=[], changed=list(leads.values()), now=now)
        self.tables.write_companies(new=[], changed=list(companies.values()), now=now)

    def _company(self, row: ImportRow) -> dict[str, Any]:
        found = (row.before or {}).get("company", {})
        return dict(found) if "values" in found else {}

    def _states(self, load: Callable[[Collection[int]], list[State]], ids: Iterable[int | None]) -> dict[int, State]:
        return {one["id"]: one for one in load(sorted({pk for pk in ids if pk}))}


def _taken(rows: Iterable[ImportRow]) -> set[tuple[str, str]]:
    """Old e-mail addresses and external ids that another lead has taken meanwhile."""
    taken: set[tuple[str, str]] = set()
    for column in ("email", "external_id"):
        wanted = {old: row.lead_id for row in rows if (old := (row.before or {}).get("lead", {}).get(column, [""])[0])}
        holders = Lead.objects.present().filter(**{f"{column}__in": wanted}).values_list(column, "pk")
        taken |= {(column, value) for value, pk in holders if wanted[value] != pk}
    return taken


def _put_back(state: State | None, changes: dict[str, list[Any]], taken: set[tuple[str, str]]) -> list[Problem]:
    """Restore in `state` what nobody changed since; returns what stays, and why."""
    if state is None:
        return []
    notes = []
    for name, (old, new) in changes.items():
        if name.startswith("custom."):
            notes += _put_back_custom(state, name.removeprefix("custom."), old, new)
        elif state[name] != thawed(name, new):
            notes.append(problem("value_changed", field=name))
        elif (name, old) in taken:
            notes.append(problem("value_taken", field=name))
        else:
            state[name] = thawed(name, old)
    return notes


def _put_back_custom(state: State, name: str, old: Any, new: Any) -> list[Problem]:
    if state["custom"].get(name) != new:
        return [problem("value_changed", field=name)]
    rest = {key: value for key, value in state["custom"].items() if key != name}
    state["custom"] = rest if old is None else rest | {name: old}
    return []


def _remove_created(lead_import: LeadImport, rows: Sequence[ImportRow], counts: Counter[str]) -> None:
    mine = rows if lead_import.kind == "leads" else []
    created = {row.lead_id: row for row in mine if row.outcome == CREATED and row.lead_id}
    present = set(Lead.objects.select_for_update().filter(pk__in=created).order_by("pk").values_list("pk", flat=True))
    reasons = _touched(lead_import, present)
    for pk, row in created.items():
        if pk in reasons:
            row.outcome, row.problems = KEPT, [*row.problems, problem(reasons[pk])]
            counts["kept_leads"] += 1
        else:
            row.outcome = UNDONE
    gone = present - reasons.keys()
    Lead.objects.filter(pk__in=gone).delete()
    counts["deleted"] += len(gone)
    for row in rows:
        if row.outcome == CREATED:  # a file of activities: the activity was all that it made
            row.outcome = UNDONE


def _touched(lead_import: LeadImport, ids: Collection[int]) -> dict[int, str]:
    """Which leads somebody has built on since, and how. What the product itself derives (scores, stages) is none."""
    built_on = ~Q(merged_into=None) | ~Q(merged=None) | ~Q(notes=None) | ~Q(visitors=None)
    changed = _edited("lead", lead_import, ids) | set(
        Lead.objects.filter(built_on, pk__in=ids).values_list("pk", flat=True)
    )
    by_hand = StageChange.objects.filter(lead__in=ids, by__isnull=False).exclude(reason="imported")
    changed |= set(by_hand.values_list("lead_id", flat=True))
    active = set(Activity.objects.filter(lead__in=ids).values_list("lead_id", flat=True))
    worked_on = {pk for keeper in _keepers for pk in keeper(ids)}
    reasons = dict.fromkeys(worked_on, "kept_worked_on") | dict.fromkeys(active, "kept_activity")
    return reasons | dict.fromkeys(changed, "kept_changed")


def _edited(table: str, lead_import: LeadImport, ids: Collection[int]) -> set[int]:
    """Those that a person, the API or another import has changed, by the history that triggers write."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT pgh_obj_id FROM leads_{table}event"  # noqa: S608 - one of our two tables
            " WHERE pgh_obj_id = ANY(%s) AND pgh_label = 'update'"
            " AND (pgh_context -> 'user' <> 'null' OR pgh_context ->> 'url' <> '' OR pgh_context ? 'import')"
            " AND pgh_context -> 'import' IS DISTINCT FROM to_jsonb(%s)",
            [list(ids), lead_import.pk],
        )
        return {pk for (pk,) in cursor.fetchall()}


def _remove_companies(lead_import: LeadImport, rows: Iterable[ImportRow], counts: Counter[str]) -> None:
    """Companies that the import made, that nobody edited, and that have no lead any more."""
    made = {found["id"] for row in rows if (found := (row.before or {}).get("company", {})).get("created")}
    if not made:
        return
    made -= _edited("company", lead_import, made)
    empty = Company.objects.filter(pk__in=made, leads=None)
    counts["companies"] += empty.count()
    empty.delete()
