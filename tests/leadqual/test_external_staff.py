"""External staff: what they can do with a lead that was given to them; no link of theirs leads to a refusal."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from handoff.actions import assign_handoff, claim_handoff, log_contact
from handoff.enums import HandoffState
from handoff.models import Handoff
from leads.enums import Stage
from scoring.models import Answer, Framework
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.handoff.world import CONTACT, handoff_of

PHONE = "03-1234-5678"
PART = {"HX-Request": "true"}


@pytest.fixture
def handoff(helper: User, manager: User) -> Handoff:
    """Given to external staff, not claimed yet; a colleague of the lead is somebody else's."""
    company = CompanyFactory(name="Acme", employees=320)
    made = handoff_of(name="Sato Hanako", phone=PHONE, company=company)
    LeadFactory(company=company, name="Colleague")
    activity(made.lead, "page_view", CONTACT, object="/pricing")
    assign_handoff(handoff=made, to=helper, by=manager, now=CONTACT)
    return made


@pytest.fixture
def client(client: Client, helper: User) -> Client:
    client.raise_request_exception = False
    client.force_login(helper)
    return client


def claimed(handoff: Handoff, helper: User) -> Handoff:
    claim_handoff(handoff=handoff, by=helper, now=CONTACT)
    return handoff


def contacted(handoff: Handoff, helper: User) -> Handoff:
    log_contact(handoff=claimed(handoff, helper), by=helper, at=CONTACT, channel="phone", now=CONTACT)
    return handoff


@pytest.mark.parametrize("view", ["queue", "panel"])
def test_the_telephone_number_shows_at_once_after_claiming(client: Client, handoff: Handoff, view: str) -> None:
    before = client.get(reverse("handoff:detail", args=[handoff.pk])).content.decode()
    answer = client.post(reverse("handoff:claim", args=[handoff.pk]), {"view": view}, headers=PART).content.decode()
    assert (PHONE in before, f'href="tel:{PHONE}"' in answer) == (False, True)


def test_external_staff_answer_the_framework(client: Client, helper: User, handoff: Handoff) -> None:
    claimed(handoff, helper)
    criterion = Framework.objects.get(code="bant").criteria.first()
    option = criterion.options.first()
    page = client.get(reverse("leads:detail", args=[handoff.lead_id])).content.decode()
    panel = client.get(reverse("scoring:lead_answers", args=[handoff.lead_id])).content.decode()
    ask = reverse("scoring:answer", args=[handoff.lead_id, "bant"])
    saved = client.post(ask, {f"answer_{criterion.pk}": option.pk, f"confidence_{criterion.pk}": "high"})
    given = Answer.objects.get(lead=handoff.lead)
    assert (reverse("scoring:lead_answers", args=[handoff.lead_id]) in page, ask in panel) == (True, True)
    assert (saved.status_code, given.option, given.by) == (200, option, helper)


def test_they_answer_for_nobody_elses_lead(client: Client) -> None:
    other = LeadFactory()
    assert client.post(reverse("scoring:answer", args=[other.pk, "bant"])).status_code == 404


@pytest.mark.parametrize("step", ["accept", "reject"])
def test_they_cannot_accept_or_reject(client: Client, helper: User, handoff: Handoff, step: str) -> None:
    contacted(handoff, helper)
    address = reverse(f"handoff:{step}", args=[handoff.pk])
    shown = client.get(reverse("handoff:queue") + "?tab=waiting").content.decode()
    answer = client.post(address)
    handoff.refresh_from_db()
    assert (answer.status_code, address in shown, handoff.state) == (403, False, HandoffState.CONTACTED)


@pytest.mark.parametrize("result", ["won", "opportunity"])
def test_they_cannot_record_a_deal(client: Client, helper: User, handoff: Handoff, result: str) -> None:
    contacted(handoff, helper)
    address = reverse("handoff:result", args=[handoff.pk])
    offered = client.get(address, headers=PART).content.decode()
    answer = client.post(address, {"result": result, "currency": "JPY"})
    handoff.refresh_from_db()
    assert (f'value="{result}"' in offered, answer.status_code, handoff.result) == (False, 422, "")


def test_they_record_that_nothing_came_of_it(client: Client, helper: User, handoff: Handoff) -> None:
    contacted(handoff, helper)
    answer = client.post(reverse("handoff:result", args=[handoff.pk]), {"result": "recycled"})
    handoff.lead.refresh_from_db()
    assert (answer.status_code, handoff.lead.stage) == (303, Stage.NURTURE)


def test_sales_goes_on_where_external_staff_spoke_first(client: Client, helper: User, rep: User, handoff) -> None:
    contacted(handoff, helper)
    client.force_login(rep)
    answer = client.post(reverse("handoff:claim", args=[handoff.pk]))
    handoff.refresh_from_db()
    assert (answer.status_code, handoff.owner, handoff.state) == (303, rep, HandoffState.CONTACTED)


COPIED = re.compile(r"<template.*?</template>", re.DOTALL)  # what rows take their menus from is no link yet
LINK = re.compile(r'(?:href|hx-get|src|action|hx-post)="([^"#]+)"')
START = ("handoff:queue", "scoring:lead_list", "leads:companies", "leads:search", "notices:list", "accounts:profile")
# Pages of the sign-in library, what ends the session, and files.
ELSEWHERE = ("/account", "/static/", "/i18n/", "mailto:", "tel:")


def links_of(page: str, html: str) -> set[str]:
    """The addresses of our own that a page links to, asks for or posts to, whatever it asks for."""
    found = {urljoin(page, unescape(link)) for link in LINK.findall(COPIED.sub("", html))}
    return {link for link in found if link.startswith("/") and not link.startswith(ELSEWHERE)}


@pytest.mark.parametrize("state", ["assigned", "claimed", "contacted"])
def test_no_link_leads_external_staff_to_a_page_they_may_not_see(
    client: Client, helper: User, handoff: Handoff, state: str
) -> None:
    {"assigned": lambda *_: handoff, "claimed": claimed, "contacted": contacted}[state](handoff, helper)
    waiting = [reverse(name) for name in START] + [f"{reverse('handoff:queue')}?tab=waiting"]
    waiting.append(f"{reverse('leads:search')}?q=Sato")
    read: dict[str, int] = {}
    while waiting:
        page = waiting.pop()
        if page in read or len(read) > 400:
            continue
        answer = client.get(page)
        read[page] = answer.status_code
        if answer.status_code in (301, 302, 303):
            waiting.append(urljoin(page, answer.headers["Location"]))
        elif answer.headers.get("Content-Type", "").startswith("text/html"):
            waiting += links_of(page, answer.content.decode())
    refused = {page: status for page, status in read.items() if status not in (200, 301, 302, 303, 304, 405)}
    assert (refused, len(read) > 15) == ({}, True)
