"""The same address, number and title mean the same by file, API and form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from accounts.models import User
from leads.actions.leads import create_lead, update_lead
from leads.enums import TitleLevel
from leads.models import Company, Lead
from tests.intake.importing import imported
from web.fields import NormalizedEmailField

SPELLINGS = [
    "Taro@Field.Example", "ｔａｒｏ＠field.example", "taro@field.example\u3000", "taro@field.example\u00a0",
    "\u200btaro@field.example", "\ufefftaro@field.example", "taro@field.example\u200b", "mailto:taro@field.example",
    "Taro <taro@field.example>",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_in_any_spelling_is_one_lead_by_file_api_and_form(
    send: Any, marketer: User, now: datetime, spelling: str
) -> None:
    imported(f"mail\n{spelling}\n", {"columns": {"mail": "lead.email"}}, marketer, now)
    lead = Lead.objects.get(email="taro@field.example")
    answer = send("put", "/api/v1/leads", {"email": spelling, "name": "Taro"})
    assert (answer.status_code, answer.json()["id"]) == (200, str(lead.pk))
    assert NormalizedEmailField().clean(spelling) == "taro@field.example"
    assert Lead.objects.count() == 1


@pytest.mark.parametrize("address", ["a..b@docomo.example", "a.@docomo.example"])
def test_an_address_of_an_old_telephone_is_taken_by_every_door(
    send: Any, marketer: User, now: datetime, address: str
) -> None:
    imported(f"mail\n{address}\n", {"columns": {"mail": "lead.email"}}, marketer, now)
    assert send("put", "/api/v1/leads", {"email": address, "name": "A"}).status_code == 200
    assert NormalizedEmailField().clean(address) == address


def test_a_number_of_employees_in_words_is_read_by_file_and_api(send: Any, marketer: User, now: datetime) -> None:
    columns = {"mail": "lead.email", "firm": "company.name", "size": "company.employees"}
    imported("mail,firm,size\na@example.jp,One,100〜299名\n", {"columns": columns}, marketer, now)
    body = {"email": "b@example.jp", "company": {"name": "Two", "employees": "100〜299名"}}
    assert send("put", "/api/v1/leads", body).status_code == 201
    assert dict(Company.objects.values_list("name", "employees")) == {"One": 100, "Two": 100}


@pytest.mark.parametrize(
    ("title", "level"),
    [("営業部長", TitleLevel.DIRECTOR), ("Head of Sales", TitleLevel.DIRECTOR), ("Wizard", None)],
)
def test_a_title_sets_the_level_where_none_is_given_by_every_door(
    send: Any, marketer: User, now: datetime, title: str, level: TitleLevel | None
) -> None:
    columns = {"mail": "lead.email", "title": "lead.title"}
    imported(f"mail,title\na@example.jp,{title}\n", {"columns": columns}, marketer, now)
    send("put", "/api/v1/leads", {"email": "b@example.jp", "title": title})
    create_lead(by=marketer, values={"email": "c@example.jp", "title": title, "title_level": None}, now=now)
    kept = set(Lead.objects.values_list("title_level", "title_level_derived"))
    assert kept == {(level, level is not None)}


def test_a_level_that_was_given_stays_when_the_title_changes_and_a_derived_one_follows(
    send: Any, marketer: User, now: datetime
) -> None:
    given = create_lead(by=marketer, values={"email": "a@example.jp", "title": "課長", "title_level": 5}, now=now)
    derived = create_lead(by=marketer, values={"email": "b@example.jp", "title": "課長"}, now=now)
    update_lead(lead=given, values={"title": "部長"}, by=marketer)
    update_lead(lead=derived, values={"title": "部長", "title_level": 3}, by=marketer)
    send("put", "/api/v1/leads", {"email": "b@example.jp", "title": "取締役"})
    columns = {"mail": "lead.email", "title": "lead.title"}
    imported("mail,title\na@example.jp,主任\n", {"columns": columns}, marketer, now)
    given.refresh_from_db()
    derived.refresh_from_db()
    assert (given.title_level, given.title_level_derived) == (TitleLevel.EXECUTIVE, False)
    assert (derived.title_level, derived.title_level_derived) == (TitleLevel.EXECUTIVE, True)
