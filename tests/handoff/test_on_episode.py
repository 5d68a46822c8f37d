"""From episodes to hand-offs: one each, routed, promised, announced, and none twice."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from handoff.actions import mark_cooled, open_handoffs, reject_handoff
from handoff.enums import HandoffState
from handoff.models import Calendar, Deadline, Handoff, RejectReason, TeamCalendar
from handoff.tasks import open_handoffs as task
from leads.models import Lead
from notices.models import OutboxMessage
from tests.factories import LeadFactory, TeamFactory
from tests.handoff.world import FRIDAY, THURSDAY, claimed_by, episode, handoff_of, jst, sla_in_force

LATER = FRIDAY + timedelta(minutes=1)


def told(kind):
    messages = OutboxMessage.objects.filter(kind=kind).order_by("user__name", "-channel")
    return [(message.user.name, message.channel) for message in messages]


def test_an_episode_becomes_one_hand_off_in_the_default_teams_queue(team):
    found = episode(LeadFactory(stage="inquiry"))
    assert open_handoffs(now=LATER) == 1
    handoff = Handoff.objects.get(episode=found)
    assert (handoff.team, handoff.owner, handoff.state, handoff.routed_by, handoff.score) == (
        team, None, HandoffState.QUEUED, "default_team", 8000,
    )  # fmt: skip
    assert (handoff.lead.team, handoff.lead.stage) == (team, "mql")
    decision = handoff.lead.stage_changes.get()
    assert (decision.before, decision.after, decision.reason, decision.by) == ("inquiry", "mql", "became_hot", None)


def test_the_first_contact_is_due_at_close_of_business_three_business_days_after_the_trigger(team):
    handoff = handoff_of(at=FRIDAY)
    clock = Deadline.objects.get(handoff=handoff)
    assert (clock.promise, clock.started_at, clock.due_at, handoff.due_at) == (
        "first_contact", FRIDAY, THURSDAY, THURSDAY,
    )  # fmt: skip
    assert clock.warn_at == jst(7, 23, 12, 24)  # 80 % of 28 business hours, Marine Day between them


def test_a_worker_that_comes_late_does_not_lend_time(team):
    found = episode(at=FRIDAY)
    open_handoffs(now=jst(7, 24, 9))
    assert Handoff.objects.get(episode=found).due_at == THURSDAY


def test_the_promise_is_counted_in_the_calendar_of_the_team_that_owns_it(team):
    berlin = Calendar.objects.create(name="Berlin", timezone="Europe/Berlin", holidays_country="DE")
    TeamCalendar.objects.create(team=team, calendar=berlin)
    handoff = handoff_of(at=FRIDAY)  # 10:00 in Berlin, and no holiday on Monday
    assert handoff.due_at.isoformat() == "2026-07-22T16:00:00+00:00"


def test_opening_twice_makes_nothing_twice(team, rep):
    episode()
    assert [open_handoffs(now=LATER), open_handoffs(now=LATER)] == [1, 0]
    assert (Handoff.objects.count(), told("handoff.hot")) == (1, [("Ren Rep", "in_app"), ("Ren Rep", "email")])


def test_reps_hear_by_bell_and_mail_and_managers_under_the_bell(team, rep, manager, marketer, outsider):
    handoff_of()
    assert told("handoff.hot") == [("Makoto Manager", "in_app"), ("Ren Rep", "in_app"), ("Ren Rep", "email")]


def test_many_at_once_are_one_sentence(team, rep):
    for _ in range(6):
        episode()
    open_handoffs(now=LATER)
    assert told("handoff.hot") == []
    assert told("handoff.hot_many") == [("Ren Rep", "in_app"), ("Ren Rep", "email")]
    assert OutboxMessage.objects.first().params == {"count": 6, "team": "Tokyo"}


def test_a_lead_that_belongs_to_somebody_in_sales_goes_to_them(team, rep):
    handoff = handoff_of(owner=rep)
    assert (handoff.owner, handoff.state, handoff.routed_by) == (rep, HandoffState.QUEUED, "lead_owner")
    assert told("handoff.hot_yours") == [("Ren Rep", "in_app"), ("Ren Rep", "email")]


def test_an_owner_who_left_is_passed_over(team, rep):
    rep.is_active = False
    rep.save()
    handoff = handoff_of(owner=rep)
    assert (handoff.owner, handoff.lead.owner, handoff.routed_by) == (None, None, "default_team")


def test_a_lead_stays_with_its_team(team, other_team):
    assert (handoff_of(team=other_team).team, Handoff.objects.get().routed_by) == (other_team, "lead_team")


def test_without_a_default_team_the_first_takes_it(db):
    only = TeamFactory(name="Nagoya")
    assert (handoff_of().team, Handoff.objects.get().routed_by) == (only, "only_team")


def test_without_any_team_the_lead_waits_until_there_is_one(db):
    episode()
    assert open_handoffs(now=LATER) == 0
    TeamFactory()
    assert open_handoffs(now=LATER) == 1


def test_without_a_policy_nothing_is_promised(team):
    sla_in_force({"name": ""})
    handoff = handoff_of()
    assert (handoff.due_at, Deadline.objects.count()) == (None, 0)


def test_an_anonymous_lead_waits_until_it_has_a_name(team):
    found = episode(LeadFactory(is_anonymous=True))
    assert open_handoffs(now=LATER) == 0
    Lead.objects.filter(pk=found.lead_id).update(is_anonymous=False)
    assert open_handoffs(now=LATER) == 1


def test_a_customer_that_is_hot_again_stays_a_customer(team):
    assert handoff_of(stage="customer").lead.stage == "customer"


def test_a_disqualified_lead_stays_out_of_the_queue(team):
    handoff = handoff_of(stage="disqualified")
    assert (handoff.state, handoff.routed_by, handoff.lead.stage) == (
        HandoffState.CLOSED,
        "disqualified",
        "disqualified",
    )
    assert OutboxMessage.objects.count() == 0


def test_a_second_episode_joins_the_hand_off_that_is_still_open(team, rep):
    first = claimed_by(rep)
    first.episode.ended_at = jst(7, 18)
    first.episode.save()
    second = episode(first.lead, at=jst(7, 21), number=2)
    open_handoffs(now=jst(7, 21))
    joined = Handoff.objects.get(episode=second)
    assert (joined.state, joined.routed_by, joined.due_at) == (HandoffState.CLOSED, "joined_open", None)
    assert Deadline.objects.filter(handoff=joined).count() == 0


def test_an_episode_after_the_last_was_closed_gets_new_promises(team, rep):
    first = claimed_by(rep)
    reject_handoff(handoff=first, by=rep, reason=RejectReason.objects.get(code="too_early"), now=jst(7, 17, 18))
    first.episode.ended_at = jst(7, 18)
    first.episode.save()
    second = episode(first.lead, at=jst(7, 21, 10), number=2)
    open_handoffs(now=jst(7, 21, 10))
    again = Handoff.objects.get(episode=second)
    assert (again.state, again.due_at, again.lead.stage) == (HandoffState.QUEUED, jst(7, 24, 18), "mql")


def test_a_lead_that_cools_before_contact_keeps_its_promise_and_is_flagged(team):
    handoff = handoff_of()
    cooled_at = jst(7, 18, 9)
    type(handoff.episode).objects.filter(pk=handoff.episode_id).update(ended_at=cooled_at)
    assert mark_cooled(now=jst(7, 18, 10)) == 1
    handoff.refresh_from_db()
    assert (handoff.cooled_at, handoff.due_at, handoff.state) == (cooled_at, THURSDAY, HandoffState.QUEUED)
    assert mark_cooled(now=jst(7, 18, 11)) == 0


def test_a_lead_that_is_hot_again_loses_the_flag_but_not_the_promise(team):
    handoff = handoff_of()
    type(handoff.episode).objects.filter(pk=handoff.episode_id).update(ended_at=jst(7, 18, 9))
    mark_cooled(now=jst(7, 18, 10))
    episode(handoff.lead, at=jst(7, 18, 11), number=2)
    mark_cooled(now=jst(7, 18, 12))
    handoff.refresh_from_db()
    assert (handoff.cooled_at, handoff.due_at) == (None, THURSDAY)


def test_the_doorbell_does_both(team):
    found = episode()
    task()
    assert Handoff.objects.filter(episode=found).count() == 1


def test_a_batch_takes_as_many_statements_for_many_leads_as_for_few(team, rep, django_assert_max_num_queries):
    for _ in range(30):
        episode(LeadFactory(stage="mql", team=team))
    with django_assert_max_num_queries(52):
        open_handoffs(now=LATER)


def test_the_clock_of_a_browser_that_told_its_name_late_runs_from_then(team):
    lead = LeadFactory(is_anonymous=True, name="", email="")
    episode(lead, at=FRIDAY)
    assert open_handoffs(now=timezone.now()) == 0
    Lead.objects.filter(pk=lead.pk).update(email="taro@example.co.jp", is_anonymous=False)
    named = lead.history.filter(is_anonymous=False).get().pgh_created_at
    assert open_handoffs(now=timezone.now() + timedelta(minutes=1)) == 1
    handoff = Handoff.objects.get()
    assert (handoff.queued_at, Deadline.objects.get().started_at) == (named, named)
