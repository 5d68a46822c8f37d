"""A lead that was not reached is called again by the plan of its team, and stands first when its time comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from handoff.actions import claim_handoff, log_contact, offer_next, snooze_handoff, undo_last_step
from handoff.effects import contact_effects
from handoff.enums import QueueTab
from handoff.models import Calendar, Handoff, RetryPlan
from handoff.queries.queue import queue
from handoff.queries.rows import row_of
from handoff.queue_rows import queue_row
from tests.clients import as_
from tests.factories import activity
from tests.handoff.world import claimed_by, handoff_of, jst

TUESDAY = jst(7, 21, 10)
PART = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def handoff(rep):
    """Claimed on Tuesday morning; due on Thursday evening."""
    return claimed_by(rep, name="Waits")


def tried(handoff, user, at):
    log_contact(handoff=handoff, by=user, at=at, channel="phone", now=at, reached=False)
    return Handoff.objects.get(pk=handoff.pk).retry_at


def words(handoff, user, now):
    row = queue_row(row_of(Handoff.objects.get(pk=handoff.pk), user, now), now=now, csrf_token="", walk="")
    return row.call_back, row.tries


def mine(user, now):
    return [each.pk for each in queue(user, QueueTab.MINE, now)]


def test_the_usual_plan_is_two_business_hours_the_next_morning_and_the_second_business_day(handoff, rep):
    assert tried(handoff, rep, TUESDAY) == jst(7, 21, 12)
    assert tried(handoff, rep, jst(7, 21, 12, 5)) == jst(7, 22, 9)
    assert tried(handoff, rep, jst(7, 22, 9, 5)) == jst(7, 24, 9)
    assert tried(handoff, rep, jst(7, 24, 9, 5)) is None


def test_hours_that_end_after_closing_go_on_when_the_office_opens(handoff, rep):
    assert tried(handoff, rep, jst(7, 21, 17)) == jst(7, 22, 10)


def test_the_row_says_which_retry_comes_when_and_proposes_nurture_after_the_last(handoff, rep):
    tried(handoff, rep, TUESDAY)
    assert words(handoff, rep, TUESDAY) == ("", "Not reached 1 of 3, again today 12:00")
    noon = jst(7, 21, 12)
    assert words(handoff, rep, noon) == ("Call back: today 12:00", "Not reached 1 of 3, last 2 h ago")
    for at in (noon, jst(7, 22, 9), jst(7, 24, 9)):
        tried(handoff, rep, at)
    assert words(handoff, rep, jst(7, 24, 9)) == ("", "Not reached 4 times, last just now")
    page = as_(rep).get("/queue/?tab=mine").content.decode()
    assert f"{reverse('handoff:reject', args=[handoff.pk])}?view=queue&amp;reason=unreachable" in page
    dialog = as_(rep).get(f"{reverse('handoff:reject', args=[handoff.pk])}?reason=unreachable", **PART)
    assert dialog.context["form"].initial["reason"].code == "unreachable"


def test_until_its_time_a_lead_is_not_offered_and_then_it_is_first_of_all_but_overdue(handoff, rep):
    tried(handoff, rep, jst(7, 21, 12))
    overdue = claimed_by(rep, at=jst(7, 14, 10))
    better = claimed_by(rep, at=jst(7, 17, 16), score=9900)
    before, then = jst(7, 21, 13, 59), jst(7, 21, 14)
    assert mine(rep, before) == [overdue.pk, better.pk, handoff.pk]
    assert mine(rep, then) == [overdue.pk, handoff.pk, better.pk]
    Handoff.objects.exclude(pk=handoff.pk).update(state="closed", closed_at=then)
    assert offer_next(by=rep, now=before) is None
    assert offer_next(by=rep, now=then) == handoff


def test_a_call_back_agreed_on_stands_first_in_its_minute(handoff, rep):
    other = claimed_by(rep, at=jst(7, 17, 16), score=9900)
    snooze_handoff(handoff=handoff, by=rep, until=jst(7, 21, 14), now=TUESDAY)
    assert mine(rep, jst(7, 21, 13, 59)) == [other.pk]
    assert mine(rep, jst(7, 21, 14)) == [handoff.pk, other.pk]


def test_whoever_is_active_before_the_planned_time_is_offered_at_once(handoff, rep):
    tried(handoff, rep, TUESDAY)
    soon = TUESDAY + timedelta(minutes=30)
    assert offer_next(by=rep, now=soon) is None
    activity(handoff.lead, "price_view", TUESDAY + timedelta(minutes=20))
    assert offer_next(by=rep, now=soon) == handoff


def test_reaching_the_lead_ends_the_plan_and_undo_brings_it_back(handoff, rep):
    planned, at = tried(handoff, rep, TUESDAY), jst(7, 21, 11)
    log_contact(handoff=handoff, by=rep, at=at, channel="phone", now=at)
    assert Handoff.objects.get(pk=handoff.pk).retry_at is None
    undo_last_step(handoff=handoff, by=rep, now=at)
    assert Handoff.objects.get(pk=handoff.pk).retry_at == planned


def test_the_dialog_says_before_the_press_when_the_lead_comes_back(handoff, rep):
    assert "Retry 1 of 3: today 12:00." in contact_effects(handoff, TUESDAY).tried
    for at in (TUESDAY, jst(7, 21, 12), jst(7, 22, 9)):
        tried(handoff, rep, at)
    assert "That was the last retry." in contact_effects(handoff, jst(7, 24, 9)).tried


def test_a_team_has_a_plan_of_its_own_or_none(handoff, rep, manager, other_team):
    client, address = as_(manager), reverse("handoff:retry_plan", args=[rep.team_id])
    units = {f"unit_{number}": "business_hours" for number in range(1, 6)}
    refused = client.post(address, units | {"amount_1": "0", "amount_2": "x"})
    assert (refused.status_code, RetryPlan.objects.count()) == (422, 0)
    client.post(address, units | {"amount_1": "4"})
    assert RetryPlan.objects.get().steps == [["business_hours", 4]]
    assert "after 4 business hours" in client.get(reverse("handoff:retry_plans")).content.decode()
    assert tried(handoff, rep, TUESDAY) == jst(7, 21, 14)
    client.post(address, units)
    assert tried(handoff, rep, jst(7, 21, 14)) is None
    assert words(handoff, rep, jst(7, 21, 14))[1] == "Not reached 2 times, last just now"
    assert client.get(reverse("handoff:retry_plan", args=[other_team.pk])).status_code == 404


def test_a_calendar_that_never_opens_plans_nothing(rep):
    Calendar.objects.update(week=[[], [], [], [], [], [], []])
    handoff = Handoff.objects.get(pk=handoff_of(at=TUESDAY).pk)
    claim_handoff(handoff=handoff, by=rep, now=TUESDAY)
    assert tried(handoff, rep, TUESDAY) is None
