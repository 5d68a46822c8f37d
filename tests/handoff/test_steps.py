"""The steps of a hand-off as a person takes them: claim, dialogs, undo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from handoff.actions import assign_handoff, claim_handoff
from handoff.enums import HandoffState
from handoff.models import Handoff, LostReason, Outcome
from handoff.queries.rows import row_of
from tests.handoff.pages import PART, post
from tests.handoff.world import CONTACT, claimed_by, contacted_by, handoff_of, jst


def test_claiming_from_the_queue_redraws_the_row_and_offers_to_undo(as_rep, rep):
    handoff = handoff_of()
    answer = post(as_rep, "claim", handoff, view="queue")
    words = answer.content.decode()
    assert (answer.status_code, Handoff.objects.get().owner) == (200, rep)
    assert f'id="handoff-{handoff.pk}"' in words
    assert reverse("handoff:undo", args=[handoff.pk]) in words


def test_a_claim_that_lost_the_race_is_a_conflict_in_words(as_rep, other_rep, manager, client):
    handoff = handoff_of()
    claim_handoff(handoff=handoff, by=other_rep, now=CONTACT)
    client.force_login(manager)  # sees what the others work on
    answer = post(client, "claim", handoff, view="queue")
    assert answer.status_code == 409
    assert "Rika Rep claimed this lead before you." in answer.content.decode()
    assert Handoff.objects.get().owner == other_rep


def test_a_rep_who_no_longer_sees_the_lead_is_told_all_the_same_by_whom(as_rep, other_rep, outsider, client):
    handoff = handoff_of()
    claim_handoff(handoff=handoff, by=other_rep, now=CONTACT)
    answer = post(as_rep, "claim", handoff, view="queue")
    words = answer.content.decode()
    assert (answer.status_code, f'id="steps-{handoff.pk}"' in words) == (409, True)
    assert "Rika Rep claimed this lead before you." in words
    assert handoff.lead.email not in words
    plain = as_rep.post(reverse("handoff:claim", args=[handoff.pk]))
    assert (plain.status_code, plain.headers["Location"]) == (303, reverse("handoff:queue"))
    assert "Rika Rep claimed this lead before you." in as_rep.get(reverse("handoff:queue")).content.decode()
    client.force_login(outsider)
    assert post(client, "claim", handoff).status_code == 404


def test_the_whole_path_from_claim_to_a_won_deal(as_rep, rep):
    handoff = handoff_of()
    post(as_rep, "claim", handoff)
    post(as_rep, "contact", handoff, at="2026-07-21T16:00", channel="phone", outcome="spoke", note="wants a demo")
    post(as_rep, "accept", handoff)
    answer = post(as_rep, "result", handoff, result="won", revenue="1200000", currency="JPY")
    outcome = Outcome.objects.get(handoff=handoff)
    handoff.refresh_from_db()
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "lq:close, lq:handoff")
    assert (handoff.state, handoff.lead.stage) == (HandoffState.CLOSED, "customer")
    assert (handoff.contacted_at, outcome.revenue, outcome.currency) == (CONTACT, 1_200_000, "JPY")


def test_cents_become_minor_units_and_yen_have_none(as_rep, rep):
    handoff = contacted_by(rep)
    wrong = post(as_rep, "result", handoff, result="won", revenue="12.34", currency="JPY")
    assert (wrong.status_code, Outcome.objects.count()) == (422, 0)
    assert "JPY doesn’t use decimals. Enter a whole amount." in wrong.content.decode()
    post(as_rep, "result", handoff, result="won", revenue="12.34", currency="USD")
    assert Outcome.objects.get().revenue == 1234


def test_a_won_deal_has_an_amount_unless_the_rep_says_that_it_is_not_known_yet(as_rep, rep):
    handoff = contacted_by(rep)
    missing = post(as_rep, "result", handoff, result="won", currency="JPY", comment="Signed on Monday")
    assert (missing.status_code, Outcome.objects.count()) == (422, 0)
    words = missing.content.decode()
    assert "Enter the deal amount, or select “Amount not known yet”." in words
    assert "Signed on Monday" in words
    post(as_rep, "result", handoff, result="won", amount_unknown="on", currency="JPY")
    handoff.refresh_from_db()
    assert (Outcome.objects.get().revenue, handoff.lead.stage) == (None, "customer")


def test_an_amount_that_is_known_after_all_counts_and_other_results_need_none(as_rep, rep):
    handoff, other = contacted_by(rep), contacted_by(rep)
    post(as_rep, "result", handoff, result="won", amount_unknown="on", revenue="5.25", currency="CHF")
    assert (Outcome.objects.get().revenue, Outcome.objects.get().currency) == (525, "CHF")
    assert post(as_rep, "result", other, result="opportunity", amount_unknown="on").status_code == 200


def test_currencies_of_the_past_are_not_offered_and_not_taken(as_rep, rep):
    handoff = contacted_by(rep)
    offered = as_rep.get(reverse("handoff:result", args=[handoff.pk])).content.decode()
    assert ('value="CHF"' in offered, 'value="DEM"' in offered) == (True, False)
    refused = post(as_rep, "result", handoff, result="won", revenue="5", currency="DEM")
    assert (refused.status_code, Outcome.objects.count()) == (422, 0)


def test_times_are_typed_in_the_readers_zone(as_rep, rep):
    rep.timezone = "America/Sao_Paulo"
    rep.save()
    handoff = claimed_by(rep)
    post(as_rep, "contact", handoff, at="2026-07-21T04:00", channel="phone", outcome="spoke")
    handoff.refresh_from_db()
    assert handoff.contacted_at == CONTACT


def test_the_very_minute_in_which_the_lead_became_hot_is_no_time_before_it(as_rep, rep):
    trigger = jst(7, 17, 17) + timedelta(seconds=40)
    handoff = claimed_by(rep, at=trigger)
    assert post(as_rep, "contact", handoff, at="2026-07-17T17:00", channel="phone", outcome="spoke").status_code == 200
    handoff.refresh_from_db()
    assert handoff.contacted_at == trigger


@pytest.mark.parametrize("at", ["", "tomorrow", "2026-02-30T10:00", "2099-01-01T00:00", "2026-07-01T10:00"])
def test_a_time_that_cannot_be_comes_back_with_what_was_typed(as_rep, rep, at):
    handoff = claimed_by(rep)
    answer = post(as_rep, "contact", handoff, at=at, channel="phone", outcome="spoke", note="wants a demo")
    handoff.refresh_from_db()
    assert (answer.status_code, handoff.state) == (422, HandoffState.CLAIMED)
    assert "wants a demo" in answer.content.decode()


def test_a_lost_deal_needs_a_reason_and_leaves_out_what_belongs_to_other_results(as_rep, rep):
    handoff = contacted_by(rep)
    typed = {"result": "lost", "revenue": "5", "currency": "JPY", "wake_on": "2035-01-01"}
    refused = post(as_rep, "result", handoff, **typed)
    assert (refused.status_code, Outcome.objects.count()) == (422, 0)
    assert "Choose why the deal was lost." in refused.content.decode()
    reason = LostReason.objects.get(code="price")
    post(as_rep, "result", handoff, **typed, lost_reason=reason.pk, comment="Asks again in spring")
    handoff.refresh_from_db()
    outcome = Outcome.objects.get()
    assert (outcome.result, outcome.revenue, outcome.lost_reason, handoff.wake_on) == ("lost", None, reason, None)
    assert handoff.comment == "Asks again in spring"


def words_of(client, name, handoff):
    return client.get(reverse(f"handoff:{name}", args=[handoff.pk]), **PART).content.decode()


def test_the_contact_dialog_says_what_each_outcome_does_to_the_deadlines(as_rep, rep):
    handoff = claimed_by(rep, at=timezone.now())
    shown = words_of(as_rep, "contact", handoff)
    assert "First contact is done. The result is due" in shown
    assert "Attempt 1. First contact is still due" in shown
    at = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    post(as_rep, "contact", handoff, at=at, channel="phone", outcome="not_reached")
    assert "Attempt 2. First contact is still due" in words_of(as_rep, "contact", handoff)


def test_a_contact_after_the_first_says_that_it_moves_no_deadline(as_rep, rep):
    assert "Added to the contacts. Deadlines don’t change." in words_of(as_rep, "contact", contacted_by(rep))


def test_the_dialogs_of_result_and_rejection_say_what_happens_to_the_lead(as_rep, rep):
    handoff = contacted_by(rep)
    results, reasons = words_of(as_rep, "result", handoff), words_of(as_rep, "reject", handoff)
    assert "The lead becomes a customer." in results
    assert "Why the deal was lost" in results
    assert "The lead returns to nurture and can become hot again." in reasons
    assert "The lead is disqualified and isn’t handed off again." in reasons


def test_snooze_offers_times_at_which_the_team_works(as_rep, rep, monkeypatch):
    friday = jst(7, 17, 17)  # Monday is a holiday
    monkeypatch.setattr("handoff.views.steps.timezone.now", lambda: friday)
    handoff = claimed_by(rep, at=jst(7, 17, 10))
    assert "tomorrow" not in words_of(as_rep, "snooze", handoff)
    found = {}
    for code in ("hours", "morning", "days", "week"):
        post(as_rep, "snooze", handoff, preset=code)
        handoff.refresh_from_db()
        found[code] = handoff.snoozed_until
    assert found == {
        "hours": jst(7, 21, 10), "morning": jst(7, 21, 9), "days": jst(7, 23, 9), "week": jst(7, 21, 9)
    }  # fmt: skip


def test_a_snooze_without_a_time_is_asked_for_one(as_rep, rep):
    answer = post(as_rep, "snooze", claimed_by(rep), preset="")
    assert answer.status_code == 422
    assert "Choose until when to snooze the lead." in answer.content.decode()


def test_an_assigned_lead_is_worked_on_without_a_second_claim(as_rep, rep, manager):
    handoff = handoff_of()
    assign_handoff(handoff=handoff, to=rep, by=manager, now=CONTACT)
    allowed = row_of(Handoff.objects.get(pk=handoff.pk), rep, CONTACT).allowed
    assert (allowed.claim, allowed.contact, allowed.reject, allowed.release) == (False, True, True, True)
    post(as_rep, "contact", handoff, at="2026-07-21T16:00", channel="phone", outcome="spoke")
    handoff.refresh_from_db()
    assert (handoff.state, handoff.owner, handoff.contacted_at) == (HandoffState.CONTACTED, rep, CONTACT)
    assert handoff.claimed_at is not None


def test_a_try_with_an_assigned_lead_claims_it_and_keeps_its_deadline(as_rep, rep, manager):
    handoff = handoff_of()
    due = handoff.due_at
    assign_handoff(handoff=handoff, to=rep, by=manager, now=CONTACT)
    post(as_rep, "contact", handoff, at="2026-07-21T16:00", channel="phone", outcome="not_reached")
    handoff.refresh_from_db()
    assert (handoff.state, handoff.contacted_at, handoff.due_at) == (HandoffState.CLAIMED, None, due)
    assert handoff.claimed_at is not None


def test_an_assigned_helper_still_claims_first(helper, manager):
    handoff = handoff_of()
    assign_handoff(handoff=handoff, to=helper, by=manager, now=CONTACT)
    allowed = row_of(Handoff.objects.get(pk=handoff.pk), helper, CONTACT).allowed
    assert (allowed.claim, allowed.contact) == (True, False)


def test_undo_from_the_toast_takes_the_step_back(as_rep, rep):
    handoff = handoff_of()
    post(as_rep, "claim", handoff)
    post(as_rep, "undo", handoff)
    handoff.refresh_from_db()
    assert (handoff.state, handoff.owner) == (HandoffState.QUEUED, None)


def test_without_script_a_step_is_a_plain_form_that_leads_back(as_rep):
    handoff = handoff_of()
    answer = as_rep.post(reverse("handoff:claim", args=[handoff.pk]))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/handoff/{handoff.pk}/")


def test_a_helper_reads_contact_data_only_after_claiming(client, helper, manager):
    handoff = handoff_of(email="secret@example.net", phone="03-1111-2222")
    assign_handoff(handoff=handoff, to=helper, by=manager, now=CONTACT)
    client.force_login(helper)
    hidden = client.get(reverse("handoff:peek", args=[handoff.pk]), **PART).content.decode()
    assert "secret@example.net" not in hidden
    assert "03-1111-2222" not in hidden
    claim_handoff(handoff=handoff, by=helper, now=CONTACT)
    shown = client.get(reverse("handoff:peek", args=[handoff.pk]), **PART).content.decode()
    assert "secret@example.net" in shown
