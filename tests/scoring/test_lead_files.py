"""Leads as a file: asked for, written by a worker in pieces, on record, fetched, and removed later."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from background.jobs import run_step
from leads.models import Lead, LeadExport
from scoring.actions.lead_files import EXPORT, forget_files
from scoring.models import LeadFile
from tests.api_client import Send
from tests.factories import CompanyFactory, LeadFactory

pytestmark = pytest.mark.django_db
PATH = "/api/v1/exports"


def write(limit: int | None = None) -> int:
    """Work as a worker does until nothing is left. Returns how many steps that took."""
    steps = 0
    while run_step(EXPORT, clock=timezone.now, limit=limit):
        steps += 1
    return steps


def ask(send: Send, **wanted: Any) -> str:
    answer = send("post", PATH, {"format": "jsonl", **wanted})
    assert answer.status_code == 202, answer.content
    return f"{PATH}/{answer.json()['id']}"


def text_of(send: Send, path: str) -> str:
    answer = send("get", f"{path}/file")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def test_a_file_holds_each_lead_once_however_many_pieces_it_was_written_in(send: Send) -> None:
    pks = [str(LeadFactory().pk) for _n in range(5)]
    path = ask(send)
    assert (send("get", f"{path}/file").status_code, send("get", path).json()["download_url"]) == (409, None)
    assert write(limit=2) == 3
    done = send("get", path).json()
    assert (done["state"], done["rows"], done["is_cut"]) == ("done", 5, False)
    assert done["download_url"].endswith(f"{path}/file")
    assert [json.loads(line)["id"] for line in text_of(send, path).splitlines()] == pks


def test_the_filters_of_the_list_narrow_it_and_it_is_on_record(send: Send, admin: User) -> None:
    wanted = LeadFactory(stage="mql")
    LeadFactory(stage="sql")
    path = ask(send, filters={"stage": ["mql", "customer"]})
    write()
    assert [json.loads(line)["id"] for line in text_of(send, path).splitlines()] == [str(wanted.pk)]
    record = LeadExport.objects.get()
    assert (record.by, record.rows, record.query) == (admin, 1, "stage=mql&stage=customer")


def test_a_spreadsheet_runs_nothing_of_a_csv_and_its_first_line_names_the_columns(send: Send) -> None:
    company = CompanyFactory(name="=cmd|'/c calc'!A0")
    LeadFactory(name="@SUM(1)", company=company, custom={"plants": 3})
    LeadFactory(name="Taro")
    path = ask(send, format="csv")
    write(limit=1)
    rows = list(csv.DictReader(io.StringIO(text_of(send, path).removeprefix("\ufeff"))))
    assert [row["name"] for row in rows] == ["'@SUM(1)", "Taro"]
    assert (rows[0]["company.name"], rows[0]["custom"]) == ("'=cmd|'/c calc'!A0", '{"plants": 3}')


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"format": "xls"}, "format"),
        ({"format": "csv", "filters": {"owner__password": "a"}}, "filters.owner__password"),
        ({"format": "csv", "filters": {"stage": "unheard"}}, "filters.stage"),
        ({"format": "csv", "filters": []}, "filters"),
        ({"format": "csv", "filters": {"q": ["x" * 201]}}, "filters.q"),
    ],
)
def test_what_cannot_be_exported_is_refused_with_its_path(send: Send, body: Any, where: str) -> None:
    answer = send("post", PATH, body)
    assert (answer.status_code, [each["where"] for each in answer.json()["problems"]]) == (400, [where])
    assert not LeadFile.objects.exists()


def test_who_may_no_longer_export_gets_no_file(send: Send, admin: User) -> None:
    LeadFactory()
    ask(send)
    User.objects.filter(pk=admin.pk).update(role=Role.REP)
    write()
    assert (LeadFile.objects.get().done_at, LeadExport.objects.count()) == (None, 0)


def test_a_file_is_removed_after_a_week(send: Send) -> None:
    Lead.objects.all().delete()
    ask(send)
    write()
    now = timezone.now()
    assert (forget_files(now=now + timedelta(days=6)), forget_files(now=now + timedelta(days=8))) == (0, 1)
