"""Behind every number of a dry run and of a report stand exactly its rows."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from intake.imports.jobs import RUN, start_job
from intake.imports.uploads import discard, map_file
from intake.models import ImportRow, LeadImport, RehearsedRow
from leads.actions.erasure import erase_lead
from leads.enums import ErasureReason
from tests.factories import CompanyFactory, LeadFactory
from tests.intake.importing import received, work

COLUMNS = {
    "mail": "lead.email", "name": "lead.name", "role": "lead.title", "firm": "company.name",
    "heads": "company.employees", "on": "lead.planned_on", "at": "activity.occurred_at",
}  # fmt: skip
MAPPING = {
    "identity": "email",
    "columns": {name: field for name, field in COLUMNS.items() if name != "at"},
    "activity": {"type": "event_attend", "occurred_at": "at"},
}
FILE = """mail,name,role,firm,heads,on,at
new@example.jp,New,,Acme,約50,,2026-11-01 10:00
known@example.jp,Known,,,,,
same@example.jp,Same,,,,someday,2026-11-02 10:00
nobody,Bad,,,,,
nobody,Worse,,,,,
plain@example.jp,Plain,Manager,Acme,,,
,No Name At All,,,,,
"""
# Which rows each filter shows: the first and sixth are new, the second gets its name, the third stays as it is.
SHOWN = {
    "created": [1, 6],
    "updated": [2],
    "unchanged": [3],
    "rejected": [4, 5, 7],
    "remarked": [1, 3],
    "activities": [1, 3],
    "companies": [1],
}


@pytest.fixture
def client(marketer: User) -> Client:
    signed_in = Client()
    signed_in.force_login(marketer)
    return signed_in


@pytest.fixture
def checked(marketer: User, now: datetime) -> LeadImport:
    """A file whose dry run is over."""
    LeadFactory(email="known@example.jp", name="")
    LeadFactory(email="same@example.jp", name="Same")
    found = received(FILE, marketer, now)
    map_file(lead_import=found, data=MAPPING, by=marketer, now=now)
    work(now)
    return LeadImport.objects.get(pk=found.pk)


@pytest.fixture
def done(checked: LeadImport, marketer: User, now: datetime) -> LeadImport:
    assert start_job(lead_import=checked, kind=RUN, by=marketer, now=now)
    work(now)
    return LeadImport.objects.get(pk=checked.pk)


def numbers(client: Client, found: LeadImport, query: str) -> list[int]:
    """The rows that a page of the import lists."""
    html = client.get(reverse("intake:import", args=[found.pk]) + query).content.decode()
    table = html.partition('id="rows"')[2].partition("</section>")[0]
    return [int(number) for number in re.findall(r'<tr>\s*<td class="lq-num">(\d+)</td>', table)]


def cards(client: Client, found: LeadImport) -> dict[str, int]:
    """The number on each card that leads somewhere, by where it leads."""
    html = client.get(reverse("intake:import", args=[found.pk])).content.decode()
    card = r'<a class="lq-stat" href="\?outcome=(\w+)#rows">.*?<dd>\s*(\d+)\s*</dd>'
    return {code: int(number) for code, number in re.findall(card, html, re.DOTALL)}


@pytest.mark.parametrize("shown", SHOWN)
def test_a_number_of_the_dry_run_leads_to_its_rows(client, checked, shown):
    assert numbers(client, checked, f"?outcome={shown}") == SHOWN[shown]
    assert cards(client, checked)[shown] == len(SHOWN[shown])


@pytest.mark.parametrize("shown", SHOWN)
def test_a_number_of_the_report_leads_to_its_rows(client, done, shown):
    assert numbers(client, done, f"?outcome={shown}") == SHOWN[shown]
    assert cards(client, done)[shown] == len(SHOWN[shown])


def test_every_reason_of_the_dry_run_leads_to_its_rows(client, checked):
    html = client.get(reverse("intake:import", args=[checked.pk])).content.decode()
    links = re.findall(r'<a href="(\?outcome=\w+&amp;problem=[^"]+)#rows">(\d+)</a>', html)
    found = {unescape(link): numbers(client, checked, unescape(link)) for link, _times in links}
    assert [len(found[unescape(link)]) for link, _times in links] == [int(times) for _link, times in links]
    assert sorted(found.values()) == [[1], [3], [4, 5], [7]]


def test_rows_are_paged(client, checked, monkeypatch):
    monkeypatch.setattr("intake.views.import_rows.PAGE", 2)
    address = reverse("intake:import", args=[checked.pk])
    html = client.get(f"{address}?outcome=rejected").content.decode()
    (link,) = re.findall(r'<a [^>]*rel="next"[^>]*>', html)
    following = unescape(re.findall(r'href="([^"]+)"', link)[0])
    assert numbers(client, checked, "?outcome=rejected") == [4, 5]
    assert numbers(client, checked, following[following.index("?") :]) == [7]


def test_an_unknown_filter_shows_the_preview(client, checked):
    html = client.get(reverse("intake:import", args=[checked.pk]) + "?outcome=nonsense&column=%00").content.decode()
    assert "Preview of the first rows" in html


def test_a_row_of_a_known_lead_leads_to_the_lead(client, checked):
    html = client.get(reverse("intake:import", args=[checked.pk]) + "?outcome=unchanged").content.decode()
    assert ">Same</a>" in html


def test_what_a_dry_run_kept_goes_with_the_run_and_with_the_file(marketer, checked, now):
    assert RehearsedRow.objects.count() == 7
    map_file(lead_import=checked, data=MAPPING, by=marketer, now=now)
    work(now)
    assert RehearsedRow.objects.count() == 7
    other = received(FILE, marketer, now)
    map_file(lead_import=other, data=MAPPING, by=marketer, now=now)
    work(now)
    assert discard(lead_import=other)
    assert RehearsedRow.objects.count() == 7
    start_job(lead_import=LeadImport.objects.get(pk=checked.pk), kind=RUN, by=marketer, now=now)
    work(now)
    assert (RehearsedRow.objects.count(), ImportRow.objects.count()) == (0, 7)


def test_an_erasure_empties_rows_of_dry_runs(admin, marketer, now):
    lead = LeadFactory(email="known@example.jp", name="Hanako Yamada", company=CompanyFactory())
    found = received("mail,name\nknown@example.jp,Hanako Yamada\nother@example.jp,Other\n", marketer, now)
    columns = {"mail": "lead.email", "name": "lead.name"}
    map_file(lead_import=found, data={"identity": "email", "columns": columns}, by=marketer, now=now)
    work(now)
    erase_lead(lead=lead, by=admin, reason=ErasureReason.ASKED, now=now)
    assert [row.cells for row in RehearsedRow.objects.order_by("number")] == [[], ["other@example.jp", "Other"]]
