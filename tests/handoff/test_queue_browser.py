"""The queue in a real browser: with the keyboard, from the first row to a recorded result."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from handoff.models import Handoff, Outcome
from tests.factories import LeadFactory, TeamFactory, UserFactory
from tests.handoff.world import claimed_by, handoff_of, ship

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def person(transactional_db):
    ship()
    return UserFactory(name="Ren Rep", role=Role.REP, team=TeamFactory(name="Tokyo", is_default=True))


@pytest.fixture
def desk(person, live_server, context):
    """The rep's browser, signed in; what it complains about fails the test."""
    client = Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


def is_complaint(message):
    """The browser also mentions answers that send a form back (422); that is not an error of the page."""
    return message.type == "error" and "status of 422" not in message.text


def hot(name, minutes=60):
    return handoff_of(LeadFactory(name=name), at=timezone.now() - timedelta(minutes=minutes))


def test_claim_contact_accept_and_win_with_the_keyboard(desk, person, live_server):
    hot("First Lead", 90)
    second = hot("Second Lead", 30)
    desk.goto(f"{live_server.url}/queue/")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("c")
    row = desk.locator(f"#handoff-{second.pk}")
    row.get_by_text("Log a contact").wait_for()
    assert Handoff.objects.get(owner=person).pk == second.pk

    row.focus()
    desk.keyboard.press("c")
    desk.get_by_label("Note").fill("Wants a demo")
    desk.locator("#dialog").get_by_role("button", name="Log a contact").click()
    row.get_by_role("button", name="Accept").wait_for()
    assert desk.locator("dialog[open]").count() == 0

    row.get_by_role("button", name="Accept").click()
    row.get_by_role("link", name="Record the result").click()
    desk.get_by_label("Won").check()
    desk.get_by_label("Revenue").fill("1200000")
    desk.locator("#dialog").get_by_role("button", name="Record the result").click()
    desk.get_by_text("The result is recorded.").wait_for()
    assert (Outcome.objects.get().revenue, Outcome.objects.get().lead.stage) == (1_200_000, "customer")


def test_undo_in_the_toast_gives_the_lead_back(desk, live_server):
    handoff = hot("First Lead")
    desk.goto(f"{live_server.url}/queue/")
    desk.get_by_role("button", name="Claim").click()
    desk.locator("lq-toast").get_by_role("button", name="Undo").click()
    desk.get_by_text("Taken back.").wait_for()
    assert Handoff.objects.get(pk=handoff.pk).owner is None


def test_what_was_typed_stays_when_it_is_refused(desk, person, live_server):
    handoff = claimed_by(person, lead=LeadFactory(name="Mine"), at=timezone.now() - timedelta(hours=2))
    desk.goto(f"{live_server.url}/queue/?tab=mine")
    desk.locator(f"#handoff-{handoff.pk}").get_by_text("Log a contact").click()
    desk.get_by_label("When").fill("2020-01-01T10:00")
    desk.get_by_label("Note").fill("Long ago")
    desk.locator("#dialog").get_by_role("button", name="Log a contact").click()
    desk.get_by_text("before the moment when the lead became hot").wait_for()
    assert desk.get_by_label("Note").input_value() == "Long ago"


def test_peek_opens_beside_the_queue_and_new_leads_wait_above_it(desk, live_server):
    hot("First Lead")
    desk.clock.install()
    desk.goto(f"{live_server.url}/queue/")
    desk.keyboard.press("j")
    desk.keyboard.press(" ")
    desk.locator("dialog[open]").get_by_text("What the lead did last").wait_for()
    desk.keyboard.press("Escape")
    hot("Newcomer", 1)
    desk.clock.run_for(16_000)
    desk.get_by_text("1 new").wait_for()
    assert desk.get_by_text("Newcomer").count() == 0
    desk.keyboard.press("r")
    desk.get_by_text("Newcomer").wait_for()
