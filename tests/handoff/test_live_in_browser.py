"""Two people at one queue, served as in production: what one does, the other sees by itself."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils import timezone

from handoff.actions import open_handoffs
from handoff.models import Handoff
from scoring.actions import score_all_dirty
from tests.factories import LeadFactory
from tests.handoff.world import handoff_of, score_of
from tests.published import document
from tests.streaming import live_server as live_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOON = 2_000  # milliseconds


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
