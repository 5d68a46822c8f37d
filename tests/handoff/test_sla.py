"""SLA policies: which one a lead is under, what they promise, the ladder of what is not kept, versions and moves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Team, User
from handoff.actions import claim_handoff, log_contact, open_handoffs, set_due, sweep_deadlines, undo_last_step
from handoff.actions.decisions import accept_handoff
from handoff.actions.settings import save_closings
from handoff.actions.todos import add_todo
from handoff.enums import QueueTab
from handoff.errors import RefusedError
from handoff.invariants import due_times_come_out_again
from handoff.models import Calendar, Deadline, Escalation, Handoff
from handoff.policy.sla import read_sla, sla_problems
from handoff.queries.compliance import Cut, compliance, ended_promises, listed_promises, verdict_of
from handoff.queries.policy import policy_of
from handoff.queries.promises import promises_of, state_of, why_none
from handoff.queries.queue import queue
from handoff.queries.sla_moves import hits_of
from handoff.queries.sla_trial import try_sla
from handoff.wording import step_details
from notices.models import OutboxMessage
from scoring.queries.catalog import catalog
from tests.factories import LeadFactory, UserFactory
from tests.handoff.world import (
    CONTACT,
    FRIDAY,
    THURSDAY,
    claimed_by,
    contacted_by,
    episode,
    handoff_of,
    jst,
    promise,
    score_of,
    sla_in_force,
)
from web.shares import Share

pytestmark = pytest.mark.django_db

KANSAI = {"field": "region", "op": "=", "value": "Kansai"}
ALL = {"name": "", "first_contact": promise(3, "business_days")}
HOUR = timedelta(hours=1)


def due_of(handoff: Handoff, kind: str = "first_contact") -> datetime:
    return Deadline.objects.get(handoff=handoff, promise=kind).due_at


def told(kind: str) -> list[str]:
    found = OutboxMessage.objects.filter(kind=kind, channel="in_app")
    return sorted(found.values_list("user__name", flat=True))


# --- which policy ----------------------------------------------------------------------------------------------------


def test_the_first_policy_that_a_lead_meets_decides_and_the_last_is_for_all_others(team: Team) -> None:
    version = sla_in_force({"name": "Kansai", "when": KANSAI, "first_contact": promise(4)}, ALL)
    osaka, tokyo = handoff_of(region="Kansai"), handoff_of(region="Kanto")
    assert (osaka.sla_version, osaka.sla_place, due_of(osaka)) == (version, 0, jst(7, 21, 12))
    assert (tokyo.sla_version, tokyo.sla_place, due_of(tokyo)) == (version, 1, THURSDAY)


def test_a_batch_is_decided_by_one_statement(team: Team, django_assert_max_num_queries: Any) -> None:
    sla_in_force({"name": "Kansai", "when": KANSAI, "first_contact": promise(4)}, ALL)
    for region in ("Kansai", "Kanto") * 10:
        found = episode(LeadFactory(region=region))
        score_of(found.lead)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as captured:
        open_handoffs(now=FRIDAY)
    assert sum("matches" in query["sql"] for query in captured) == 1
    assert Handoff.objects.filter(sla_place=0).count() == 10


def test_the_result_is_due_by_the_version_under_which_the_lead_was_given_over(rep: User) -> None:
    first = sla_in_force({**ALL, "result": promise(48, "elapsed_hours")})
    handoff = claimed_by(rep)
    sla_in_force({**ALL, "result": promise(10, "elapsed_hours")})
    log_contact(handoff=handoff, by=rep, at=CONTACT, channel="phone", now=CONTACT)
    deadline = Deadline.objects.get(handoff=handoff, promise="result")
    assert (deadline.version, deadline.due_at) == (first, CONTACT + 48 * HOUR)


def test_an_attempt_keeps_the_first_contact_where_the_policy_says_so(rep: User) -> None:
    sla_in_force({"name": "", "first_contact": promise(3, "business_days", counts="attempt")})
    handoff = claimed_by(rep)
    log_contact(handoff=handoff, by=rep, at=CONTACT, channel="phone", reached=False, now=CONTACT)
    assert Deadline.objects.get(handoff=handoff).met_at == CONTACT
    assert handoff.due_at is None


def test_a_conversation_is_needed_where_the_policy_says_so(rep: User) -> None:
    handoff = claimed_by(rep)
    log_contact(handoff=handoff, by=rep, at=CONTACT, channel="phone", reached=False, now=CONTACT)
    assert Deadline.objects.get(handoff=handoff).met_at is None


def test_the_next_step_is_owed_from_acceptance_and_kept_by_a_to_do(rep: User) -> None:
    sla_in_force({**ALL, "next_step": promise(8)})
    handoff = contacted_by(rep)
    accept_handoff(handoff=handoff, by=rep, now=CONTACT)
    assert (due_of(handoff, "next_step"), handoff.due_at) == (jst(7, 22, 15), jst(7, 22, 15))
    add_todo(
        lead=handoff.lead, by=rep, kind="next_step", text="Demo", due_at=CONTACT + 24 * HOUR, owner=rep,
        now=CONTACT + HOUR,
    )  # fmt: skip
    handoff.refresh_from_db()
    assert (Deadline.objects.get(handoff=handoff, promise="next_step").met_at, handoff.due_at) == (CONTACT + HOUR, None)


def test_a_to_do_that_was_there_at_acceptance_is_the_next_step(rep: User) -> None:
    sla_in_force({**ALL, "next_step": promise(8)})
    handoff = contacted_by(rep)
    due = CONTACT + 24 * HOUR
    add_todo(lead=handoff.lead, by=rep, kind="next_step", text="Demo", due_at=due, owner=rep, now=CONTACT)
    accept_handoff(handoff=handoff, by=rep, now=CONTACT + HOUR)
    assert Deadline.objects.get(handoff=handoff, promise="next_step").met_at == CONTACT + HOUR


# --- the ladder ------------------------------------------------------------------------------------------------------

LADDER = [
    {"percent": 50, "do": "owner"},
    {"percent": 100, "do": "managers"},
    {"percent": 100, "do": "top"},
    {"after": 1, "unit": "business_hours", "do": "pool"},
]
"""Of four business hours from Friday 17:00: half is over on Tuesday at 10, all at 12."""
HALF, DUE, BACK = jst(7, 21, 10), jst(7, 21, 12), jst(7, 21, 13)


def test_the_rungs_are_climbed_at_their_times_each_once(rep: User, manager: User) -> None:
    head = UserFactory(name="Hideo Head")
    last = {"after": 1, "unit": "business_days", "do": "person", "person": head.pk}
    sla_in_force({"name": "", "first_contact": promise(4, "business_hours", *LADDER, last)})
    handoff = claimed_by(rep)
    for at in (HALF, DUE, BACK, jst(7, 22, 18)):
        for minute in range(-1, 2):
            sweep_deadlines(now=at + timedelta(minutes=minute))
    climbed = Escalation.objects.filter(deadline__handoff=handoff).values_list("rung", "act", "planned_at")
    assert list(climbed) == [
        (0, "owner", HALF), (1, "managers", DUE), (2, "top", DUE), (3, "pool", BACK), (4, "person", jst(7, 22, 18)),
    ]  # fmt: skip
    assert told("handoff.due_soon.first_contact") == ["Ren Rep"]
    assert told("handoff.breached.first_contact") == ["Hideo Head", "Makoto Manager", "Ren Rep"]
    assert told("handoff.taken_back") == ["Ren Rep"]
    handoff.refresh_from_db()
    assert (handoff.owner, handoff.state, handoff.raised_at) == (None, "queued", DUE)


def test_a_lead_that_is_taken_back_is_routed_past_who_had_it(rep: User, other_rep: User) -> None:
    sla_in_force({"name": "", "first_contact": promise(4, "business_hours", LADDER[3])})
    handoff = claimed_by(rep)
    sweep_deadlines(now=BACK)
    handoff.refresh_from_db()
    assert handoff.owner is None
    claim_handoff(handoff=handoff, by=other_rep, now=BACK)
    assert handoff.owner == other_rep


def test_what_was_contacted_in_time_climbs_nothing(rep: User, manager: User) -> None:
    sla_in_force({"name": "", "first_contact": promise(4, "business_hours", *LADDER)})
    contacted_by(rep, at=jst(7, 21, 9, 30))
    sweep_deadlines(now=jst(7, 30))
    assert (Escalation.objects.count(), told("handoff.breached.first_contact")) == (0, [])


def test_a_warning_that_is_noticed_after_the_due_time_is_left_out(rep: User) -> None:
    sla_in_force({"name": "", "first_contact": promise(4, "business_hours", *LADDER[:2])})
    claimed_by(rep)
    sweep_deadlines(now=jst(7, 24))
    assert list(Escalation.objects.values_list("rung", flat=True)) == [1]
    assert told("handoff.due_soon.first_contact") == []


def test_two_sweepers_at_one_instant_climb_a_rung_once(rep: User) -> None:
    sla_in_force({"name": "", "first_contact": promise(4, "business_hours", *LADDER[:2])})
    claimed_by(rep)
    sweep_deadlines(now=HALF)
    Deadline.objects.update(next_rung_at=HALF)  # as the second one had read it
    sweep_deadlines(now=HALF)
    assert (Escalation.objects.count(), told("handoff.due_soon.first_contact")) == (1, ["Ren Rep"])


def test_what_was_put_on_top_stands_above_what_is_overdue_until_it_is_contacted(rep: User) -> None:
    late = handoff_of(name="Late", at=FRIDAY - 96 * HOUR)
    sla_in_force({"name": "", "first_contact": promise(4, "business_hours", LADDER[2])})
    raised = handoff_of(name="Raised")
    sweep_deadlines(now=DUE)
    assert list(queue(rep, QueueTab.TEAM, DUE)) == [raised, late]


@pytest.mark.parametrize(("counts", "is_first"), [("conversation", True), ("attempt", False)])
def test_a_raised_lead_stays_on_top_after_an_attempt_unless_attempts_count(rep: User, counts, is_first) -> None:
    sla_in_force({"name": "", "first_contact": promise(4, "business_hours", LADDER[2], counts=counts)})
    raised, late = claimed_by(rep, name="Raised"), claimed_by(rep, name="Late")
    sweep_deadlines(now=DUE)
    Handoff.objects.filter(pk=late.pk).update(raised_at=None, due_at=FRIDAY)
    log_contact(handoff=raised, by=rep, at=DUE, channel="phone", now=DUE, reached=False)
    assert queue(rep, QueueTab.MINE, DUE + 9 * HOUR)[0] == (raised if is_first else late)
    undo_last_step(handoff=raised, by=rep, now=DUE)
    assert queue(rep, QueueTab.MINE, DUE + 9 * HOUR)[0] == raised


def test_a_raise_ends_with_the_conversation_and_comes_back_when_that_is_undone(rep: User) -> None:
    sla_in_force({"name": "", "first_contact": promise(4, "business_hours", LADDER[2])})
    raised = claimed_by(rep)
    sweep_deadlines(now=DUE)
    log_contact(handoff=raised, by=rep, at=DUE, channel="phone", now=DUE)
    assert Handoff.objects.get().raised_at is None
    undo_last_step(handoff=raised, by=rep, now=DUE)
    assert Handoff.objects.get().raised_at == DUE


# --- versions and moves ----------------------------------------------------------------------------------------------


def test_publishing_keeps_what_runs_unless_one_lets_it_follow(rep: User) -> None:
    kept = handoff_of()
    sla_in_force({"name": "", "first_contact": promise(1, "business_days")})
    kept.refresh_from_db()
    assert (due_of(kept), kept.sla_version.number) == (THURSDAY, 1)
    version = sla_in_force({"name": "", "first_contact": promise(5, "business_days")}, moves_open=True)
    kept.refresh_from_db()
    assert (due_of(kept), kept.due_at, kept.sla_version) == (jst(7, 27, 18), jst(7, 27, 18), version)
    step = kept.steps.get(kind="policy_moved")
    assert datetime.fromisoformat(step.params["due_before"]) == THURSDAY


def test_many_that_follow_take_as_many_statements_as_few(team: Team) -> None:
    counted = []
    for days, leads in ((4, 1), (5, 20)):
        for _lead in range(leads):
            handoff_of()
        with CaptureQueriesContext(connection) as captured:
            sla_in_force({"name": "", "first_contact": promise(days, "business_days")}, moves_open=True)
        counted.append(len(captured))
    assert counted[1] <= counted[0]
    assert set(Deadline.objects.values_list("due_at", flat=True)) == {jst(7, 27, 18)}


def test_a_promise_that_the_new_version_would_break_at_once_stays(rep: User) -> None:
    handoff = handoff_of()
    sla_in_force({"name": "", "first_contact": promise(1)}, at=jst(7, 22), moves_open=True)
    handoff.refresh_from_db()
    assert (due_of(handoff), handoff.sla_version.number) == (THURSDAY, 1)


def test_whom_somebody_has_contacted_stays_under_the_version_it_was_promised_by(rep: User) -> None:
    handoff = contacted_by(rep)
    sla_in_force({"name": "", "result": promise(1, "elapsed_hours")}, at=CONTACT, moves_open=True)
    assert due_of(handoff, "result") == CONTACT + 48 * HOUR


def test_an_open_hand_off_without_a_clock_says_why(rep: User) -> None:
    sla_in_force({"name": ""})
    handoff = handoff_of()
    assert why_none(handoff, promises_of([handoff], FRIDAY)[handoff.pk]) == "No deadline: the SLA sets none."


def test_a_clock_that_runs_outside_working_hours_says_from_when_it_counts_again(rep: User) -> None:
    handoff = handoff_of()
    (shown,) = promises_of([handoff], jst(7, 17, 20))[handoff.pk]
    assert (shown.state, state_of(shown.deadline, jst(7, 17, 20))) == ("outside", "running")
    assert shown.again.startswith("counts again")


# --- tried and counted -----------------------------------------------------------------------------------------------


def test_a_stricter_draft_names_what_would_have_been_missed(rep: User) -> None:
    handoff = contacted_by(rep)  # Friday 17:00 to Tuesday 16:00: eight business hours
    sla = read_sla({"policies": [{"name": "", "first_contact": promise(4)}]}, catalog())
    tried = try_sla(sla, rep, CONTACT + HOUR)
    assert [(each.handoff, each.promise, each.due_at) for each in tried.worse] == [(handoff, "first_contact", DUE)]
    assert (tried.missed, tried.would_miss, tried.better) == (0, 1, [])


def test_a_looser_draft_names_what_would_have_been_kept(rep: User) -> None:
    sla_in_force({"name": "", "first_contact": promise(4)})
    handoff = contacted_by(rep)
    sla = read_sla({"policies": [ALL]}, catalog())
    assert [each.handoff for each in try_sla(sla, rep, CONTACT + HOUR).better] == [handoff]


def test_a_draft_with_conditions_asks_what_was_known_then(rep: User) -> None:
    handoff = contacted_by(rep, lead=LeadFactory(region="Kansai"))
    strict = {"name": "Kansai", "when": KANSAI, "first_contact": promise(4)}
    sla = read_sla({"policies": [strict, ALL]}, catalog())
    (tried,) = try_sla(sla, rep, CONTACT + HOUR).worse
    assert (tried.handoff, tried.policy) == (handoff, "Kansai")


def test_compliance_of_every_cut_equals_a_recount_and_lists_as_many_rows(
    rep: User, other_rep: User, admin: User
) -> None:
    now = jst(8, 1)
    for person, at in ((rep, CONTACT), (rep, CONTACT + 24 * HOUR), (other_rep, jst(7, 24, 10))):
        contacted_by(person, at=at)
    handoff_of()
    sla_in_force({"name": "", "first_contact": promise(1)})
    contacted_by(rep)
    sweep_deadlines(now=now)
    ended = list(ended_promises(admin, now=now).select_related("handoff"))
    for cut in Cut:
        groups = compliance(ended_promises(admin, now=now), cut)
        assert sum(group.kept.of for group in groups) == len(ended)
        for group in groups:
            rows = list(listed_promises(admin, now=now, days=90, by=cut, key=group.key, promise=group.promise))
            kept = [row for row in rows if row.met_at and row.met_at <= row.due_at]
            assert (len(rows), len(kept)) == (group.kept.of, group.kept.number)
    people = {
        group.name: (group.kept.number, group.kept.of)
        for group in compliance(ended_promises(admin, now=now), Cut.PERSON)
    }
    recount: dict[str, tuple[int, int]] = {}
    for row in ended:
        name = str(row.handoff.owner or "No owner yet")
        kept_now, of = recount.get(name, (0, 0))
        recount[name] = (kept_now + bool(row.met_at and row.met_at <= row.due_at), of + 1)
    assert people == recount


def test_what_is_kept_of_a_promise_is_held_against_the_target_of_its_version(rep: User, admin: User) -> None:
    """Below the target is not good; with too few it is neither."""
    targets = {"first_contact": promise(1, target=80), "result": promise(48, "elapsed_hours", target=40)}
    sla_in_force({"name": "", **targets})
    for number in range(10):
        contacted_by(rep, at=FRIDAY + (HOUR / 2 if number < 7 else 30 * HOUR))
    sweep_deadlines(now=jst(8, 1))
    groups = {group.promise: group for group in compliance(ended_promises(admin, now=jst(8, 1)), Cut.VERSION)}
    first, result = groups["first_contact"], groups["result"]
    assert (first.kept.of, first.target, first.verdict) == (10, 80, "below")
    assert (result.kept.number, result.target, result.verdict) == (0, 40, "below")
    assert verdict_of(Share(number=8, of=10), 80) == "good"
    assert (verdict_of(Share(number=4, of=4), 80), verdict_of(Share(number=8, of=10), None)) == ("", "")


# --- what is wrong with one ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "place", "words"),
    [
        ([], "", "Write the policies as a list"),
        ({"policies": []}, "policies", "Add the policy for all other leads."),
        ({"policies": [ALL | {"first_contact": promise(4, target=0)}]}, "policies[0].first_contact.target",
         "Enter a whole number from 1 to 100."),
        ({"policies": [{"name": "A"}, ALL]}, "policies[0].when", "Add a condition. Only the last"),
        ({"policies": [{"name": "A", "when": KANSAI}]}, "policies[0].when", "The last policy is for all other leads."),
        ({"policies": [{**ALL, "result": {"amount": 0, "mode": "days"}}]}, "policies[0].result.amount", "from 1 to"),
        ({"policies": [{**ALL, "result": promise(1, "days")}]}, "policies[0].result.mode", "how the time is counted"),
        ({"policies": [{**ALL, "result": promise(1, "business_days", {"percent": 1, "do": "top"})}]},
         "policies[0].result.ladder[0].do", "Only an uncontacted lead"),
        ({"policies": [{**ALL, "result": promise(1, "business_days", *[{"percent": 1, "do": "owner"}] * 6)}]},
         "policies[0].result.ladder", "At most 5"),
        ({"policies": [{**ALL, "result": promise(1, "business_days", {"percent": 1, "do": "person", "person": 0})}]},
         "policies[0].result.ladder[0].person", "someone is told"),
        ({"policies": [{**ALL, "result": promise(1, "business_days", {"percent": 101, "do": "owner"})}]},
         "policies[0].result.ladder[0].percent", "from 1 to 100"),
        ({"policies": [ALL], "marketing": {"per_week": 0, "accepted": 1}}, "marketing.per_week", "from 1 to"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place(document: Any, place: str, words: str) -> None:
    problems = sla_problems(document, catalog(), set())
    assert [(problem.path, words in problem.text) for problem in problems][:1] == [(place, True)]


def test_the_shipped_sla_has_no_problem(db: None) -> None:
    assert sla_problems(policy_of("sla").current.document, catalog(), set()) == []


# --- set by hand -----------------------------------------------------------------------------------------------------


def test_a_due_time_set_by_hand_stays_and_the_history_says_why(manager: User, admin: User) -> None:
    handoff = handoff_of()
    agreed = jst(7, 27, 12)
    set_due(handoff=handoff, promise="first_contact", due_at=agreed, reason="Agreed", by=manager, now=FRIDAY)
    calendar = Calendar.objects.get(is_default=True)
    save_closings(calendar=calendar, days=[date(2026, 7, 22)], name="Inventory", intervals=[], by=admin, now=FRIDAY)
    sla_in_force({"name": "", "first_contact": promise(1, "business_days")}, moves_open=True)
    handoff.refresh_from_db()
    assert (due_of(handoff), handoff.due_at) == (agreed, agreed)
    assert "Agreed" in step_details(handoff.steps.get(kind="due_set"))
    assert list(due_times_come_out_again(FRIDAY)) == []


def test_a_due_time_in_the_past_is_refused(manager: User) -> None:
    with pytest.raises(RefusedError, match="in the future"):
        set_due(handoff=handoff_of(), promise="first_contact", due_at=FRIDAY, reason="x", by=manager, now=FRIDAY)


def test_a_draft_names_the_open_hand_offs_of_each_policy(admin: User, team: Team) -> None:
    osaka, _tokyo = handoff_of(region="Kansai"), handoff_of(region="Kanto")
    sla = read_sla({"policies": [{"name": "Kansai", "when": KANSAI}, ALL]}, catalog())
    first, last = hits_of(sla, admin, FRIDAY)
    assert (first.number, first.leads, last.number) == (1, [osaka.lead], 1)
