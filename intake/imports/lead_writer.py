"""Rows of people into leads and companies: who is who, what changes, what is refused.

A batch is decided in memory while its leads are locked, then written at once.
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
from intake.imports.activity_log import ActivityLog
from intake.imports.company_batch import CompanyBatch, replace_custom
from intake.imports.lead_tables import LEADS, LeadTables, RehearsalTables, StoredRow
from intake.imports.lookup import hidden_from
from intake.imports.mapping import FileMapping
from intake.imports.rows import CREATED, UNCHANGED, UPDATED, FileRow
from intake.imports.sources import SourceRegistry
from leads.enums import Origin, Stage
from leads.models import StageChange
from leads.signals import leads_changed

NEW_LEAD: StoredRow = {
    "email": "", "external_id": "", "name": "", "title": "", "title_level": None, "department": "", "phone": "",
    "language": "", "country": "", "region": "", "source_id": None, "campaign": "", "origin": str(Origin.MARKETING),
    "stage": str(Stage.INQUIRY), "planned_on": None, "consent": None, "company_id": None,
}  # fmt: skip


class LeadWriter:
    """Writes batches of rows as leads, their companies and their activities."""

    def __init__(
        self,
        *,
        mapping: FileMapping,
        by: User | None,
        sources: SourceRegistry,
        tables: LeadTables,
        log: ActivityLog,
    ) -> None:
        self.identity, self.by, self.sources, self.tables, self.log = mapping.identity, by, sources, tables, log
        self.other = "email" if mapping.identity == "external_id" else "external_id"
        self.team_id = by.team_id if by and by.role == Role.MANAGER else None

    def prepare(self, rows: Sequence[FileRow]) -> None:
        """What must not happen inside the batch's transaction."""
        self.log.prepare(rows)

    def write(self, rows: Sequence[FileRow], *, now: datetime) -> Counter[str]:
        """Decide and store a batch, inside a transaction. Fills in each row's outcome; returns what else was made."""
        batch = LeadBatch(self, rows, now)
        batch.read()
        for row in rows:
            batch.decide(row)
        batch.write()
        made = batch.companies.made + self.log.record([row for row in rows if row.lead_id], now=now)
        transaction.on_commit(lambda: leads_changed.send(sender=None))
        return made


class LeadBatch:
    """The leads that a batch touches, as they are and as they become."""

    def __init__(self, writer: LeadWriter, rows: Sequence[FileRow], now: datetime) -> None:
        self.writer, self.tables, self.rows, self.now = writer, writer.tables, rows, now
        self.leads: dict[str, dict[str, StoredRow]] = {"email": {}, "external_id": {}}
        self.companies = CompanyBatch(writer.tables, now)
        self.new_leads: list[StoredRow] = []
        self.changed_leads: dict[int, StoredRow] = {}
        self.stages: list[tuple[int, str]] = []

    # ---- what is there ----

    def read(self) -> None:
        """Lock and load the leads and companies that the rows name, and reserve ids for new ones."""
        emails, external_ids = self._texts("lead.email"), self._texts("lead.external_id")
        former = {"email": former_names("email", emails), "external_id": former_names("external_id", external_ids)}
        living = {pk for names in former.values() for pk in names.values()}
        leads = {lead["id"]: lead for lead in self.tables.find_leads(emails, external_ids, living)}
        for lead in leads.values():
            self._remember(lead)
        for column, names in former.items():
            for name, pk in names.items():
                if pk in leads:
                    self.leads[column].setdefault(name, leads[pk])
        # Of other teams, for a manager; a rehearsal's new leads have ids below 0.
        self.hidden = hidden_from(self.writer.by, {pk for pk in leads if pk > 0})
        self.companies.read(self._texts("company.name"))
        codes = self._texts("lead.source")
        if isinstance(self.tables, RehearsalTables):
            self.writer.sources.pretend(codes)
        else:
            self.writer.sources.make(codes)
        known = self.leads[self.writer.identity]
        unknown = {row.values[f"lead.{self.writer.identity}"] for row in self.rows} - known.keys()
        self.lead_ids = iter(self.tables.new_ids(LEADS, len(unknown)) if unknown else [])

    def _texts(self, name: str) -> set[str]:
        return {value for row in self.rows if (value := row.values.get(name))}

    def _remember(self, lead: StoredRow) -> None:
        for name, known in self.leads.items():
            if lead[name]:
                known[lead[name]] = lead

    # ---- what becomes of it ----

    def decide(self, row: FileRow) -> None:
        """Put the row's values into its lead and company, and say in the row what became of it."""
        lead = self._match(row)
        if row.outcome:
            return
        is_new = lead is None
        if lead is None:
            lead = NEW_LEAD | {
                "id": next(self.lead_ids),
                "created_at": self.now,
                "custom": {},
                "team_id": self.writer.team_id,
            }
            self.new_leads.append(lead)
        before = self._fill_lead(row, lead, is_new=is_new)
        company_before = self.companies.fill(row, lead, before)
        row.lead_id = lead["id"]
        row.outcome = CREATED if is_new else UPDATED if before or company_before else UNCHANGED
        kept = {"lead": before if not is_new else {}, "company": company_before}
        row.before = {name: value for name, value in kept.items() if value} or None
        self._remember(lead)
        if before and not is_new:
            self.changed_leads[lead["id"]] = lead

    def _match(self, row: FileRow) -> StoredRow | None:
        """The lead of a row: by the identity of the mapping, else by the other one where that lead has none yet."""
        identity, other = self.writer.identity, self.writer.other
        name, other_name = row.values[f"lead.{identity}"], row.values.get(f"lead.{other}")
        lead = self.leads[identity].get(name)
        holder = self.leads[other].get(other_name) if other_name else None
        if lead is None and holder is not None and not holder[identity]:
            lead = holder
        if holder is not None and holder is not lead:
            row.reject(f"{other}_taken")
        elif lead is not None and lead["id"] in self.hidden:
            row.reject("not_yours")
        return lead

    def _fill_lead(self, row: FileRow, lead: StoredRow, *, is_new: bool) -> dict[str, list[Any]]:
        """Put the row's values into `lead`; returns what they replaced, each with its successor."""
        changes: dict[str, list[Any]] = {}
        identity = self.writer.identity
        # The name by which the row means this lead, which may have it from one that was merged into it.
        found_by = identity if self.leads[identity].get(row.values[f"lead.{identity}"]) is lead else self.writer.other
        for name, value in row.values.items():
            owner, _dot, column = name.partition(".")
            if owner == "custom":
                replace_custom(lead, column, value, changes)
            elif owner != "lead":
                continue
            elif column == "stage" and not is_new:
                # A stage is a decision with a history, not a value: only a new lead can begin in another one.
                if lead["stage"] != value:
                    row.note("stage_kept")
            elif column == found_by and not is_new and lead[column] and lead[column] != value:
                row.note("former_name", value=value)
            else:
                self._replace(lead, column, value, changes)
        if is_new and lead["stage"] != Stage.INQUIRY:
            self.stages.append((lead["id"], lead["stage"]))
        return changes

    def _replace(self, lead: StoredRow, column: str, value: Any, changes: dict[str, list[Any]]) -> None:
        if column == "source":
            column, value = "source_id", self.writer.sources.ids[value]
        if lead[column] != value:
            if column in self.leads and lead[column]:
                self.leads[column].pop(lead[column], None)
            changes[column] = [lead[column], value]
            lead[column] = value

    # ---- storing ----

    def write(self) -> None:
        """Store what was decided."""
        self.companies.write()
        new = {lead["id"] for lead in self.new_leads}
        changed = [lead for pk, lead in sorted(self.changed_leads.items()) if pk not in new]
        self.tables.write_leads(new=self.new_leads, changed=changed, now=self.now)
        if not isinstance(self.tables, RehearsalTables):
            StageChange.objects.bulk_create(
                StageChange(lead_id=pk, after=stage, at=self.now, by=self.writer.by, reason="imported")
                for pk, stage in self.stages
            )
