"""From one lead to the next: what is offered, who rests, and the neighbours in the list one came from."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from handoff.actions import log_contact, offer_next
from handoff.models import RetryPlan
from tests.factories import LeadFactory, activity
from tests.handoff.world import claimed_by, handoff_of, jst, score_of


def test_next_offers_the_first_of_the_list_that_does_not_rest(as_rep, rep):
    now = timezone.now()
    claimed_by(rep, name="low", at=now - timedelta(minutes=9), score=7000)
    high = claimed_by(rep, name="high", at=now - timedelta(minutes=5), score=9000)
    assert as_rep.get("/queue/next/").headers["Location"] == f"/handoff/{high.pk}/"


def test_next_lead_is_the_most_urgent_of_ones_own_then_of_the_teams(as_rep, rep):
    waiting = handoff_of(at=jst(7, 16, 10))
    assert as_rep.get("/queue/next/").headers["Location"] == f"/handoff/{waiting.pk}/"
    own = claimed_by(rep)
    assert as_rep.get("/queue/next/").headers["Location"] == f"/handoff/{own.pk}/"


def test_next_after_not_reached_gives_another_lead_and_the_try_stands_on_the_row(as_rep, rep):
    now = timezone.now()
    first = claimed_by(rep, name="First", at=now - timedelta(minutes=9))
    second = claimed_by(rep, name="Second", at=now - timedelta(minutes=5), score=7000)
    log_contact(handoff=first, by=rep, at=now, channel="phone", now=now, reached=False)
    assert as_rep.get("/queue/next/").headers["Location"] == f"/handoff/{second.pk}/"
    assert "Not reached 1 of 3, again" in as_rep.get("/queue/?tab=mine").content.decode()


def tried(user, handoff, at):
    log_contact(handoff=handoff, by=user, at=at, channel="phone", now=at, reached=False)
    return handoff


def without_a_plan(team):
    RetryPlan.objects.create(team=team, steps=[])


def test_whoever_was_tried_comes_back_after_an_hour_where_there_is_no_plan(rep, team):
    without_a_plan(team)
    now = timezone.now()
    handoff = tried(rep, claimed_by(rep, at=now - timedelta(hours=2)), now - timedelta(minutes=59))
    assert offer_next(by=rep, now=now) is None
    assert offer_next(by=rep, now=now + timedelta(minutes=2)) == handoff


def test_how_long_a_lead_rests_after_a_failed_call_is_a_setting(client, admin, rep, team):
    without_a_plan(team)
    now = timezone.now()
    handoff = tried(rep, claimed_by(rep, at=now - timedelta(hours=2)), now - timedelta(minutes=20))
    client.force_login(admin)
    refused = client.post(reverse("handoff:call_rules"), {"rest_minutes": "1441", "near_points": "10"})
    assert (refused.status_code, offer_next(by=rep, now=now)) == (422, None)
    client.post(reverse("handoff:call_rules"), {"rest_minutes": "15", "near_points": "10"})
    assert offer_next(by=rep, now=now) == handoff
    assert "skips the lead for 15 min" in client.get(reverse("handoff:sla")).content.decode()


def test_whoever_was_tried_and_is_overdue_is_offered_at_once(rep):
    now = timezone.now()
    handoff = tried(rep, claimed_by(rep), now - timedelta(minutes=1))  # due in July
    assert offer_next(by=rep, now=now) == handoff


def test_whoever_was_tried_and_is_active_again_is_offered_at_once(rep):
    now = timezone.now()
    handoff = tried(rep, claimed_by(rep, at=now - timedelta(hours=2)), now - timedelta(minutes=30))
    activity(handoff.lead, "unsubscribe", now - timedelta(minutes=20))
    assert offer_next(by=rep, now=now) is None
    activity(handoff.lead, "price_view", now - timedelta(minutes=10))
    assert offer_next(by=rep, now=now) == handoff


def test_with_nobody_to_call_next_says_when_somebody_comes_back(as_rep, rep):
    tried(rep, claimed_by(rep, at=timezone.now() - timedelta(hours=2)), timezone.now())
    answer = as_rep.get("/queue/next/", follow=True)
    assert "Leads you didn’t reach come back after 1 h." in answer.content.decode()


def test_brackets_walk_the_queue_one_came_from(as_rep, rep):
    first, second, third = (claimed_by(rep, name=f"lead {day}", at=jst(7, day, 10)) for day in (14, 15, 16))
    row = as_rep.get("/queue/?tab=mine").context["rows"][1]
    assert row.address == f"/handoff/{second.pk}/?queue=tab%3Dmine"
    page = as_rep.get(as_rep.get(row.address).headers["Location"])
    assert f"/handoff/lead/{second.lead_id}/neighbours/?queue=tab%3Dmine" in page.content.decode()
    address = reverse("handoff:neighbours", args=[second.lead_id])
    found = as_rep.get(f"{address}?queue=tab%3Dmine").context
    assert (found["before"], found["after"]) == (first.lead_id, third.lead_id)
    left = as_rep.get(f"{address}?queue=tab%3Dteam").context
    assert (left["before"], left["after"]) == (None, None)


def test_brackets_walk_the_columns_of_the_board(client, manager, rep):
    first, second = (claimed_by(rep, name=f"lead {day}", at=jst(7, day, 10)) for day in (14, 15))
    client.force_login(manager)
    address = f"/handoff/{first.pk}/?queue=tab%3Dall%26state%3Dclaimed"
    assert address in client.get(reverse("handoff:board")).content.decode()
    assert "queue=tab%3Dall%26state%3Dclaimed" in client.get(address).headers["Location"]
    walk = f"{reverse('handoff:neighbours', args=[first.lead_id])}?queue=tab%3Dall%26state%3Dclaimed"
    found = client.get(walk).context
    assert (found["before"], found["after"]) == (None, second.lead_id)


def test_brackets_walk_the_unattended_leads(client, manager):
    leads = [LeadFactory(name=name, team=manager.team) for name in ("high", "low")]
    for lead, total in zip(leads, (9000, 8000), strict=True):
        score_of(lead, total)
    client.force_login(manager)
    address = f"/leads/{leads[0].pk}/?queue=unattended%3D1"
    assert address in client.get(reverse("handoff:unattended")).content.decode()
    page = client.get(address).content.decode()
    walk = f"{reverse('handoff:neighbours', args=[leads[0].pk])}?queue=unattended%3D1"
    assert walk in page
    assert (client.get(walk).context["before"], client.get(walk).context["after"]) == (None, leads[1].pk)


def test_a_lead_that_left_the_list_is_followed_by_its_first(as_rep, rep):
    waits, taken = handoff_of(), claimed_by(rep)
    found = as_rep.get(f"{reverse('handoff:neighbours', args=[taken.lead_id])}?queue=tab%3Dteam").context
    assert (found["before"], found["after"]) == (None, waits.lead_id)
