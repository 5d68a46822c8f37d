"""What the audit log holds of people who became one, of files and of decisions; nobody can change it afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import translation

from accounts.audit import AuditEntry, AuditFilter, entries, kinds
from accounts.models import User
from intake.models import LeadImport
from leads.actions.company_merge import merge_companies, undo_company_merge
from leads.actions.duplicates import decide_duplicates
from leads.actions.merge import merge_leads, undo_merge
from leads.actions.stages import move_stage
from leads.enums import DuplicateState, ImportState, Stage
from leads.models import Duplicate, Lead
from tests.factories import CompanyFactory, LeadFactory, activity

AT = datetime(2026, 11, 30, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def told(kind: str) -> list[AuditEntry]:
    return entries(AuditFilter(kind=kind))[0]


def changes(entry: AuditEntry) -> dict[str, tuple[str, str]]:
    return {change.field: (change.before, change.after) for change in entry.changes}


def test_a_merge_of_two_people_is_told_with_its_fields_and_rows_and_so_is_its_end(marketer: User) -> None:
    kept, merged = LeadFactory(name="Hanako Sato", phone=""), LeadFactory(name="H. Sato", phone="03-1234-5678")
    activity(merged, "page_view", AT)
    merge = merge_leads(kept=kept, merged=merged, by=marketer, now=AT)
    undo_merge(merge=merge, by=marketer, now=AT)
    undone, moved, made = told("merge")
    assert {entry.what for entry in (undone, moved, made)} == {"Hanako Sato"}
    assert {entry.who for entry in (undone, moved, made)} == {marketer}
    assert {entry.href for entry in (undone, moved, made)} == {kept.get_absolute_url()}
    assert changes(made)["Merged"] == ("", "H. Sato")
    assert "phone: – → 03-1234-5678" in changes(made)["Fields filled in"][1]
    assert changes(moved)["Activities moved"] == ("–", "1")
    assert changes(undone)["Undone by"] == ("–", str(marketer))


def test_a_merge_of_two_companies_is_told_and_so_is_its_end(marketer: User) -> None:
    kept, merged = CompanyFactory(name="Acme", domain=""), CompanyFactory(name="Acme Inc", domain="acme.example")
    LeadFactory(company=merged)
    merge = merge_companies(kept=kept, merged=merged, by=marketer, now=AT)
    undo_company_merge(merge=merge, by=marketer, now=AT)
    undone, made = told("companymerge")
    assert (made.what, made.who, undone.who) == ("Acme", marketer, marketer)
    assert changes(made)["Leads moved"] == ("", "1")
    assert "company domain: – → acme.example" in changes(made)["Fields filled in"][1]
    assert "Undone at" in changes(undone)


def test_further_addresses_are_told_with_what_was_before(db: None) -> None:
    lead = LeadFactory(name="Sato")
    Lead.objects.filter(pk=lead.pk).update(other_emails=["s@home.example"])
    newest = told("lead")[0]
    assert (newest.what, changes(newest)) == ("Sato", {"Other emails": ("–", "s@home.example")})


def test_the_reason_of_a_stage_decision_is_told_with_the_leads_name(marketer: User) -> None:
    lead = LeadFactory(name="Sato")
    move_stage(lead=lead, to=Stage.NURTURE, by=marketer, reason="too_early", note="next year", now=AT)
    (entry,) = told("stagechange")
    assert entry.what == "Sato"
    assert changes(entry)["Reason"] == ("", "Too early")
    assert changes(entry)["Note"] == ("", "next year")
    with translation.override("ja"):
        assert changes(told("stagechange")[0])["理由"] == ("", "時期尚早（導入はまだ先）")


def test_that_two_leads_are_two_people_is_told_with_who_said_so(marketer: User) -> None:
    one, other = LeadFactory(name="Sato"), LeadFactory(name="Mori")
    Duplicate.objects.create(
        first=one,
        second=other,
        sureness=1,
        reasons=["phone"],
        evidence=["phone:1"],
        group=one.pk,
        group_sureness=1,
        finding="same",
        probability=1.0,
        grounds=[],
    )
    decide_duplicates(leads=[one.pk, other.pk], state=DuplicateState.DIFFERENT, by=marketer, now=AT)
    (entry,) = told("duplicate")
    assert (entry.who, entry.what) == (marketer, "Sato")
    assert changes(entry)["Decision"][1] == "Different people"


def test_an_import_is_told_when_it_came_ran_ended_and_was_taken_back(marketer: User) -> None:
    made = LeadImport.objects.create(file_name="fair.csv", content=b"", by=marketer, rows=3)
    made.store(state=ImportState.RUNNING)
    made.store(state=ImportState.DONE, created=2, rejected=1, done_at=AT)
    made.store(state=ImportState.UNDONE, undone_at=AT)
    undone, done, running, came = told("leadimport")
    assert {entry.what for entry in (undone, done, running, came)} == {"fair.csv"}
    assert changes(came)["Imported by"] == ("", str(marketer))
    assert changes(came)["Rows"] == ("", "3")
    assert [changes(entry)["Status"][1] for entry in (running, done, undone)] == ["Running", "Done", "Undone"]
    assert changes(done)["Rows that added a record"] == ("0", "2")


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_the_database_refuses_to_change_or_delete_an_entry(kind: str) -> None:
    table = kinds()[kind]._meta.db_table
    with connection.cursor() as cursor:
        if not kinds()[kind]._default_manager.exists():
            nulls_allowed(cursor, table)
            cursor.execute(f"INSERT INTO {table} (pgh_label, pgh_created_at) VALUES ('insert', now())")
        for change in (f"UPDATE {table} SET pgh_label = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic():
                cursor.execute(change)


def nulls_allowed(cursor: Any, table: str) -> None:
    """For the time of the test: a row of the log without the columns of its object."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_nullable = 'NO'"
        " AND column_name NOT IN ('pgh_id', 'pgh_label', 'pgh_created_at')",
        [table],
    )
    for (column,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" DROP NOT NULL')
