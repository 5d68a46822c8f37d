"""Rows of people into leads and companies: who is who, what changes, what is refused.

Decided in memory for a batch that is locked, then written at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from intake.actions.intake import former_names
from intake.imports.facts import Facts
from intake.imports.lookup import hidden_from
from intake.imports.mapping import FileMapping
from intake.imports.rows import CREATED, UNCHANGED, UPDATED, Row
from intake.imports.sources import Sources
from intake.imports.tables import Rehearsal, State, Tables
from leads.enums import Origin, Stage
from leads.models import StageChange
from leads.signals import leads_changed

NEW_LEAD: State = {
    "email": "", "external_id": "", "name": "", "title": "", "title_level": None, "department": "", "phone": "",
    "language": "", "country": "", "region": "", "source_id": None, "campaign": "", "origin": str(Origin.MARKETING),
    "stage": str(Stage.INQUIRY), "planned_on": None, "consent": None, "company_id": None,
}  # fmt: skip
NEW_COMPANY: State = {"domain": "", "industry": "", "employees": None, "revenue": None, "country": "", "region": ""}


class People:
    """Writes batches of rows as leads, their companies and their activities."""

    def __init__(
        self, *, mapping: FileMapping, by: User | None, sources: Sources, tables: Tables, facts: Facts
    ) -> None:
        self.identity, self.by, self.sources, self.tables, self.facts = mapping.identity, by, sources, tables, facts
        self.other = "email" if mapping.identity == "external_id" else "external_id"
        self.team_id = by.team_id if by and by.role == Role.MANAGER else None
        self.counts: Counter[str] = Counter()

    def prepare(self, rows: Sequence[Row]) -> None:
        """What must not happen inside the batch's transaction."""
        self.facts.prepare(rows)

    def write(self, rows: Sequence[Row], *, now: datetime) -> Counter[str]:
        """Decide and store a batch, inside a transaction. Fills in each row's outcome; returns what else was made."""
        batch = _Batch(self, rows, now)
        batch.read()
        for row in rows:
            batch.decide(row)
        batch.write()
        made = batch.made + self.facts.record([row for row in rows if row.lead_id], now=now)
        transaction.on_commit(lambda: leads_changed.send(sender=None))
        return made


class _Batch:
    """One batch: the leads and companies it touches, as they are and as they become."""

    def __init__(self, people: People, rows: Sequence[Row], now: datetime) -> None:
        self.people, self.tables, self.rows, self.now = people, people.tables, rows, now
        self.leads: dict[str, dict[str, State]] = {"email": {}, "external_id": {}}
        self.companies: dict[str, State] = {}
        self.keys: dict[str, str] = {}
        self.new_leads: list[State] = []
        self.new_companies: list[State] = []
        self.changed_leads: dict[int, State] = {}
        self.changed_companies: dict[int, State] = {}
        self.made: Counter[str] = Counter()
        self.stages: list[tuple[int, str]] = []

    # ---- what is there ----

    def read(self) -> None:
        emails, external_ids = self._texts("lead.email"), self._texts("lead.external_id")
        former = {"email": former_names("email", emails), "external_id": former_names("external_id", external_ids)}
        living = {pk for names in former.values() for pk in names.values()}
        found = {lead["id"]: lead for lead in self.tables.find_leads(emails, external_ids, living)}
        for lead in found.values():
            self._remember(lead)
        for column, names in former.items():
            for name, pk in names.items():
                if pk in found:
                    self.leads[column].setdefault(name, found[pk])
        self.hidden = self._hidden_ids()
        self.keys, companies = self.tables.find_companies(self._texts("company.name"))
        self._read_companies(companies)
        codes = self._texts("lead.source")
        (self.people.sources.pretend if isinstance(self.tables, Rehearsal) else self.people.sources.make)(codes)
        known = self.leads[self.people.identity]
        unknown = {row.values[f"lead.{self.people.identity}"] for row in self.rows} - known.keys()
        self.lead_ids = iter(self.tables.new_ids("lead", len(unknown)) if unknown else [])

    def _texts(self, name: str) -> set[str]:
        return {value for row in self.rows if (value := row.values.get(name))}

    def _remember(self, lead: State) -> None:
        for name, known in self.leads.items():
            if lead[name]:
                known[lead[name]] = lead

    def _hidden_ids(self) -> set[int]:
        """Leads that whoever imports may not see: those of other teams, for a manager."""
        ids = {lead["id"] for known in self.leads.values() for lead in known.values() if lead["id"] > 0}
        return hidden_from(self.people.by, ids)

    def _read_companies(self, companies: list[State]) -> None:
        keys = self.tables.keys_of(companies) if companies else {}
        for company in sorted(companies, key=lambda one: -one["id"]):  # the oldest comes last and wins
            self.companies[keys[company["id"]]] = company
        missing = len({*self.keys.values()} - self.companies.keys())
        if missing:
            self.tables.lock_new_companies()
            again = self.tables.find_companies(self.keys)[1]
            keys = self.tables.keys_of(again)
            self.companies |= {keys[one["id"]]: one for one in again if keys[one["id"]] not in self.companies}
        self.company_ids = iter(self.tables.new_ids("company", missing) if missing else [])

    # ---- what becomes of it ----

    def decide(self, row: Row) -> None:
        lead = self._match(row)
        if row.outcome:
            return
        is_new = lead is None
        if lead is None:
            lead = self._new_lead()
        before = self._fill_lead(row, lead, is_new=is_new)
        company_before = self._fill_company(row, lead, before, is_new=is_new)
        row.lead_id = lead["id"]
        row.outcome = CREATED if is_new else UPDATED if before or company_before else UNCHANGED
        kept = {"lead": before if not is_new else {}, "company": company_before}
        row.before = {name: value for name, value in kept.items() if value} or None
        self._remember(lead)
        if before and not is_new:
            self.changed_leads[lead["id"]] = lead

    def _match(self, row: Row) -> State | None:
        """The lead of a row: by the identity of the mapping, else by the other one where that lead has none yet."""
        identity, other = self.people.identity, self.people.other
        named, also = row.values[f"lead.{identity}"], row.values.get(f"lead.{other}")
        lead = self.leads[identity].get(named)
        holder = self.leads[other].get(also) if also else None
        if lead is None and holder is not None and not holder[identity]:
            lead = holder
        if holder is not None and holder is not lead:
            row.reject(f"{other}_taken")
        elif lead is not None and lead["id"] in self.hidden:
            row.reject("not_yours")
        return lead

    def _found_by(self, row: Row, lead: State) -> str:
        """The name by which the row means this lead, which may have it from one that was merged into it."""
        identity = self.people.identity
        return identity if self.leads[identity].get(row.values[f"lead.{identity}"]) is lead else self.people.other

    def _new_lead(self) -> State:
        lead = NEW_LEAD | {
            "id": next(self.lead_ids), "created_at": self.now, "custom": {}, "team_id": self.people.team_id
        }  # fmt: skip
        self.new_leads.append(lead)
        return lead

    def _fill_lead(self, row: Row, lead: State, *, is_new: bool) -> dict[str, list[Any]]:
        """Put the row's values into `lead`; returns what they replaced, each with its successor."""
        changes: dict[str, list[Any]] = {}
        found_by = "" if is_new else self._found_by(row, lead)
        for name, value in row.values.items():
            owner, _dot, column = name.partition(".")
            if owner == "custom":
                _replace_custom(lead, column, value, changes)
            elif owner == "lead":
                if column == "stage" and not is_new:
                    self._keep_stage(row, lead, value)
                elif column == found_by and lead[column] and lead[column] != value:
                    row.note("former_name", value=value)
                else:
                    self._replace(lead, column, value, changes)
        if is_new and lead["stage"] != Stage.INQUIRY:
            self.stages.append((lead["id"], lead["stage"]))
        return changes

    def _replace(self, lead: State, column: str, value: Any, changes: dict[str, list[Any]]) -> None:
        if column == "source":
            column, value = "source_id", self.people.sources.ids[value]
        if lead[column] != value:
            if column in self.leads and lead[column]:
                self.leads[column].pop(lead[column], None)
            changes[column] = [lead[column], value]
            lead[column] = value

    def _keep_stage(self, row: Row, lead: State, stage: str) -> None:
        """A stage is a decision with a history, not a value: only a new lead can begin in another one."""
        if lead["stage"] != stage:
            row.note("stage_kept")

    def _fill_company(self, row: Row, lead: State, changes: dict[str, list[Any]], *, is_new: bool) -> dict[str, Any]:
        name = row.values.get("company.name")
        if not name:
            return {}
        key = self.keys[name]
        company, made = self.companies.get(key), False
        if company is None:
            company, made = self._new_company(key, name), True
        if lead["company_id"] != company["id"]:
            changes["company_id"] = [lead["company_id"], company["id"]]
            lead["company_id"] = company["id"]
        values = _fill(company, row.values)
        if values and not made:
            self.changed_companies[company["id"]] = company
        if not made and not values:
            return {}
        return {"id": company["id"]} | ({"created": True} if made else {"values": values})

    def _new_company(self, key: str, name: str) -> State:
        company = NEW_COMPANY | {"id": next(self.company_ids), "name": name, "custom": {}, "created_at": self.now}
        self.companies[key] = company
        self.new_companies.append(company)
        self.made["companies"] += 1
        return company

    # ---- storing ----

    def write(self) -> None:
        new = {one["id"] for one in self.new_companies}
        changed = [one for pk, one in sorted(self.changed_companies.items()) if pk not in new]
        self.tables.write_companies(new=self.new_companies, changed=changed, now=self.now)
        new = {one["id"] for one in self.new_leads}
        changed = [one for pk, one in sorted(self.changed_leads.items()) if pk not in new]
        self.tables.write_leads(new=self.new_leads, changed=changed, now=self.now)
        if not isinstance(self.tables, Rehearsal):
            StageChange.objects.bulk_create(
                StageChange(lead_id=pk, after=stage, at=self.now, by=self.people.by, reason="imported")
                for pk, stage in self.stages
            )


def _replace_custom(state: State, name: str, value: Any, changes: dict[str, list[Any]]) -> None:
    if state["custom"].get(name) != value:
        changes[f"custom.{name}"] = [state["custom"].get(name), value]
        state["custom"] = state["custom"] | {name: value}


def _fill(company: State, values: dict[str, Any]) -> dict[str, list[Any]]:
    """Put a row's company values into `company`; its name stays as it was first written."""
    changes: dict[str, list[Any]] = {}
    for name, value in values.items():
        if name.startswith("company.custom."):
            _replace_custom(company, name.removeprefix("company.custom."), value, changes)
        elif name.startswith("company.") and name != "company.name":
            column = name.removeprefix("company.")
            if company[column] != value:
                changes[column] = [company[column], value]
                company[column] = value
    return changes
