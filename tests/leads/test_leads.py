"""Entering and correcting leads: what is refused is kept on the page, and nothing is written."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from leads.actions.leads import update_lead
from leads.enums import Origin, Stage
from leads.errors import FieldChangedError
from leads.models import Activity, AttributeDefinition, Company, Lead, StageChange
from tests.factories import CompanyFactory, LeadFactory

NEW = "/leads/new/"


def errors(response) -> dict[str, list[str]]:
    return {name: [str(error) for error in found] for name, found in response.context["form"].errors.items()}


# ---- entering ----


def test_sales_enters_an_sql_with_the_quoted_enquiry(client: Client, rep) -> None:
    client.force_login(rep)
    answer = client.post(
        NEW,
        {
            "name": "山田太郎",
            "company_name": "新しい会社",
            "enquiry": "材質をセラミックに変更できますか？",
            "enquiry_type": "chat_question",
        },
    )
    lead = Lead.objects.get()
    assert answer.headers["Location"] == f"/leads/{lead.pk}/"
    assert (lead.origin, lead.stage, lead.owner, lead.team) == (Origin.SALES, Stage.SQL, rep, rep.team)
    assert str(lead.company) == "新しい会社"
    quoted = Activity.objects.get()
    assert (quoted.type.code, quoted.properties["text"]) == ("chat_question", "材質をセラミックに変更できますか？")
    assert (quoted.properties["reading_temperature"], quoted.properties["reading_quote"]) == ("hot", True)
    assert list(StageChange.objects.values_list("after", "reason", "by")) == [("sql", "quoted_enquiry", rep.pk)]


def test_marketing_enters_an_inquiry(client: Client, marketer) -> None:
    client.force_login(marketer)
    client.post(NEW, {"name": "A", "email": " Ｓａｔｏ@Acme.Example "})
    lead = Lead.objects.get()
    assert (lead.email, lead.origin, lead.stage, lead.owner) == (
        "sato@acme.example", Origin.MARKETING, Stage.INQUIRY, None,
    )  # fmt: skip


def test_a_known_company_is_used_whatever_its_width_and_case(client: Client, marketer) -> None:
    acme = CompanyFactory(name="acme")
    client.force_login(marketer)
    client.post(NEW, {"name": "A", "company_name": "ＡＣＭＥ"})
    assert Lead.objects.get().company == acme
    assert Company.objects.count() == 1


def test_of_two_companies_with_one_name_the_person_chooses(client: Client, marketer) -> None:
    CompanyFactory(name="Acme", region="東京")
    second = CompanyFactory(name="Acme", region="大阪")
    client.force_login(marketer)
    answer = client.post(NEW, {"name": "A", "company_name": "Acme"})
    assert (answer.status_code, list(errors(answer))) == (422, ["company"])
    assert Lead.objects.count() == 0
    client.post(NEW, {"name": "A", "company_name": "Acme", "company": second.pk})
    assert Lead.objects.get().company == second


def test_a_known_address_names_the_lead_that_has_it(client: Client, marketer, rep) -> None:
    known = LeadFactory(name="Sato", email="sato@acme.example")
    client.force_login(marketer)
    answer = client.post(NEW, {"name": "Other", "email": "SATO@acme.example"})
    assert answer.status_code == 422
    assert f'<a href="/leads/{known.pk}/">Sato</a>' in answer.content.decode()
    assert 'value="Other"' in answer.content.decode()
    client.force_login(rep)
    hidden = client.post(NEW, {"name": "Other", "email": "sato@acme.example"})
    assert "Sato" not in hidden.content.decode()
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("planned_on", "2026-02-30"),
        ("planned_on", "1970-01-01"),
        ("planned_on", "9999-99-99"),
        ("name", "x" * 200_000),
        ("name", "a\0b"),
        ("email", "no address"),
        ("email", "a@b.example\r\nBcc: c@d.example"),
        ("phone", "call me"),
        ("company_name", "x" * 300),
        ("company_name", "a\0b"),
        ("title_level", "99"),
        ("source", "999999"),
        ("source", "x\0"),
        ("external_id", "x" * 500),
        ("enquiry", "x" * 200_000),
        ("owner", "1e9"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_is_kept(client: Client, marketer, field: str, value: str) -> None:
    client.force_login(marketer)
    answer = client.post(NEW, {"name": "Kept Name", "department": "Kept Department"} | {field: value})
    assert answer.status_code == 422
    assert list(errors(answer)) == [field]
    assert 'value="Kept Department"' in answer.content.decode()
    assert (Lead.objects.count(), Company.objects.count()) == (0, 0)


def test_nobody_at_all_is_no_lead(client: Client, marketer) -> None:
    client.force_login(marketer)
    assert errors(client.post(NEW, {"title": "課長"})) == {
        "__all__": ["Enter at least a name, an email or an external ID."]
    }


# ---- one field in place ----


def field_url(lead: Lead, field: str) -> str:
    return reverse("leads:field", args=[lead.pk, field])


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("title", "部長", "部長"),
        ("title_level", "4", 4),
        ("planned_on", "2027-01-31", "2027-01-31"),
        ("consent", "true", True),
        ("email", "New@Acme.Example", "new@acme.example"),
        ("phone", "０３－１２３４－５６７８", "03-1234-5678"),
    ],
)
def test_a_field_is_changed_in_place(client: Client, marketer, field: str, value: str, stored: object) -> None:
    lead = LeadFactory(email="")
    client.force_login(marketer)
    answer = client.post(field_url(lead, field), {field: value, "was": ""})
    assert answer.status_code == 200
    lead.refresh_from_db()
    found = getattr(lead, field)
    assert (found.isoformat() if field == "planned_on" else found) == stored


def test_a_field_can_be_emptied(client: Client, marketer) -> None:
    lead = LeadFactory(title="課長", company=CompanyFactory(name="Acme"))
    client.force_login(marketer)
    client.post(field_url(lead, "title"), {"title": "", "was": "課長"})
    client.post(field_url(lead, "company"), {"company_name": "", "was": str(lead.company_id)})
    lead.refresh_from_db()
    assert (lead.title, lead.company) == ("", None)


def test_a_field_that_somebody_else_changed_shows_the_conflict(client: Client, marketer) -> None:
    lead = LeadFactory(title="部長")
    client.force_login(marketer)
    answer = client.post(field_url(lead, "title"), {"title": "課長", "was": "主任"})
    assert answer.status_code == 422
    assert "Someone changed this while you were editing. It’s now: 部長" in answer.content.decode()
    lead.refresh_from_db()
    assert lead.title == "部長"


def test_the_action_refuses_what_changed_since_it_was_read(marketer) -> None:
    lead = LeadFactory(title="部長")
    with pytest.raises(FieldChangedError):
        update_lead(lead=lead, values={"title": "課長"}, by=marketer, was={"title": "主任"})


@pytest.mark.parametrize("field", ["stage", "owner", "origin", "search", "custom", "merged_into", "pk", "custom_x"])
def test_what_is_no_fact_cannot_be_edited(client: Client, marketer, field: str) -> None:
    lead = LeadFactory()
    client.force_login(marketer)
    assert client.post(field_url(lead, field), {field: "customer"}).status_code == 404
    lead.refresh_from_db()
    assert (lead.stage, lead.owner) == (Stage.INQUIRY, None)


def test_custom_attributes_keep_their_type(client: Client, marketer) -> None:
    for code, kind in {"seats": "integer", "trial": "boolean", "ends": "date", "plan": "choice"}.items():
        AttributeDefinition.objects.create(code=code, type=kind, label_en=code, label_ja=code, choices=["gold"])
    lead = LeadFactory(custom={"kept": "as it is"})
    client.force_login(marketer)
    for code, value in {"seats": "30", "trial": "true", "ends": "2026-12-01", "plan": "gold"}.items():
        assert client.post(field_url(lead, f"custom_{code}"), {f"custom_{code}": value, "was": ""}).status_code == 200
    assert client.post(field_url(lead, "custom_plan"), {"custom_plan": "lead", "was": "gold"}).status_code == 422
    lead.refresh_from_db()
    assert lead.custom == {"kept": "as it is", "seats": 30, "trial": True, "ends": "2026-12-01", "plan": "gold"}


def test_naming_an_anonymous_visitor_makes_a_lead_of_it(client: Client, marketer) -> None:
    lead = LeadFactory(name="", email="", is_anonymous=True)
    client.force_login(marketer)
    client.post(field_url(lead, "email"), {"email": "a@b.example", "was": ""})
    lead.refresh_from_db()
    assert (lead.email, lead.is_anonymous) == ("a@b.example", False)
