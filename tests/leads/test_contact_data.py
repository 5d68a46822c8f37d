"""An outsourced helper sees assigned leads only, and how to reach them only once a lead is claimed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from leads.access import visible_leads
from leads.models import Lead
from leads.queries import contact_data
from leads.queries.search import searched
from tests.factories import LeadFactory, activity

ADDRESS, PHONE = "hanako@acme.example", "03-1234-5678"


@pytest.fixture
def lead(helper, now) -> Lead:
    lead = LeadFactory(name="Sato Hanako", email=ADDRESS, phone=PHONE, owner=helper, team=helper.team)
    activity(lead, "form_submit", now, object="contact", properties={"text": f"mail me at {ADDRESS}"})
    Lead.objects.filter(pk=lead.pk).update(email="second@acme.example")
    Lead.objects.filter(pk=lead.pk).update(email=ADDRESS)
    return lead


@pytest.fixture
def claimed(monkeypatch) -> set[int]:
    """The leads that count as claimed; a higher app would say."""
    pks: set[int] = set()
    monkeypatch.setattr(contact_data, "_openers", [lambda user, asked: pks & set(asked)])
    return pks


PAGES = ["leads:detail", "leads:timeline", "leads:history"]


@pytest.mark.parametrize("page", PAGES)
def test_contact_data_is_nowhere_before_the_claim(client: Client, helper, lead, claimed, page: str) -> None:
    client.force_login(helper)
    shown = client.get(reverse(page, args=[lead.pk])).content.decode()
    assert [word in shown for word in (ADDRESS, "second@acme", PHONE)] == [False, False, False]


def test_after_the_claim_the_page_shows_it(client: Client, helper, lead, claimed) -> None:
    claimed.add(lead.pk)
    client.force_login(helper)
    shown = client.get(reverse("leads:detail", args=[lead.pk])).content.decode()
    assert [word in shown for word in (ADDRESS, PHONE)] == [True, True]


def test_the_list_shows_dots_whatever_columns_are_chosen(client: Client, helper, lead, claimed) -> None:
    client.force_login(helper)
    client.cookies["lead_columns"] = "email-phone-external_id-score"
    shown = client.get(reverse("scoring:lead_list")).content.decode()
    assert [word in shown for word in ("Sato Hanako", ADDRESS, PHONE)] == [True, False, False]


@pytest.mark.parametrize("words", [ADDRESS, "hanako@", PHONE, "1234"])
def test_a_hidden_address_cannot_be_found_out_by_searching(helper, lead, claimed, words: str) -> None:
    assert list(searched(visible_leads(helper), words, helper)) == []


def test_a_helper_finds_leads_by_name(helper, lead, claimed) -> None:
    assert list(searched(visible_leads(helper), "hanako", helper)) == [lead]


def test_a_helper_exports_nothing(client: Client, helper, lead, claimed) -> None:
    client.force_login(helper)
    assert client.post(reverse("scoring:lead_export"), {"lead": lead.pk}).status_code == 403


def test_others_see_contact_data_as_it_is(rep, lead) -> None:
    contact_data.reveal(rep, [lead])
    assert contact_data.contact(lead, "email") == ADDRESS


def test_a_lead_that_nobody_asked_about_stays_hidden(lead) -> None:
    assert contact_data.contact(lead, "email") == "h•••@•••"


@pytest.mark.parametrize(
    ("value", "shown"), [("", ""), ("a@b.example", "a•••@•••"), ("03-1234-5678", "•••78"), ("1234", "•••")]
)
def test_masks_say_too_little_to_reach_anybody(value: str, shown: str) -> None:
    assert contact_data.mask(value) == shown
