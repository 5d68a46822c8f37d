"""Two people at one queue, served as in production: what one does, the other sees by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Route, expect

from handoff.actions import claim_handoff, offer_next, open_handoffs
from handoff.models import Handoff, Hold
from scoring.actions import score_all_dirty
from tests.browser import settle
from tests.factories import LeadFactory
from tests.handoff.world import handoff_of, score_of
from tests.published import document
from tests.streaming import live_server as live_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOON = 2_000  # milliseconds
TWO_MINUTES = timedelta(minutes=2)


def wait_until(met: Callable[[], bool], patience: float = 10) -> None:
    end = time.monotonic() + patience
    while not met():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def desks(rep, other_rep, sign_in):
    """Both at the queue and listening."""
    cache.clear()
    return [sign_in(rep, apart=True), sign_in(other_rep, apart=True)]


def at_the_queue(pages):
    for page in pages:
        page.goto("/queue/")
        page.locator("lq-live[data-state=on]").wait_for()


def test_a_lead_that_becomes_hot_is_in_both_queues_at_once_one_wins_and_the_other_is_told(
    desks, rep, other_rep, publish, send
):
    one, other = desks
    rule = {"name": "Asked for a demo", "each": {"activity": "demo_request"}, "points": 80}
    publish(document(rule))
    handoff_of(name="Already Here")
    score_of(LeadFactory(team=rep.team, owner=rep))
    rep.language = "ja"  # in which the news take the most space
    rep.save()
    at_the_queue(desks)
    one.locator("a[href*=unattended]").wait_for()  # with all that may stand in the title's line
    place = one.locator("[data-row]").first.bounding_box()
    hot = {"type": "demo_request", "occurred_at": timezone.now().isoformat(), "lead": {"email": "new@example.com"}}
    assert send("post", "/api/v1/activities", hot | {"key": "1"}).status_code < 300
    score_all_dirty(now=timezone.now())  # what the workers do when the bell rings
    open_handoffs(now=timezone.now())
    other.get_by_text("1 new").wait_for(timeout=SOON)
    one.locator("#queue-news [data-refresh]").wait_for(timeout=SOON)
    assert one.locator("[data-row]").first.bounding_box() == place
    for page in desks:
        page.keyboard.press("r")
        page.get_by_text("new@example.com").wait_for()
        page.locator("lq-live[data-state=on]").wait_for()
    handoff = Handoff.objects.latest("pk")
    row = f"#handoff-{handoff.pk}"
    one.locator(row).locator("[data-key=c]").click()
    other.locator(row).get_by_text("Ren Rep claimed it").wait_for(timeout=SOON)
    assert Handoff.objects.get(pk=handoff.pk).owner == rep


def test_who_presses_a_moment_later_is_told_who_was_first(desks, rep, other_rep, complaints):
    """Both press Claim: the second press is on its way when the first one wins."""
    handoff = handoff_of(name="Wanted")
    at_the_queue(desks)
    one, other = desks
    row = f"#handoff-{handoff.pk}"
    on_its_way: list[Route] = []
    other.route("**/claim/", lambda route: on_its_way.append(route))
    with other.expect_request("**/claim/"):
        other.locator(row).locator("[data-key=c]").click()
    claim_handoff(handoff=Handoff.objects.get(pk=handoff.pk), by=rep, now=timezone.now())
    on_its_way[0].continue_()
    expect(other.get_by_text("Ren Rep claimed this lead before you").first).to_be_visible()
    expect(one.locator(row).locator("[data-key=c]")).to_contain_text("Log contact", timeout=SOON)
    assert Handoff.objects.get(pk=handoff.pk).steps.filter(kind="claimed").count() == 1
    assert Handoff.objects.get(pk=handoff.pk).owner == rep
    complaints.clear()  # of the refused press


def test_the_lead_of_a_browser_that_was_killed_is_offered_again_after_two_minutes(rep, other_rep, sign_in):
    """A killed browser says nothing: its farewell does not leave it."""
    handoff = handoff_of(name="Wanted")
    killed = sign_in(rep, apart=True)
    killed.route("**/away/", lambda route: route.abort())
    killed.goto("/queue/next/")
    expect(killed.get_by_role("heading", level=1)).to_contain_text("Wanted")
    wait_until(lambda: Hold.objects.filter(handoff=handoff, person=rep).exists())
    killed.evaluate("navigator.sendBeacon = () => false")
    killed.wait_for_function("() => !document.querySelector('.htmx-request')")
    settle()
    killed.context.close()
    assert offer_next(by=other_rep, now=timezone.now()) is None
    Hold.objects.update(since=F("since") - TWO_MINUTES, until=F("until") - TWO_MINUTES)
    assert offer_next(by=other_rep, now=timezone.now()) == handoff
    assert Hold.objects.get().person == other_rep
