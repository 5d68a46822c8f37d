"""Merged leads, and companies."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from leads.queries.facts import survivor_of
from tests.factories import CompanyFactory, LeadFactory


def errors(response) -> dict[str, list[str]]:
    return {name: [str(error) for error in found] for name, found in response.context["form"].errors.items()}


def test_a_merged_lead_leads_to_its_survivor(client: Client, marketer, rep, outsider) -> None:
    survivor = LeadFactory(owner=outsider, team=outsider.team)
    between = LeadFactory(merged_into=survivor)
    merged = LeadFactory(merged_into=between)
    assert survivor_of(merged.pk) == survivor.pk
    client.force_login(marketer)
    answer = client.get(merged.get_absolute_url())
    assert (answer.status_code, answer.headers["Location"]) == (302, survivor.get_absolute_url())
    client.force_login(rep)
    assert client.get(merged.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"), [("employees", "9" * 30), ("employees", "-1"), ("revenue", "1e400"), ("currency", "¥"), ("domain", "x y"), ("name", "")]  # noqa: E501
)  # fmt: skip
def test_a_company_refuses_what_cannot_be(client: Client, marketer, field: str, value: str) -> None:
    company = CompanyFactory(name="Acme")
    client.force_login(marketer)
    form = {"name": "Changed", "currency": "JPY"} | {field: value}
    answer = client.post(reverse("leads:company_edit", args=[company.pk]), form)
    assert (answer.status_code, list(errors(answer))) == (422, [field])
    company.refresh_from_db()
    assert company.name == "Acme"


def test_the_company_list_costs_the_same_for_three_and_thirty(
    client: Client, marketer, django_assert_num_queries
) -> None:
    client.force_login(marketer)
    for _number in range(3):
        LeadFactory(company=CompanyFactory())
    client.get("/companies/")
    with django_assert_num_queries(6):
        client.get("/companies/")
    for _number in range(27):
        LeadFactory(company=CompanyFactory())
    with django_assert_num_queries(6):
        client.get("/companies/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=acme", ["Acme"]),
        ("size=100", ["Acme"]),
        ("size=1&size=1000", ["Beta", "Gamma"]),
        ("industry=IT", ["Beta"]),
        ("country=Japan", ["Gamma"]),
        ("region=Osaka", ["Beta"]),
        ("industry=%00&size=x&q=%00&after=forged", ["Acme", "Beta", "Gamma"]),
    ],
)
def test_companies_are_found(client: Client, marketer, query: str, found: list[str]) -> None:
    CompanyFactory(name="Acme", employees=120)
    CompanyFactory(name="Beta", employees=5, industry="IT", region="Osaka")
    CompanyFactory(name="Gamma", employees=5000, country="Japan")
    client.force_login(marketer)
    answer = client.get(f"/companies/?{query}")
    assert [company.name for company in answer.context["page"].rows] == found


def test_a_company_form_offers_words_and_keeps_the_stored_value(client: Client, marketer) -> None:
    type(marketer).objects.filter(pk=marketer.pk).update(language="ja")
    company = CompanyFactory(name="Acme", industry="manufacturing", country="JP", currency="JPY")
    CompanyFactory(industry="retail")
    client.force_login(marketer)
    address = reverse("leads:company_edit", args=[company.pk])
    form = client.get(address).context["form"]
    assert (form["industry"].value(), form["country"].value()) == ("製造", "日本")
    typed = {"name": "Acme", "industry": "製造", "country": "日本", "currency": "JPY"}
    client.post(address, typed)
    company.refresh_from_db()
    assert (company.industry, company.country) == ("manufacturing", "JP")
    client.post(address, typed | {"industry": "小売"})
    company.refresh_from_db()
    assert company.industry == "retail"
