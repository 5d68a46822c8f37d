"""What was archived is in no list, and everything else about it goes on."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from leads.models import Activity
from tests.api_client import Send
from tests.factories import CompanyFactory, LeadFactory

pytestmark = pytest.mark.django_db


def listed(send: Send, path: str) -> list[str]:
    return [row["id"] for row in send("get", f"/api/v1/{path}").json()["items"]]


def test_an_archived_lead_is_out_of_the_lists_until_it_is_brought_back(send: Send, admin: User) -> None:
    lead = LeadFactory(email="taro@example.com", name="Taro Yamada")
    path, one = f"/api/v1/leads/{lead.pk}", [str(lead.pk)]
    first = send("post", f"{path}/archive").json()["archived_at"]
    assert send("post", f"{path}/archive").json()["archived_at"] == first
    assert (listed(send, "leads"), listed(send, "leads?archived=only"), listed(send, "leads?archived=with")) == (
        [], one, one,
    )  # fmt: skip
    page = Client()
    page.force_login(admin)
    assert b"Taro Yamada" not in page.get("/leads/").content
    assert b"Taro Yamada" in page.get("/leads/?archived=only").content
    assert b"Archived" in page.get(f"/leads/{lead.pk}/").content
    assert send("post", f"{path}/restore").json()["archived_at"] is None
    assert listed(send, "leads") == one


def test_what_comes_in_about_an_archived_lead_is_taken_as_before(send: Send) -> None:
    lead = LeadFactory(email="taro@example.com")
    send("post", f"/api/v1/leads/{lead.pk}/archive")
    told = {
        "key": "k", "lead": {"email": "taro@example.com"}, "type": "page_view",
        "occurred_at": "2026-06-01T10:00:00+09:00",
    }  # fmt: skip
    assert send("post", "/api/v1/activities", told).json()["accepted"] == 1
    assert Activity.objects.get().lead == lead
    assert send("get", f"/api/v1/leads/{lead.pk}").json()["archived_at"]


def test_an_archived_company_is_out_of_the_list_and_its_leads_stay(send: Send) -> None:
    company = CompanyFactory()
    lead = LeadFactory(company=company)
    send("post", f"/api/v1/companies/{company.pk}/archive")
    assert (listed(send, "companies"), listed(send, "companies?archived=only")) == ([], [str(company.pk)])
    assert listed(send, f"leads?company={company.pk}") == [str(lead.pk)]
    send("post", f"/api/v1/companies/{company.pk}/restore")
    assert listed(send, "companies") == [str(company.pk)]
