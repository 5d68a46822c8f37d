"""The four outcomes of a call: what each does to the hand-off, said before and done after the press."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from handoff.enums import CallOutcome
from handoff.models import Contact, Handoff, Todo
from tests.clients import as_
from tests.handoff.pages import post
from tests.handoff.world import claimed_by

PART = {"HTTP_HX_REQUEST": "true"}
HOUR = timedelta(hours=1)


def written(at):
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


@pytest.fixture
def handoff(rep):
    return claimed_by(rep, at=timezone.now() - HOUR)


def test_the_dialog_offers_exactly_four_outcomes_by_digit_each_with_what_it_does(rep, handoff):
    page = as_(rep).get(reverse("handoff:contact", args=[handoff.pk]), **PART)
    outcomes = page.context["form"].outcomes
    assert [outcome for outcome, _words, _effect in outcomes] == list(CallOutcome.values)
    effects = [effect for _outcome, _words, effect in outcomes]
    assert effects[0].startswith("First contact is done. The result is due ")
    assert effects[1] == effects[2]
    assert effects[1].startswith("Attempt 1. First contact is still due ")
    assert effects[1].count("Retry 1 of 3") == 1
    assert effects[3].endswith("The lead comes back at the time below.")
    html = page.content.decode()
    assert [f'data-key="{digit}"' in html for digit in range(1, 6)] == [True, True, True, True, False]


@pytest.mark.parametrize(
    ("outcome", "is_reached", "step"),
    [("spoke", True, "contacted"), ("not_reached", False, "tried"), ("voice_mail", False, "tried")],
)
def test_an_outcome_is_kept_and_moves_the_hand_off(rep, handoff, outcome, is_reached, step):
    post(as_(rep), "contact", handoff, at=written(timezone.now()), channel="phone", outcome=outcome, note="said hello")
    contact, moved = Contact.objects.get(), Handoff.objects.get()
    assert (contact.outcome, contact.reached, contact.note) == (outcome, is_reached, "said hello")
    assert (moved.contacted_at is not None, moved.retry_at is None, moved.snoozed_until) == (
        is_reached, is_reached, None,
    )  # fmt: skip
    assert moved.steps.order_by("-pk").first().kind == step


def test_a_call_back_brings_the_lead_back_at_the_agreed_time_and_its_clock_runs_on(rep, handoff):
    at = (timezone.now() + 3 * HOUR).replace(second=0, microsecond=0)
    post(
        as_(rep), "contact", handoff, at=written(timezone.now()), channel="phone", outcome="call_back",
        call_back_at=written(at),
    )  # fmt: skip
    moved = Handoff.objects.get()
    assert (moved.snoozed_until, moved.retry_at, moved.contacted_at, moved.due_at) == (at, None, None, handoff.due_at)


def test_a_call_back_without_a_time_or_in_the_past_is_refused_and_what_was_typed_stays(rep, handoff):
    for call_back_at, why in (("", "Enter when the lead is to be called back."), ("2020-01-01T10:00", "in the future")):
        answer = post(
            as_(rep), "contact", handoff, at=written(timezone.now()), channel="phone", outcome="call_back",
            call_back_at=call_back_at, note="typed with care",
        )  # fmt: skip
        assert (answer.status_code, Contact.objects.count()) == (422 if not call_back_at else answer.status_code, 0)
        assert why in answer.content.decode()
        assert "typed with care" in answer.content.decode()


def test_a_next_step_with_a_time_becomes_a_todo_and_one_without_is_asked_for_it(rep, handoff):
    typed = {"at": written(timezone.now()), "channel": "phone", "outcome": "spoke", "next_step": "Send prices"}
    answer = post(as_(rep), "contact", handoff, **typed)
    assert "Enter when the next step is due." in answer.content.decode()
    post(as_(rep), "contact", handoff, **typed, next_at=written(timezone.now() + 24 * HOUR))
    assert Todo.objects.get().text == "Send prices"
