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
from intake.imports.people import PeopleIndex
from intake.imports.rows import CREATED, UNCHANGED, UPDATED, FileRow
from intake.imports.sources import SourceRegistry
from leads.enums import Origin, Stage
from leads.models import StageChange
from leads.signals import leads_changed
from leads.titles import level_changes

NEW_LEAD: StoredRow = {
    "email": "", "external_id": "", "name": "", "kana": "", "title": "", "title_level": None,
    "title_level_derived": False, "department": "", "phone": "", "language": "", "country": "", "region": "",
    "source_id": None, "campaign": "", "origin": str(Origin.MARKETING), "stage": str(Stage.INQUIRY), "planned_on": None,
    "consent": None, "company_id": None, "owner_id": None,
}  # fmt: skip
NO_COLUMNS = frozenset({"id", "enquiry", "title_level"})  # of a lead, though a file has them under this name


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
        self.mapping, self.by, self.sources, self.tables, self.log = mapping, by, sources, tables, log
        self.teams = dict(User.objects.filter(is_active=True).values_list("pk", "team_id"))
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
        self.companies = CompanyBatch(writer.tables, now)
        self.people = PeopleIndex(mapping=writer.mapping, companies=self.companies)
        self.new_leads: list[StoredRow] = []
        self.changed_leads: dict[int, StoredRow] = {}
        self.stages: list[tuple[int, str]] = []

    # ---- what is there ----

    def read(self) -> None:
        """Lock and load the leads and companies that the rows name, and reserve ids for new ones."""
        emails, external_ids = self._texts("lead.email"), self._texts("lead.external_id")
        former = {"email": former_names("email", emails), "external_id": former_names("external_id", external_ids)}
        living = {pk for names in former.values() for pk in names.values()}
        numbers = {row.values["lead.id"] for row in self.rows if "lead.id" in row.values}
        leads = {lead["id"]: lead for lead in self.tables.find_leads(emails, external_ids, living | numbers)}
        self.companies.read(self._texts("company.name"))
        names, phones = self.people.unnamed(self.rows)
        leads |= (
            {lead["id"]: leads.get(lead["id"], lead) for lead in self.tables.find_people(names, phones)}
            if (names or phones)
            else {}
        )
        for lead in leads.values():
            self.people.remember(lead)
        self.people.remember_former(former, leads)
        # Of other teams, for a manager; a rehearsal's new leads have ids below 0.
        self.hidden = hidden_from(self.writer.by, {pk for pk in leads if pk > 0})
        codes = self._texts("lead.source")
        if isinstance(self.tables, RehearsalTables):
            self.writer.sources.pretend(codes)
        else:
            self.writer.sources.make(codes)
        self.lead_ids = iter(self.tables.new_ids(LEADS, len(self.rows)) if self.rows else [])

    def _texts(self, name: str) -> set[str]:
        return {value for row in self.rows if (value := row.values.get(name))}

    # ---- what becomes of it ----

    def decide(self, row: FileRow) -> None:
        """Put the row's values into its lead and company, and say in the row what became of it."""
        if row.is_company_only:
            self._decide_company(row)
            return
        lead = self.people.match(row)
        if lead is not None and lead["id"] in self.hidden:
            row.reject("not_yours")
        if row.outcome:
            return
        is_new = lead is None
        if lead is None:
            lead = NEW_LEAD | {
                "id": next(self.lead_ids),
                "created_at": self.now,
                "custom": {},
                "other_emails": [],
                "team_id": self.writer.team_id,
            }
            self.new_leads.append(lead)
        before = self._fill_lead(row, lead, is_new=is_new)
        company_before = self.companies.fill(row, lead, before)
        row.lead_id = lead["id"]
        row.outcome = CREATED if is_new else UPDATED if before or company_before else UNCHANGED
        kept = {"lead": before if not is_new else {}, "company": company_before}
        row.before = {name: value for name, value in kept.items() if value} or None
        self.people.remember(lead)
        if before and not is_new:
            self.changed_leads[lead["id"]] = lead

    def _decide_company(self, row: FileRow) -> None:
        """A row that names nobody: its company is made or brought up to date."""
        before = self.companies.fill(row, None, {})
        row.outcome = UNCHANGED if not before else CREATED if before.get("created") else UPDATED
        row.before = {"company": before} if before else None
        row.note("company_only")

    def _fill_lead(self, row: FileRow, lead: StoredRow, *, is_new: bool) -> dict[str, list[Any]]:
        """Put the row's values into `lead`; returns what they replaced, each with its successor."""
        changes: dict[str, list[Any]] = {}
        if not is_new and lead["name"] and not self.people.has_same_name(row, lead):
            row.note("name_replaced", value=lead["name"])
        given = {
            column: row.values[f"lead.{column}"]
            for column in ("title", "title_level")
            if f"lead.{column}" in row.values
        }
        level = level_changes(lead, given)
        for name, value in row.values.items():
            owner, _dot, column = name.partition(".")
            if owner == "custom":
                replace_custom(lead, column, value, changes)
            elif owner == "lead" and column not in NO_COLUMNS and self._may_replace(row, lead, column, is_new=is_new):
                self._replace(lead, column, value, changes)
        for column, value in level.items():
            self._replace(lead, column, value, changes)
        if level.get("title_level_derived"):
            row.note("level_derived")
        if is_new and lead["stage"] != Stage.INQUIRY:
            self.stages.append((lead["id"], lead["stage"]))
        return changes

    def _may_replace(self, row: FileRow, lead: StoredRow, column: str, *, is_new: bool) -> bool:
        """Whether a file may write this column of this lead; a value that stays is noted in the row."""
        value = row.values[f"lead.{column}"]
        if column == "owner":
            return self._may_own(row, lead, value)
        if column == "email" and row.shares_address:
            return False
        if is_new:
            return True
        if column == "stage":
            # A stage is a decision with a history, not a value: only a new lead can begin in another one.
            if lead["stage"] != value:
                row.note("stage_kept")
            return False
        if column == "consent" and value is not False and lead["consent"] is False:
            row.note("consent_kept")
            return False
        if column == "created_at":  # our own files know the minute alone
            return bool(value.replace(second=0, microsecond=0) != lead["created_at"].replace(second=0, microsecond=0))
        if self.people.is_former_name(row, lead, column):
            row.note("former_name", value=value)
            return False
        return True

    def _may_own(self, row: FileRow, lead: StoredRow, owner: int) -> bool:
        """A lead in somebody's hands stays there; a manager gives leads to their own team."""
        if lead["owner_id"] not in (None, owner):
            row.note("owner_kept")
            return False
        team = self.writer.team_id
        if team is not None and self.writer.teams.get(owner) != team:
            row.note("owner_not_yours")
            return False
        return True

    def _replace(self, lead: StoredRow, column: str, value: Any, changes: dict[str, list[Any]]) -> None:
        if column == "other_emails":  # a file adds to those that are known
            value = [*lead[column], *(one for one in value if one not in (lead["email"], *lead[column]))]
        elif column == "source":
            column, value = "source_id", self.writer.sources.ids[value]
        elif column == "owner":
            column = "owner_id"
            self._replace(lead, "team_id", self.writer.teams.get(value) or lead["team_id"], changes)
        if lead[column] != value:
            self.people.forget(lead, column)
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
