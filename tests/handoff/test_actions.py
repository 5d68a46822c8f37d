"""Every step of a hand-off: what it changes, what it refuses, who wins a race."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from handoff.actions import (
    ClaimLostError,
    RefusedError,
    accept_handoff,
    assign_handoff,
    claim_handoff,
    log_contact,
    record_result,
    reject_handoff,
    release_handoff,
    requeue_handoff,
    snooze_handoff,
    undo_last_step,
    wake_handoff,
)
from handoff.enums import HandoffState, Result
from handoff.models import Contact, Deadline, Handoff, Outcome, RejectReason
from leads.models import Lead
from notices.models import OutboxMessage
from tests.handoff.world import FRIDAY, claimed_by, contacted_by, handoff_of, jst

TUESDAY = jst(7, 21, 11)
MINUTE = timedelta(minutes=1)


def fresh(handoff):
    return Handoff.objects.select_related("lead").get(pk=handoff.pk)


def state_of(handoff):
    row = fresh(handoff)
    return row.state, row.owner, row.lead.stage, row.lead.owner


def deadline(handoff, promise):
    return Deadline.objects.get(handoff=handoff, promise=promise)


def image(handoff):
    """Everything a refused step must leave as it was; what follows the score does so beside it."""
    row = Handoff.objects.filter(pk=handoff.pk).values().get()
    return (
        {name: value for name, value in row.items() if name != "current_total"},
        list(Deadline.objects.filter(handoff=handoff).order_by("pk").values()),
        Lead.objects.filter(pk=handoff.lead_id).values("stage", "owner", "team").get(),
        handoff.steps.count(),
        OutboxMessage.objects.count(),
    )


# Claiming


def test_claiming_makes_the_lead_ones_own(rep):
    handoff = handoff_of()
    claim_handoff(handoff=handoff, by=rep, now=TUESDAY)
    assert state_of(handoff) == (HandoffState.CLAIMED, rep, "mql", rep)
    assert fresh(handoff).claimed_at == TUESDAY


def test_the_loser_of_a_claim_learns_who_won_and_nothing_changes(rep, other_rep):
    handoff = claimed_by(rep)
    before = image(handoff)
    with pytest.raises(ClaimLostError, match=r"Ren Rep claimed this lead before you\."):
        claim_handoff(handoff=handoff, by=other_rep, now=TUESDAY)
    assert image(handoff) == before


def test_a_stale_object_cannot_claim(rep, other_rep):
    handoff = handoff_of()
    stale = Handoff.objects.get(pk=handoff.pk)
    claim_handoff(handoff=handoff, by=rep, now=TUESDAY)
    with pytest.raises(ClaimLostError):
        claim_handoff(handoff=stale, by=other_rep, now=TUESDAY)
    assert state_of(handoff)[1] == rep


def test_claiming_twice_is_told_in_its_own_words(rep):
    handoff = claimed_by(rep)
    with pytest.raises(ClaimLostError, match=r"You’ve already claimed this lead\."):
        claim_handoff(handoff=handoff, by=rep, now=TUESDAY)


def test_a_released_lead_waits_for_the_team_again_under_the_same_promise(rep):
    handoff = claimed_by(rep)
    due = handoff.due_at
    release_handoff(handoff=handoff, by=rep, now=TUESDAY)
    assert state_of(handoff) == (HandoffState.QUEUED, None, "mql", None)
    assert fresh(handoff).due_at == due


def test_sales_takes_over_after_the_marketers_first_response(marketer, rep):
    handoff = contacted_by(marketer)
    claim_handoff(handoff=handoff, by=rep, now=jst(7, 22, 9))
    assert state_of(handoff) == (HandoffState.CONTACTED, rep, "mql", rep)


def test_nobody_takes_over_from_a_rep(rep, other_rep):
    handoff = contacted_by(rep)
    with pytest.raises(ClaimLostError):
        claim_handoff(handoff=handoff, by=other_rep, now=jst(7, 22, 9))


# Contact


def test_contact_logged_on_tuesday_11_00_for_monday_16_00_runs_the_48_hours_from_monday_16_00(rep):
    handoff = claimed_by(rep, at=jst(6, 5, 17))
    monday_16, tuesday_11 = jst(6, 8, 16), jst(6, 9, 11)
    log_contact(handoff=handoff, by=rep, at=monday_16, channel="phone", now=tuesday_11)
    assert deadline(handoff, "first_contact").met_at == monday_16
    assert deadline(handoff, "result").due_at == jst(6, 10, 16)
    assert fresh(handoff).due_at == jst(6, 10, 16)
    assert state_of(handoff)[0] == HandoffState.CONTACTED


def test_an_earlier_contact_recorded_later_moves_the_result_deadline(rep):
    handoff = contacted_by(rep, at=jst(7, 22, 16))
    log_contact(handoff=handoff, by=rep, at=jst(7, 21, 10), channel="email", now=jst(7, 22, 17))
    assert deadline(handoff, "result").due_at == jst(7, 23, 10)
    assert fresh(handoff).contacted_at == jst(7, 21, 10)


def test_a_later_contact_moves_nothing(rep):
    handoff = contacted_by(rep, at=jst(7, 21, 16))
    log_contact(handoff=handoff, by=rep, at=jst(7, 22, 10), channel="email", now=jst(7, 22, 10))
    assert deadline(handoff, "result").due_at == jst(7, 23, 16)
    assert handoff.contacts.count() == 2


def test_a_contact_in_the_future_is_refused(rep):
    handoff = claimed_by(rep)
    before = image(handoff)
    with pytest.raises(RefusedError, match=r"The contact can’t be in the future\."):
        log_contact(handoff=handoff, by=rep, at=TUESDAY + MINUTE, channel="phone", now=TUESDAY)
    assert image(handoff) == before


def test_a_contact_before_the_lead_became_hot_is_refused(rep):
    handoff = claimed_by(rep)
    before = image(handoff)
    with pytest.raises(RefusedError, match="earlier than the moment the lead became hot"):
        log_contact(handoff=handoff, by=rep, at=FRIDAY - MINUTE, channel="phone", now=TUESDAY)
    assert image(handoff) == before


def test_a_try_that_reached_nobody_keeps_the_clock_running(rep):
    handoff = claimed_by(rep)
    log_contact(handoff=handoff, by=rep, at=TUESDAY, channel="phone", now=TUESDAY, reached=False)
    assert state_of(handoff)[0] == HandoffState.CLAIMED
    assert deadline(handoff, "first_contact").met_at is None
    assert Contact.objects.get(handoff=handoff).reached is False


def test_an_unclaimed_lead_cannot_be_contacted(rep):
    handoff = handoff_of()
    with pytest.raises(RefusedError, match="the hand-off is now “Waiting”"):
        log_contact(handoff=handoff, by=rep, at=TUESDAY, channel="phone", now=TUESDAY)


# Accepting and rejecting


def test_accepting_makes_an_sql_and_still_owes_the_result(rep):
    handoff = contacted_by(rep)
    accept_handoff(handoff=handoff, by=rep, now=jst(7, 21, 17))
    assert state_of(handoff) == (HandoffState.ACCEPTED, rep, "sql", rep)
    assert deadline(handoff, "result").met_at is None
    decision = handoff.lead.stage_changes.first()
    assert (decision.before, decision.after, decision.by, decision.reason) == ("mql", "sql", rep, "accepted")


def test_a_lead_nobody_spoke_with_cannot_be_accepted(rep):
    handoff = claimed_by(rep)
    before = image(handoff)
    with pytest.raises(RefusedError):
        accept_handoff(handoff=handoff, by=rep, now=TUESDAY)
    assert image(handoff) == before


@pytest.mark.parametrize(("code", "stage"), [("too_early", "nurture"), ("competitor", "disqualified")])
def test_the_reason_of_a_rejection_says_where_the_lead_goes(rep, marketer, code, stage):
    handoff = contacted_by(rep)
    reason = RejectReason.objects.get(code=code)
    reject_handoff(handoff=handoff, by=rep, reason=reason, comment="asks again in spring", now=jst(7, 21, 17))
    row = fresh(handoff)
    assert state_of(handoff) == (HandoffState.REJECTED, rep, stage, None)
    assert (row.reject_reason, row.comment, row.due_at) == (reason, "asks again in spring", None)
    assert OutboxMessage.objects.filter(kind="handoff.rejected", user=marketer).count() == 1


def test_a_lead_rejected_before_contact_no_longer_owes_one(rep):
    handoff = claimed_by(rep)
    reject_handoff(handoff=handoff, by=rep, reason=RejectReason.objects.get(code="duplicate"), now=TUESDAY)
    assert deadline(handoff, "first_contact").cancelled_at == TUESDAY
    assert deadline(handoff, "first_contact").met_at is None


# Results


def test_won_makes_a_customer_with_an_outcome_in_minor_units(rep):
    handoff = contacted_by(rep)
    accept_handoff(handoff=handoff, by=rep, now=jst(7, 22, 9))
    record_result(handoff=handoff, by=rep, result=Result.WON, revenue=1_200_000, currency="JPY", now=jst(7, 22, 10))
    outcome = Outcome.objects.get(lead=handoff.lead)
    assert state_of(handoff) == (HandoffState.CLOSED, rep, "customer", rep)
    assert (outcome.result, outcome.revenue, outcome.currency, outcome.by) == ("won", 1_200_000, "JPY", rep)
    assert deadline(handoff, "result").met_at == jst(7, 22, 10)


def test_an_opportunity_can_be_won_later_and_won_is_final(rep):
    handoff = contacted_by(rep)
    record_result(handoff=handoff, by=rep, result=Result.OPPORTUNITY, now=jst(7, 22, 9))
    assert (state_of(handoff)[2], Outcome.objects.get().result) == ("opportunity", "opportunity")
    record_result(handoff=handoff, by=rep, result=Result.WON, revenue=500, currency="USD", now=jst(8, 20, 9))
    assert (state_of(handoff)[2], Outcome.objects.first().result) == ("customer", "won")
    with pytest.raises(RefusedError):
        record_result(handoff=handoff, by=rep, result=Result.LOST, now=jst(8, 21, 9))


def test_lost_goes_back_to_nurture_with_an_outcome(rep):
    handoff = contacted_by(rep)
    record_result(handoff=handoff, by=rep, result=Result.LOST, comment="price", now=jst(7, 22, 9))
    assert state_of(handoff) == (HandoffState.CLOSED, rep, "nurture", None)
    assert Outcome.objects.get().result == "lost"


def test_a_recycled_lead_keeps_its_wake_up_date(rep):
    handoff = contacted_by(rep)
    record_result(handoff=handoff, by=rep, result=Result.RECYCLED, wake_on=date(2026, 10, 1), now=jst(7, 22, 9))
    assert (fresh(handoff).wake_on, state_of(handoff)[2], Outcome.objects.count()) == (date(2026, 10, 1), "nurture", 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"result": Result.LOST, "revenue": 5},
        {"result": Result.WON},
        {"result": Result.WON, "revenue": -1},
        {"result": Result.WON, "amount_unknown": True, "wake_on": date(2027, 1, 1)},
        {"result": Result.RECYCLED, "wake_on": date(2026, 7, 1)},
    ],
)
def test_a_result_that_contradicts_itself_is_refused(rep, wrong):
    handoff = contacted_by(rep)
    before = image(handoff)
    with pytest.raises(RefusedError):
        record_result(handoff=handoff, by=rep, now=jst(7, 22, 9), **wrong)
    assert image(handoff) == before


# Assigning, snoozing


def test_an_assigned_lead_waits_for_one_person_only(manager, rep, other_rep):
    handoff = handoff_of()
    assign_handoff(handoff=handoff, to=rep, by=manager, now=TUESDAY)
    assert state_of(handoff) == (HandoffState.QUEUED, rep, "mql", rep)
    assert OutboxMessage.objects.filter(kind="handoff.assigned", user=rep).count() == 2
    with pytest.raises(ClaimLostError):
        claim_handoff(handoff=handoff, by=other_rep, now=TUESDAY)
    claim_handoff(handoff=handoff, by=rep, now=TUESDAY)
    assert state_of(handoff)[0] == HandoffState.CLAIMED


def test_a_helper_from_outside_gets_the_lead_itself_only_by_claiming(manager, helper):
    handoff = handoff_of()
    assign_handoff(handoff=handoff, to=helper, by=manager, now=TUESDAY)
    assert state_of(handoff) == (HandoffState.QUEUED, helper, "mql", None)
    claim_handoff(handoff=handoff, by=helper, now=TUESDAY)
    assert state_of(handoff)[3] == helper


def test_nobody_who_left_is_given_a_lead(manager, rep):
    handoff = handoff_of()
    rep.is_active = False
    with pytest.raises(RefusedError, match=r"Ren Rep is inactive\. Choose someone else\."):
        assign_handoff(handoff=handoff, to=rep, by=manager, now=TUESDAY)


def test_a_manager_moves_a_lead_to_another_team(manager, rep, other_team):
    handoff = claimed_by(rep)
    requeue_handoff(handoff=handoff, team=other_team, by=manager, now=TUESDAY)
    assert (fresh(handoff).team, state_of(handoff)) == (other_team, (HandoffState.QUEUED, None, "mql", None))


def test_snoozing_stops_no_clock(rep):
    handoff = claimed_by(rep)
    due = handoff.due_at
    snooze_handoff(handoff=handoff, by=rep, until=jst(7, 22, 9), now=TUESDAY)
    assert (fresh(handoff).snoozed_until, fresh(handoff).due_at) == (jst(7, 22, 9), due)
    wake_handoff(handoff=handoff, by=rep, now=TUESDAY)
    assert fresh(handoff).snoozed_until is None


def test_snoozing_into_the_past_is_refused(rep):
    handoff = claimed_by(rep)
    with pytest.raises(RefusedError, match=r"Choose a time in the future\."):
        snooze_handoff(handoff=handoff, by=rep, until=TUESDAY, now=TUESDAY)


# Undo


def step_release(handoff, rep, now):
    release_handoff(handoff=handoff, by=rep, now=now)


def step_contact(handoff, rep, now):
    log_contact(handoff=handoff, by=rep, at=now, channel="phone", now=now)


def step_reject(handoff, rep, now):
    reject_handoff(handoff=handoff, by=rep, reason=RejectReason.objects.get(code="competitor"), now=now)


def step_win(handoff, rep, now):
    record_result(handoff=handoff, by=rep, result=Result.WON, revenue=5, now=now)


def step_accept(handoff, rep, now):
    accept_handoff(handoff=handoff, by=rep, now=now)


@pytest.mark.parametrize(
    ("start", "step"),
    [
        (claimed_by, step_release),
        (claimed_by, step_contact),
        (claimed_by, step_reject),
        (contacted_by, step_accept),
        (contacted_by, step_reject),
        (contacted_by, step_win),
    ],
)
def test_undo_takes_a_whole_step_back(rep, start, step):
    handoff = start(rep)
    now = jst(7, 22, 9)
    before, contacts = image(handoff)[:3], handoff.contacts.count()
    step(handoff, rep, now)
    assert image(handoff)[:3] != before
    undo_last_step(handoff=handoff, by=rep, now=now + MINUTE)
    assert image(handoff)[:3] == before
    assert (handoff.contacts.count(), Outcome.objects.count()) == (contacts, 0)


def test_after_a_minute_a_step_stays(rep):
    handoff = claimed_by(rep)
    step_contact(handoff, rep, TUESDAY)
    with pytest.raises(RefusedError, match="for one minute"):
        undo_last_step(handoff=handoff, by=rep, now=TUESDAY + MINUTE + timedelta(seconds=1))
    assert state_of(handoff)[0] == HandoffState.CONTACTED


def test_only_the_one_who_made_a_step_takes_it_back(rep, manager):
    handoff = claimed_by(rep)
    step_contact(handoff, rep, TUESDAY)
    with pytest.raises(RefusedError):
        undo_last_step(handoff=handoff, by=manager, now=TUESDAY)


def test_what_is_undone_once_is_not_undone_again(rep):
    handoff = claimed_by(rep)
    step_contact(handoff, rep, TUESDAY)
    undo_last_step(handoff=handoff, by=rep, now=TUESDAY)
    with pytest.raises(RefusedError):
        undo_last_step(handoff=handoff, by=rep, now=TUESDAY)
    assert [step.kind for step in handoff.steps.order_by("pk")] == ["queued", "claimed", "contacted", "undone"]
