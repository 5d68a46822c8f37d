"""Cards, replies and attendance are entered one row after the other, each found or added, with the chosen activity."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from leads.models import Activity, Company, Lead
from tests.clients import as_
from tests.factories import CompanyFactory, LeadFactory

pytestmark = pytest.mark.django_db


def row(**changes: Any) -> dict[str, Any]:
    given = {
        "type": "business_card", "object": "Tokyo fair", "day": "2026-11-01", "key": str(uuid.uuid4()),
        "email": "hanako@example.jp", "name": "佐藤 花子", "company_name": "アクメ株式会社",
    }  # fmt: skip
    return given | changes


@pytest.fixture
def table(marketer: User) -> Client:
    return as_(marketer)


def enter(table: Client, **changes: Any) -> Any:
    return table.post(reverse("intake:entry"), row(**changes), headers={"HX-Request": "true"})


def told() -> list[tuple[str, str, str]]:
    rows = Activity.objects.order_by("pk")
    return [(each.lead.name, each.type.code, each.object) for each in rows]


def test_rows_become_leads_with_company_and_the_chosen_activity(table: Client) -> None:
    answer = enter(table, note="来月に見積もりがほしい", consent="on")
    assert answer.status_code == 200
    assert 'value="Tokyo fair"' in answer.content.decode()
    enter(table, email="ichiro@example.jp", name="鈴木 一郎")
    assert told() == [("佐藤 花子", "business_card", "Tokyo fair"), ("鈴木 一郎", "business_card", "Tokyo fair")]
    assert Company.objects.count() == 1
    assert Lead.objects.get(email="hanako@example.jp").consent is True
    assert "reading_kind" in Activity.objects.order_by("pk")[0].properties


def test_the_same_row_sent_twice_counts_once(table: Client) -> None:
    key = str(uuid.uuid4())
    for _time in range(2):
        enter(table, key=key)
    assert (Lead.objects.count(), Activity.objects.count()) == (1, 1)


def test_who_is_known_by_the_address_keeps_what_is_known_and_gets_what_was_empty(table: Client) -> None:
    lead = LeadFactory(email="hanako@example.jp", name="佐藤 はな子", company=CompanyFactory(name="ベータ"), phone="")
    enter(table, phone="０３-1234-5678")
    lead.refresh_from_db()
    assert (lead.name, lead.company.name, lead.phone) == ("佐藤 はな子", "ベータ", "03-1234-5678")
    assert Activity.objects.get().lead == lead


def test_whom_the_row_may_be_about_is_proposed_and_taken_when_chosen(table: Client) -> None:
    lead = LeadFactory(email="", name="佐藤 花子", phone="03-1234-5678")
    typed = {"name": "", "email": "", "phone": "0312345678"}
    assert f'value="{lead.pk}"' in table.get(reverse("intake:entry_similar"), typed).content.decode()
    enter(table, lead=str(lead.pk), email="", company_name="")
    assert (Lead.objects.count(), Activity.objects.get().lead) == (1, lead)


def test_nothing_typed_is_lost_when_a_row_is_wrong(table: Client) -> None:
    answer = enter(table, email="hanako@", name="佐藤 花子")
    assert (answer.status_code, 'value="hanako@"' in answer.content.decode()) == (422, True)
    assert enter(table, email="", name="佐藤", company_name="").status_code == 422
    assert enter(table, day="2099-01-01").status_code == 422
    assert not Lead.objects.exists()


def test_a_manager_learns_nothing_of_leads_of_another_team(manager: User, outsider: User) -> None:
    hidden = LeadFactory(email="hanako@example.jp", name="佐藤 花子", owner=outsider, team=outsider.team)
    client = as_(manager)
    page = client.get(reverse("intake:entry_similar"), {"email": "hanako@example.jp"}).content.decode()
    assert str(hidden.pk) not in page
    assert enter(client).status_code == 422
    assert enter(client, email="", lead=str(hidden.pk)).status_code == 422
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "name", ["name", "email", "company_name", "note", "lead", "key", "day", "type", "done", "phone"]
)
@pytest.mark.parametrize("value", ["\0", "x" * 100_000, "<script>alert(1)</script>", "9" * 30, "👍\u202e", "' OR 1=1"])
def test_hostile_rows_are_refused_or_harmless(table: Client, name: str, value: str) -> None:
    answer = enter(table, **{name: value})
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in answer.content.decode()
