from __future__ import annotations

from datetime import date

import pytest

from leads.enums import TitleLevel
from leads.models import AttributeDefinition, Company, Lead
from tests.factories import CompanyFactory, LeadFactory

URL = "/api/v1/leads"


def test_an_unknown_lead_is_added_with_everything_that_was_said(send):
    AttributeDefinition.objects.create(
        code="plants", type="integer", owner="company", label_en="plants", label_ja="工場"
    )
    body = {
        "email": "Hanako@Example.co.jp",
        "external_id": "crm-1",
        "name": "花子",
        "title_level": "manager",
        "planned_on": "2026-12-24",
        "consent": True,
        "source": "webinar",
        "company": {"name": "株式会社アクメ", "domain": "acme.example", "employees": 120, "custom": {"plants": 3}},
    }
    answer = send("put", URL, body)
    lead = Lead.objects.select_related("company", "source").get()
    assert (answer.status_code, answer.json()["id"], answer.json()["created"]) == (201, str(lead.pk), True)
    assert (lead.email, lead.external_id, lead.name, lead.title_level) == ("hanako@example.co.jp", "crm-1", "花子", 3)
    assert (lead.planned_on, lead.consent, lead.source.code) == (date(2026, 12, 24), True, "webinar")
    assert (lead.company.name, lead.company.employees, lead.company.custom) == ("株式会社アクメ", 120, {"plants": 3})


def test_a_known_lead_keeps_what_is_not_sent_and_sending_twice_changes_nothing(send):
    company = CompanyFactory(name="Acme", domain="acme.example")
    lead = LeadFactory(email="taro@example.com", name="Taro", phone="03-1234", company=company)
    body = {
        "email": "taro@example.com",
        "external_id": "crm-2",
        "title": "課長",
        "company": {"domain": "acme.example", "employees": 50},
    }
    answer = send("put", URL, body)
    assert (answer.status_code, answer.json()) == (
        200,
        {"id": str(lead.pk), "created": False, "changed": ["external_id", "title", "title_level"]},
    )
    assert send("put", URL, body).json()["changed"] == []
    lead.refresh_from_db()
    assert (lead.name, lead.phone, lead.title, lead.external_id) == ("Taro", "03-1234", "課長", "crm-2")
    assert (lead.title_level, lead.title_level_derived) == (TitleLevel.MANAGER, True)
    assert Company.objects.values_list("name", "employees").get() == ("Acme", 50)


@pytest.mark.parametrize(
    ("change", "where", "code"),
    [
        ({"planned_on": "2026-02-30"}, "planned_on", "no_such_date"),
        ({"planned_on": "0001-01-01"}, "planned_on", "out_of_bounds"),
        ({"created_at": "9999-12-31T23:59:59-23:59"}, "created_at", "out_of_bounds"),
        ({"created_at": "0001-01-01T00:00:00+23:59"}, "created_at", "out_of_bounds"),
        ({"title_level": "god"}, "title_level", "choice"),
        ({"company": {"employees": "many"}}, "company.employees", "integer"),
        ({"owner": 1}, "owner", "unknown_field"),
        ({"owner__password": "x"}, "owner__password", "unknown_field"),
        ({"name": ["x"]}, "name", "text"),
        ({"custom": {"nope": 1}}, "custom.nope", "unknown_field"),
        ({"email": "nobody"}, "email", "email"),
    ],
)
def test_what_is_wrong_comes_back_with_its_path_and_nothing_is_stored(send, change, where, code):
    answer = send("put", URL, {"email": "taro@example.com", "name": "Taro"} | change)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [(one["where"], one["code"]) for one in answer.json()["problems"]] == [(where, code)]
    assert (Lead.objects.count(), Company.objects.count()) == (0, 0)


def test_an_email_of_another_lead_is_a_conflict(send):
    LeadFactory(email="taken@example.com", external_id="crm-1")
    other = LeadFactory(email="other@example.com", external_id="crm-2")
    answer = send("put", URL, {"external_id": "crm-2", "email": "taken@example.com"})
    assert answer.status_code == 409
    other.refresh_from_db()
    assert other.email == "other@example.com"


def test_nobody_is_nobody(send):
    assert send("put", URL, {"name": "Taro"}).json()["problems"][0]["code"] == "required"
    assert send("put", URL, []).status_code == 400


def test_a_score_is_ignored(send):
    answer = send("put", URL, {"email": "taro@example.com", "score": 999})
    assert (answer.status_code, answer.json()["changed"]) == (201, [])


def test_a_stage_of_a_known_lead_cannot_be_sent(send):
    lead = LeadFactory(email="taro@example.com", stage="mql", name="Taro")
    answer = send("put", URL, {"email": "taro@example.com", "stage": "customer", "name": "Jiro"})
    assert (answer.status_code, answer.json()["problems"][0]["where"]) == (409, "stage")
    lead.refresh_from_db()
    assert (lead.stage, lead.name, lead.stage_changes.count()) == ("mql", "Taro", 0)
    assert send("put", URL, {"email": "taro@example.com", "stage": "mql"}).status_code == 200


def test_a_new_lead_begins_at_the_stage_that_was_sent_as_a_decision_with_its_author(send, api_key):
    send("put", URL, {"email": "taro@example.com", "stage": "customer"})
    decision = Lead.objects.get().stage_changes.get()
    assert (decision.after, decision.reason, decision.by.role) == ("customer", "sent_by_api", "admin")


def test_a_refusal_is_kept_and_the_answer_says_so(send):
    LeadFactory(email="taro@example.com", consent=False)
    answer = send("put", URL, {"email": "taro@example.com", "consent": True})
    assert (answer.json()["kept"], Lead.objects.get().consent) == (["consent"], False)
