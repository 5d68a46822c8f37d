"""Going on to the next lead with a reason: what that does to the order, and what the team sees of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from handoff.actions import RefusedError, offer_next, skip_handoff, take_hold, undo_last_step
from handoff.enums import SkipReason
from handoff.models import Hold
from handoff.queries.skips import skip_counts, skipped
from tests.clients import as_
from tests.handoff.world import CONTACT, FRIDAY, claimed_by, contacted_by, handoff_of, jst

PART = {"HTTP_HX_REQUEST": "true"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def three(team):
    """The most urgent first."""
    return [handoff_of(at=FRIDAY - number * MINUTE, score=9000 - number) for number in range(3)]


def skip(handoff, user, now=CONTACT, reason="later"):
    skip_handoff(handoff=handoff, by=user, reason=reason, now=now)


def walk(user, number, now=CONTACT):
    """What somebody is offered who skips each of `number` leads."""
    offered = []
    for step in range(number):
        handoff = offer_next(by=user, now=now + step * timedelta(seconds=1))
        offered.append(handoff)
        skip(handoff, user, now + step * timedelta(seconds=1))
    return offered


def test_a_skipped_lead_comes_back_last_to_the_same_person_and_stays_first_for_others(three, rep, other_rep):
    assert walk(rep, 7) == [*three, *three, three[0]]
    assert offer_next(by=other_rep, now=CONTACT + MINUTE) == three[0]


def test_tomorrow_a_skipped_lead_has_its_old_place_again(three, rep):
    skip(three[0], rep, now=jst(7, 21, 23, 59))
    assert offer_next(by=rep, now=jst(7, 21, 23, 59)) == three[1]
    assert offer_next(by=rep, now=jst(7, 22, 0, 1)) == three[0]


def test_an_undone_skip_counts_for_nothing(three, rep, manager):
    skip(three[0], rep)
    undo_last_step(handoff=three[0], by=rep, now=CONTACT)
    assert offer_next(by=rep, now=CONTACT) == three[0]
    assert skip_counts(manager, CONTACT) == []


def test_a_skip_frees_the_hold_and_changes_nothing_else(three, rep):
    handoff = three[0]
    take_hold(handoff=handoff, by=rep, now=CONTACT)
    before = (handoff.state, handoff.owner, handoff.due_at)
    skip(handoff, rep)
    handoff.refresh_from_db()
    assert ((handoff.state, handoff.owner, handoff.due_at), Hold.objects.count()) == (before, 0)


def test_only_leads_before_their_first_contact_and_not_those_of_others_are_skipped(rep, other_rep):
    for handoff in (contacted_by(rep), claimed_by(other_rep)):
        with pytest.raises(RefusedError):
            skip(handoff, rep)


def test_a_reason_is_one_press_and_required(three, rep):
    client, address = as_(rep), reverse("handoff:skip", args=[three[0].pk])
    dialog = client.get(f"{address}?view=queue", **PART).content.decode()
    assert [f'value="{reason}"' in dialog for reason in SkipReason.values] == [True] * 5
    assert [f'data-key="{number}"' in dialog for number in range(1, 6)] == [True] * 5
    refused = client.post(address, {"view": "queue", "reason": "because"}, **PART)
    assert (refused.status_code, three[0].steps.filter(kind="skipped").count()) == (422, 0)
    done = client.post(address, {"view": "queue", "reason": "field"}, **PART)
    assert (done.status_code, "Skipped." in done.content.decode()) == (200, True)
    assert three[0].steps.get(kind="skipped").params["skip"] == "field"


def test_from_the_page_of_the_lead_it_goes_on_to_the_next(three, rep):
    answer = as_(rep).post(reverse("handoff:skip", args=[three[0].pk]), {"view": "panel", "reason": "later"}, **PART)
    assert answer.headers["HX-Redirect"] == reverse("handoff:next")


def test_the_board_counts_skips_per_person_and_reason_and_each_number_leads_to_its_leads(
    three, rep, other_rep, manager, outsider
):
    now = timezone.now()
    for handoff in three:
        skip(handoff, rep, now=now)
    skip(three[1], other_rep, now=now, reason="field")
    (first, second) = skip_counts(manager, now)
    assert (first.person, first.total, dict(first.cells)["later"], first.mean_score) == (rep, 3, 3, 8999)
    assert (second.person, second.total, dict(second.cells)["field"]) == (other_rep, 1, 1)
    client = as_(manager)
    assert f"?person={rep.pk}&amp;reason=later" in client.get(reverse("handoff:board")).content.decode()
    listed = client.get(reverse("handoff:skips"), {"person": rep.pk, "reason": "later"}).context["skips"]
    assert {step.handoff for step in listed} == set(three)
    assert skipped(manager, now, reason="field").get().by == other_rep
    assert client.get(reverse("handoff:skips"), {"person": "x", "reason": "y"}).status_code == 200
