"""The page on which a person says what the columns of a file are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from handoff.models import Outcome
from intake.forms.mapping import NOTHING, MappingForm
from intake.imports.batches import KINDS
from intake.imports.jobs import RUN, start_job
from intake.imports.uploads import layout_of, map_file, receive_file
from intake.models import LeadImport
from leads.enums import Stage
from leads.models import AttributeDefinition, Lead
from tests.clients import as_
from tests.factories import LeadFactory
from tests.intake.importing import counts, received, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of(marketer: User) -> Client:
    return as_(marketer)


def posted(lead_import: LeadImport, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the form as it is shown, with `changes`."""
    form = MappingForm(None, kind=KINDS[lead_import.kind], layout=layout_of(lead_import), document=lead_import.mapping)
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (shown | changes).items() if value not in (None, "")}


def sent(client: Client, lead_import: LeadImport, **changes: Any) -> Any:
    url = reverse("intake:import_mapping", args=[lead_import.pk])
    answer = client.post(url, posted(lead_import, **changes))
    lead_import.refresh_from_db()
    return answer


def test_dates_that_can_be_read_in_two_ways_are_asked_about(client_of: Client, marketer: User, now: datetime) -> None:
    found = received("mail,Create Date\na@example.jp,03/04/2026\n", marketer, now)
    with translation.override("en"):
        answer = sent(client_of, found)
        shown = answer.content.decode()
    assert answer.status_code == 422
    label = shown[shown.index('for="id_dates"') :].partition("</label>")[0]
    assert "(optional)" not in label
    assert "Choose how the dates of this file are written." in shown
    control = shown[shown.index('<select name="dates"') :].partition(">")[0]
    assert (" autofocus" in control, shown.count(" autofocus")) == (True, 1)
    assert sent(client_of, found, dates="mdy").status_code == 303
    assert found.mapping["dates"] == "mdy"


def test_every_different_value_of_a_column_can_be_translated(client_of: Client, marketer: User, now: datetime) -> None:
    rows = "".join(f"p{number}@example.jp,S{number % 40}\n" for number in range(200))
    found = received(f"mail,Lifecycle Stage\n{rows}", marketer, now)
    form = MappingForm(None, kind=KINDS["leads"], layout=layout_of(found), document=found.mapping)
    assert len(next(column for column in form.columns() if column.name == "Lifecycle Stage").translations) == 40
    meanings = {f"value_1_{number}": "customer" for number in range(39)} | {"value_1_39": NOTHING}
    sent(client_of, found, **meanings)
    assert set(found.mapping["values"]["lead.stage"].values()) == {"customer", ""}


def test_a_column_may_fill_a_second_field_and_a_word_for_nothing_may_be_kept(
    client_of: Client, marketer: User, now: datetime
) -> None:
    found = received("mail,会社名,役職\na@example.jp,アクメ,-\nb@example.jp,アクメ,N/A\n", marketer, now)
    sent(client_of, found, also_1="lead.department", empty=["N/A"])
    assert found.mapping["columns"]["会社名"] == ["company.name", "lead.department"]
    assert found.mapping["empty"] == ["N/A"]


def test_one_press_makes_attributes_of_all_skipped_columns(client_of: Client, marketer: User, now: datetime) -> None:
    names = [f"Own {number}" for number in range(30)]
    values = ["1", "1.5", "yes", "2026-10-01", "red", *(f"text {number}" for number in range(24)), ""]
    header, row = ",".join(["mail", *names]), ",".join(values)
    found = received(f"{header}\na@example.jp,{row}\nb@example.jp,{row}\nc@example.jp,{row}\n", marketer, now)
    url = reverse("intake:import_mapping", args=[found.pk])
    shown = client_of.post(url, posted(found) | {"attributes": "1"})
    assert shown.content.decode().count('value="new.lead" selected') == 29  # the last column is empty
    assert not AttributeDefinition.objects.exists()
    sent(client_of, found, **{f"column_{place}": "new.lead" for place in range(1, 30)})
    kinds = dict(AttributeDefinition.objects.values_list("label_en", "type"))
    assert len(kinds) == 29
    assert [kinds[f"Own {number}"] for number in range(5)] == ["integer", "decimal", "boolean", "date", "choice"]
    assert found.mapping["columns"]["Own 0"] == "custom.own_0"


def test_an_attribute_is_not_made_where_the_mapping_is_refused(
    client_of: Client, marketer: User, now: datetime
) -> None:
    found = received("mail,own\na@example.jp,1\n", marketer, now)
    assert sent(client_of, found, column_0="new.lead", column_1="new.lead").status_code == 422
    assert not AttributeDefinition.objects.exists()


def test_a_sheet_and_the_row_of_the_header_can_be_chosen(
    client_of: Client, marketer: User, now: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "fair.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name, rows in (("one", [["mail"], ["a@example.jp"]]), ("two", [["x", "y"], ["mail", "name"], ["b@e.jp", "B"]])):
        sheet = book.add_worksheet(name)
        for place, cells in enumerate(rows):
            sheet.write_row(place, 0, cells)
    book.close()
    upload = SimpleUploadedFile("fair.xlsx", path.read_bytes())
    found = receive_file(upload=upload, kind="leads", by=marketer, now=now)
    assert (found.columns, found.summary["sheets"]) == (["mail"], ["one", "two"])
    client_of.post(reverse("intake:import_format", args=[found.pk]), {"sheet": "two", "header_row": "2"})
    found.refresh_from_db()
    assert (found.columns, found.mapping["columns"]) == (["mail", "name"], {"mail": "lead.email", "name": "lead.name"})


def test_results_are_imported_in_the_browser(client_of: Client, marketer: User, now: datetime) -> None:
    lead = LeadFactory(email="a@example.jp")
    text = "Email,Deal Stage,Close Date,Amount,Currency\na@example.jp,Closed Won,2026-10-05,1200000,JPY\n"
    page = client_of.get(reverse("intake:import_new"))
    assert 'value="outcomes"' in page.content.decode()
    found = received(text, marketer, now, kind="outcomes")
    map_file(lead_import=found, data=found.mapping, by=marketer, now=now)
    work(now)
    found.refresh_from_db()
    assert start_job(lead_import=found, kind=RUN, by=marketer, now=now), found.summary
    work(now)
    found.refresh_from_db()
    assert counts(found) == (1, 0, 0, 0)
    assert Outcome.objects.values_list("lead", "result", "revenue").get() == (lead.pk, "won", 1_200_000)
    assert Lead.objects.get().stage == Stage.CUSTOMER
    assert client_of.get(reverse("intake:import", args=[found.pk])).status_code == 200


def test_a_problem_of_a_mapping_names_the_column_and_never_a_code(
    client_of: Client, marketer: User, now: datetime
) -> None:
    found = received("mail,氏名,別名\na@example.jp,佐藤,サトー\n", marketer, now)
    words = sent(client_of, found, column_2="lead.name").content.decode()
    assert "Name is filled twice: by 氏名 and 別名. Keep one." in words
