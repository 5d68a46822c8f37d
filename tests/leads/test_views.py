"""Every page of leads and companies opens for those who may, in both languages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from leads.models import Lead
from tests.factories import CompanyFactory, LeadFactory, activity


@pytest.fixture
def lead(now, rep) -> Lead:
    company = CompanyFactory(name="Acme 株式会社", industry="Manufacturing", employees=320)
    lead = LeadFactory(name="Sato Hanako", company=company, owner=rep, team=rep.team, phone="03-1234-5678")
    activity(lead, "document_request", now, object="catalogue", properties={"text": "資料ください"})
    return lead


PAGES = ["detail", "timeline", "history", "record", "note", "edit"]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", PAGES)
def test_each_part_of_a_lead_opens(client: Client, lead: Lead, marketer: User, name: str, language: str) -> None:
    User.objects.filter(pk=marketer.pk).update(language=language)
    client.force_login(marketer)
    assert client.get(reverse(f"leads:{name}", args=[lead.pk])).status_code == 200


def test_lists_and_companies_open(client: Client, lead: Lead, marketer: User) -> None:
    client.force_login(marketer)
    company = lead.company_id
    for url in [
        reverse("scoring:lead_list"),
        reverse("leads:companies"),
        reverse("leads:company", args=[company]),
        reverse("leads:company_edit", args=[company]),
        reverse("leads:company_timeline", args=[company]),
        reverse("leads:company_history", args=[company]),
        reverse("leads:new"),
        reverse("leads:company_names") + "?company_name=acm",
        reverse("leads:field", args=[lead.pk, "company"]),
        reverse("leads:field", args=[lead.pk, "email"]),
        reverse("leads:fact", args=[lead.pk, "planned_on"]),
        reverse("leads:decide", args=[lead.pk, "disqualify"]),
        reverse("leads:bulk", args=["nurture"]) + f"?lead={lead.pk}",
        reverse("scoring:lead_filter", args=["all"]),
        reverse("scoring:lead_filter", args=["stage"]),
        reverse("leads:company_filter", args=["industry"]),
        reverse("scoring:lead_neighbours", args=[lead.pk]),
        reverse("scoring:lead_heat", args=[lead.pk]),
    ]:
        assert client.get(url).status_code == 200, url
