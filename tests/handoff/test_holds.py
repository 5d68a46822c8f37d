"""Whoever has a lead open holds it: two people who ask for the next one never meet."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from threading import Lock

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from handoff.actions import claim_handoff, free_hold, offer_next, snooze_handoff, take_hold
from handoff.models import Handoff, Hold
from tests.clients import as_
from tests.handoff.test_race import at_once
from tests.handoff.world import CONTACT, FRIDAY, claimed_by, handoff_of

PART = {"HTTP_HX_REQUEST": "true"}
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def nobody_is_there():
    cache.clear()


def press(user, name, handoff, **data):
    return as_(user).post(reverse(f"handoff:{name}", args=[handoff.pk]), data, **PART)


def test_what_a_colleague_has_open_is_passed_over_for_two_minutes(rep, other_rep):
    first, second = handoff_of(at=FRIDAY - MINUTE), handoff_of()
    assert offer_next(by=rep, now=CONTACT) == first
    assert offer_next(by=other_rep, now=CONTACT + MINUTE) == second
    assert offer_next(by=rep, now=CONTACT + MINUTE) == first  # one's own hold is in nobody's way, and is renewed
    free_hold(handoff=second, by=other_rep)
    assert offer_next(by=other_rep, now=CONTACT + 2 * MINUTE) == second
    free_hold(handoff=second, by=other_rep)
    assert offer_next(by=other_rep, now=CONTACT + 3 * MINUTE) == first  # expired by itself


def test_a_hold_is_freed_by_its_person_only_and_the_claim_decides(rep, other_rep):
    handoff = handoff_of()
    assert take_hold(handoff=handoff, by=rep, now=CONTACT)
    free_hold(handoff=handoff, by=other_rep)
    assert not take_hold(handoff=handoff, by=other_rep, now=CONTACT)
    assert Hold.objects.get().person == rep
    claim_handoff(handoff=handoff, by=other_rep, now=CONTACT)
    assert Handoff.objects.get().owner == other_rep


@pytest.mark.django_db(transaction=True)
def test_two_people_press_next_fifty_times_each_over_forty_leads_and_never_meet(rep, other_rep):
    for number in range(40):
        handoff_of(at=FRIDAY - number * MINUTE)
    guard, open_with, meetings = Lock(), defaultdict(set), []

    def work(person):
        worked = []
        for number in range(50):
            handoff = offer_next(by=person, now=CONTACT)
            with guard:
                meetings.extend(open_with[handoff.pk])
                open_with[handoff.pk].add(person)
            if number % 3 == 0:
                claim_handoff(handoff=handoff, by=person, now=CONTACT)
                snooze_handoff(handoff=handoff, by=person, until=CONTACT + 60 * MINUTE, now=CONTACT)
            with guard:
                open_with[handoff.pk].discard(person)
            free_hold(handoff=handoff, by=person)
            worked.append(handoff.pk)
        return worked

    worked = at_once(work, [rep, other_rep])
    assert ([len(pks) for pks in worked], meetings) == ([50, 50], [])


def test_the_open_page_holds_the_lead_shows_who_else_is_there_and_frees_it_when_left(rep, other_rep):
    handoff = handoff_of()
    assert press(rep, "here", handoff).content.decode().strip() == ""
    assert Hold.objects.get().person == rep
    told = press(other_rep, "here", handoff).content.decode()
    assert "Ren Rep has had it open since" in told
    press(rep, "here", handoff, writes="1")
    assert "Ren Rep is writing" in press(other_rep, "here", handoff).content.decode()
    assert press(rep, "away", handoff).status_code == 204
    assert press(other_rep, "here", handoff).content.decode().strip() == ""
    assert Hold.objects.get().person == other_rep


def test_the_lead_of_a_colleague_is_not_held(rep, manager):
    handoff = claimed_by(rep)
    assert press(manager, "here", handoff).status_code == 200
    assert not Hold.objects.exists()


def test_external_staff_see_nobody_and_the_others_see_them(rep, helper, manager):
    handoff = claimed_by(helper)
    press(manager, "here", handoff)
    assert press(helper, "here", handoff).content.decode().strip() == ""
    assert "Hana Helper" in press(manager, "here", handoff).content.decode()


def test_a_row_says_who_has_the_lead_open(rep, other_rep):
    handoff = handoff_of()
    press(other_rep, "here", handoff)
    (row,) = as_(rep).get("/queue/").context["rows"]
    assert row.here.startswith("Rika Rep has had it open since")


def test_next_leads_to_another_lead_and_says_so_where_one_has_done_nothing(rep, other_rep):
    now = timezone.now()
    first, second = handoff_of(at=now - 2 * MINUTE), handoff_of(at=now - MINUTE)
    press(other_rep, "here", first)
    client = as_(rep)
    assert client.get("/queue/next/").headers["Location"] == f"/handoff/{second.pk}/"
    again = client.get(f"/queue/next/?from={second.pk}")
    assert again.headers["Location"] == f"/handoff/{second.pk}/"
    page = client.get(f"/leads/{second.lead_id}/").content.decode()
    assert "This is still your next lead." in page
