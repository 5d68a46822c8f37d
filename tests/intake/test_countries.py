"""A country is kept by its code whoever tells us of it, and shown by its name: one choice in filters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from leads.actions.company_merge import merge_companies
from leads.actions.merge import merge_leads
from leads.models import Company, Lead
from leads.queries.companies import countries
from leads.wording import value_choices
from tests.clients import as_
from tests.factories import CompanyFactory, LeadFactory
from tests.intake.importing import imported
from web.cldr import country_code, country_name


@pytest.mark.parametrize("text", ["JP", "jp", "JPN", "Japan", "日本", "日本国", "ＪＡＰＡＮ", " japan "])
def test_every_name_of_a_country_has_one_code(text: str) -> None:
    assert country_code(text) == "JP"
    with translation.override("ja"):
        assert country_name(text) == "日本"


def test_what_names_no_country_stays_as_it_was_written() -> None:
    assert [country_code(text) for text in ("米国", "U.S.A.", "UK", "Atlantis")] == ["US", "US", "GB", "Atlantis"]


@pytest.mark.django_db
def test_every_door_keeps_the_code_of_a_country(send: Any, marketer: User, now: datetime) -> None:
    client: Client = as_(marketer)
    text = "mail,country,company,at home in\na@example.jp,Japan,A,日本\nb@example.jp,日本,B,JPN\n"
    columns = {"mail": "lead.email", "country": "lead.country", "company": "company.name"}
    imported(text, {"columns": columns | {"at home in": "company.country"}}, marketer, now)
    body = {"email": "c@example.jp", "country": "Japan", "company": {"name": "C", "country": "日本"}}
    assert send("put", "/api/v1/leads", body).status_code == 201
    client.post("/leads/new/", {"name": "D", "email": "d@example.jp", "country": "Japan"})
    assert set(Lead.objects.values_list("email", "country")) == {(f"{name}@example.jp", "JP") for name in "abcd"}
    assert set(Company.objects.values_list("name", "country")) == {(name, "JP") for name in "ABC"}
    with translation.override("en"):
        assert value_choices("country", countries()) == [("JP", "Japan")]


@pytest.mark.django_db
def test_a_merge_takes_the_code_of_a_country(marketer: User, now: datetime) -> None:
    kept, merged = LeadFactory(country=""), LeadFactory(country="Japan")
    merge_leads(kept=kept, merged=merged, by=marketer, now=now)
    kept.refresh_from_db()
    one, other = CompanyFactory(country=""), CompanyFactory(country="日本")
    merge_companies(kept=one, merged=other, by=marketer, now=now)
    one.refresh_from_db()
    assert (kept.country, one.country) == ("JP", "JP")
