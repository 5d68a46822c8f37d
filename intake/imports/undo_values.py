"""Taking values of an import back: what it replaced returns where the import's own value still stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from intake.imports.lead_tables import LeadTables, StoredRow, from_json
from intake.imports.problems import RowProblem, row_problem
from intake.imports.rows import UPDATED
from intake.models import ImportRow
from leads.actions.forbidding import lifting
from leads.models import Lead

UNDONE, KEPT = "undone", "kept"


def restore_values(rows: Sequence[ImportRow], *, now: datetime, counts: Counter[str]) -> None:
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
    with lifting():
        tables.write_leads(new=[], changed=list(leads.values()), now=now)
    tables.write_companies(new=[], changed=list(companies.values()), now=now)


def _by_id(states: Iterable[StoredRow]) -> dict[int, StoredRow]:
    return {state["id"]: state for state in states}


def _taken_names(rows: Iterable[ImportRow]) -> set[tuple[str, str]]:
    """Old e-mail addresses and external ids that another lead has taken meanwhile."""
    taken: set[tuple[str, str]] = set()
    for column in ("email", "external_id"):
        wanted = {old: row.lead_id for row in rows if (old := (row.before or {}).get("lead", {}).get(column, [""])[0])}
        holders = Lead.objects.present().filter(**{f"{column}__in": wanted}).values_list(column, "pk")
        taken |= {(column, value) for value, pk in holders if wanted[value] != pk}
    return taken


def _put_back(state: StoredRow | None, changes: dict[str, list[Any]], taken: set[tuple[str, str]]) -> list[RowProblem]:
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
        elif isinstance(old, str) and (name, old) in taken:
            notes.append(row_problem("value_taken", field=name))
        else:
            state[name] = from_json(name, old)
    return notes
