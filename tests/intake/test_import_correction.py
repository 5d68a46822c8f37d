"""Rejected rows are corrected in the browser and come in by the same mapping; what still fails keeps what was typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from intake.forms.correction import correctable, page_size
from intake.imports.correction import CorrectedRow, ImportMovedOnError, fingerprint, take_in_corrected
from intake.models import ImportRow, LeadImport
from leads.actions.erasure import erase_lead
from leads.enums import ErasureReason
from leads.models import Activity, Lead
from tests.factories import LeadFactory
from tests.intake.importing import counts, imported, report, undone

COLUMNS = {"mail": "lead.email", "name": "lead.name", "unit": "lead.department", "firm": "company.name"}
MAPPING = {"identity": "email", "columns": COLUMNS}
FILE = "mail,name,unit,firm\nok@example.jp,Ok,,Acme\nno-address,Ada,Sales,\n,Bea,,\n"


@pytest.fixture
def found(marketer: User, now: datetime) -> LeadImport:
    """One row came in; one has no address that can be read, one says nothing of who it is."""
    imported_file = imported(FILE, MAPPING, marketer, now)
    assert counts(imported_file) == (1, 0, 0, 2)
    return imported_file


@pytest.fixture
def client(marketer: User) -> Client:
    signed_in = Client()
    signed_in.force_login(marketer)
    return signed_in


def page_of_import(found: LeadImport, query: str = "") -> str:
    return reverse("intake:import_correct", args=[found.pk]) + query


def posted(found: LeadImport, *numbers: int, **cells: str) -> dict[str, Any]:
    """The form as the page has it, with other cells: `posted(found, 2, cell_2_0="a@example.jp")`."""
    rows = ImportRow.objects.filter(lead_import=found, number__in=numbers)
    seen = {f"seen-{row.number}": fingerprint(row) for row in rows}
    return {"row": numbers, **seen} | {name.replace("_", "-"): text for name, text in cells.items()}


def fresh(found: LeadImport) -> LeadImport:
    return LeadImport.objects.get(pk=found.pk)


def test_a_corrected_row_comes_in_with_all_of_its_cells_and_is_counted(found, client):
    answer = client.post(page_of_import(found), posted(found, 2, cell_2_0="ada@example.jp"))
    assert (answer.status_code, answer["Location"]) == (303, page_of_import(found))
    lead = Lead.objects.get(email="ada@example.jp")
    assert (lead.name, lead.department, lead.company) == ("Ada", "Sales", None)
    assert counts(fresh(found)) == (2, 0, 0, 1)
    assert [row[:2] for row in report(found)] == [(1, "created"), (2, "created"), (3, "rejected")]
    assert ImportRow.objects.get(lead_import=found, number=2).cells is None


def test_a_row_that_still_fails_keeps_what_was_typed_and_says_why(found, client):
    client.post(page_of_import(found), posted(found, 2, 3, cell_2_0="ada at example", cell_3_0="bea@example.jp"))
    shown = client.get(page_of_import(found)).content.decode()
    assert "1 row taken in." in shown
    assert "1 row still can’t be taken in. What you typed is kept." in shown
    assert 'value="ada at example"' in shown
    assert "“ada at example” isn’t an email address." in shown
    assert counts(fresh(found)) == (2, 0, 0, 1)
    assert ImportRow.objects.get(lead_import=found, number=2).cells == ["ada at example", "Ada", "Sales", ""]


def test_the_page_shows_the_cells_that_are_wrong_and_all_on_demand(found, client):
    some, every = (client.get(page_of_import(found, query)).content.decode() for query in ("", "?columns=all"))
    assert ('name="cell-2-0"' in some, 'name="cell-2-2"' in some) == (True, False)
    assert all(f'name="cell-{row}-{place}"' in every for row in (2, 3) for place in range(4))
    assert 'name="cell-1-0"' not in every


def test_how_a_cell_was_read_is_no_mistake(marketer, now, client):
    text = "mail,firm,heads\nnobody,Acme,約50\n"
    columns = {"mail": "lead.email", "firm": "company.name", "heads": "company.employees"}
    found = imported(text, {"identity": "email", "columns": columns}, marketer, now)
    shown = client.get(page_of_import(found)).content.decode()
    assert '<div class="lq-help">“約50” is read as 50.</div>' in shown
    assert shown.count('aria-invalid="true"') == 1


def test_a_row_without_changes_is_tried_again(marketer, now, client):
    columns = {"mail": "lead.email", "type": "activity.type", "at": "activity.occurred_at"}
    text = "mail,type,at\nlate@example.jp,email_click,2026-11-01 10:00\n"
    found = imported(text, {"identity": "email", "columns": columns}, marketer, now, kind="activities")
    assert counts(found) == (0, 0, 0, 1)
    LeadFactory(email="late@example.jp")
    client.post(page_of_import(found), posted(found, 1))
    assert counts(fresh(found)) == (1, 0, 0, 0)
    assert fresh(found).summary["made"] == {"activities": 1}
    assert Activity.objects.filter(lead__email="late@example.jp").count() == 1


def test_companies_and_results_are_corrected_too(marketer, now, client):
    firm = imported(
        "mail,firm,heads\nnobody,Acme,12\n",
        {"identity": "email", "columns": {"mail": "lead.email", "firm": "company.name", "heads": "company.employees"}},
        marketer, now,
    )  # fmt: skip
    client.post(page_of_import(firm), posted(firm, 1, cell_1_0=""))
    assert counts(fresh(firm)) == (1, 0, 0, 0)
    LeadFactory(email="won@example.jp")
    columns = {"mail": "lead.email", "result": "outcome.result", "day": "outcome.decided_at"}
    text = "mail,result,day\nwon@example.jp,perhaps,2026-11-01\n"
    result = imported(text, {"identity": "email", "columns": columns}, marketer, now, kind="outcomes")
    client.post(page_of_import(result), posted(result, 1, cell_1_1="won"))
    assert (counts(fresh(result)), Lead.objects.get(email="won@example.jp").stage) == ((1, 0, 0, 0), "customer")


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(found, client, admin, now):
    mine = posted(found, 2, cell_2_0="ada@example.jp")
    theirs = CorrectedRow(number=2, cells=["still wrong", "Ada", "Sales", ""], seen=mine["seen-2"])
    take_in_corrected(lead_import=found, rows=[theirs], by=admin, now=now)
    answer = client.post(page_of_import(found), mine)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Someone else changed this row in the meantime." in shown
    assert 'value="ada@example.jp"' in shown
    assert not Lead.objects.filter(email="ada@example.jp").exists()
    again = posted(found, 2, cell_2_0="ada@example.jp")
    assert client.post(page_of_import(found), again).status_code == 303
    assert Lead.objects.filter(email="ada@example.jp").exists()


def test_a_row_that_somebody_else_took_in_is_not_taken_in_twice(found, client, admin, now):
    mine = posted(found, 2, 3, cell_2_0="ada@example.jp", cell_3_0="bea@example.jp")
    theirs = CorrectedRow(number=2, cells=["ada.lovelace@example.jp", "Ada", "", ""], seen=mine["seen-2"])
    take_in_corrected(lead_import=found, rows=[theirs], by=admin, now=now)
    client.post(page_of_import(found), mine)
    shown = client.get(reverse("intake:import", args=[found.pk])).content.decode()
    assert "1 row was already taken in by someone else." in shown
    assert set(Lead.objects.values_list("email", flat=True)) == {
        "ok@example.jp", "ada.lovelace@example.jp", "bea@example.jp"
    }  # fmt: skip
    assert counts(fresh(found)) == (3, 0, 0, 0)


def test_undoing_the_import_takes_corrected_rows_back_first(marketer, now):
    lead = LeadFactory(email="a@example.jp", name="First")
    text = "mail,name\nno-address,Second\na@example.jp,Third\n"
    found = imported(text, {"identity": "email", "columns": {"mail": "lead.email", "name": "lead.name"}}, marketer, now)
    row = ImportRow.objects.get(lead_import=found, number=1)
    corrected = CorrectedRow(number=1, cells=["a@example.jp", "Second"], seen=fingerprint(row))
    take_in_corrected(lead_import=found, rows=[corrected], by=marketer, now=now)
    assert Lead.objects.get(pk=lead.pk).name == "Second"
    undone(fresh(found), marketer, now)
    assert Lead.objects.get(pk=lead.pk).name == "First"
    assert [row[1] for row in report(found)] == ["undone", "undone"]


def test_a_lead_that_a_correction_made_goes_with_the_undo(found, marketer, client, now):
    client.post(page_of_import(found), posted(found, 2, cell_2_0="ada@example.jp"))
    assert undone(fresh(found), marketer, now).state == "undone"
    assert not Lead.objects.exists()


def test_an_import_that_is_undone_takes_nothing_in(found, marketer, client, now):
    row = ImportRow.objects.get(lead_import=found, number=2)
    corrected = CorrectedRow(number=2, cells=["ada@example.jp"], seen=fingerprint(row))
    undone(found, marketer, now)
    with pytest.raises(ImportMovedOnError):
        take_in_corrected(lead_import=found, rows=[corrected], by=marketer, now=now)
    assert not Lead.objects.exists()
    assert client.get(page_of_import(found)).status_code == 302


def test_a_mapping_that_no_longer_fits_loses_nothing_that_was_typed(found, client):
    LeadImport.objects.filter(pk=found.pk).update(mapping={"columns": {"mail": "custom.gone"}})
    answer = client.post(page_of_import(found), posted(found, 2, cell_2_0="ada@example.jp"))
    assert answer.status_code == 422
    assert 'value="ada@example.jp"' in answer.content.decode()


def test_a_row_with_too_many_cells_is_corrected_cell_by_cell(marketer, now, client):
    text = "mail,name\na@example.jp,Ada,Lovelace\n"
    found = imported(text, {"identity": "email", "columns": {"mail": "lead.email", "name": "lead.name"}}, marketer, now)
    assert 'value="Lovelace"' in client.get(page_of_import(found)).content.decode()
    client.post(page_of_import(found), posted(found, 1, cell_1_1="Ada Lovelace", cell_1_2=""))
    assert Lead.objects.get().name == "Ada Lovelace"


def test_several_lines_of_a_cell_stay_lines(marketer, now, client):
    text = 'mail,ask\nnobody,"first\nsecond"\n'
    columns = {"mail": "lead.email", "ask": "lead.enquiry"}
    found = imported(text, {"identity": "email", "columns": columns}, marketer, now)
    client.post(page_of_import(found, "?columns=all"), posted(found, 1, cell_1_0="a@example.jp",
                                                             cell_1_1="first\r\nsecond"))  # fmt: skip
    assert Activity.objects.get().properties["message"] == "first\nsecond"


def test_rows_of_erased_people_are_not_offered(marketer, admin, now, client):
    lead = LeadFactory(email="gone@example.jp")
    erase_lead(lead=lead, by=admin, reason=ErasureReason.ASKED, now=now)
    found = imported(FILE + "gone@example.jp,Gone,,\n", MAPPING, marketer, now)
    assert list(correctable(found).values_list("number", flat=True)) == [2, 3]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cells IS NULL FROM intake_importrow WHERE number = 4")
        assert cursor.fetchone() == (True,)


def test_a_page_has_no_more_cells_than_a_form_may_have(found):
    assert page_size(found, shows_all=False) == 25
    found.columns = [f"c{place}" for place in range(500)]
    assert page_size(found, shows_all=True) == 3


def test_the_history_names_who_corrected_the_row(found, admin, now):
    row = ImportRow.objects.get(lead_import=found, number=2)
    corrected = CorrectedRow(number=2, cells=["ada@example.jp", "Ada"], seen=fingerprint(row))
    take_in_corrected(lead_import=found, rows=[corrected], by=admin, now=now)
    lead = Lead.objects.get(email="ada@example.jp")
    context = lead.history.latest("pgh_id").pgh_context
    assert (context["user"], context["import"]) == (admin.pk, found.pk)


def test_the_report_leads_to_the_rows_that_can_be_corrected(found, client):
    address = reverse("intake:import", args=[found.pk])
    assert page_of_import(found) in client.get(address).content.decode()
    client.post(page_of_import(found), posted(found, 2, 3, cell_2_0="a@example.jp", cell_3_0="b@example.jp"))
    assert page_of_import(found) not in client.get(address).content.decode()
