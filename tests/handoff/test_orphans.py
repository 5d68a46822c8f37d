"""Nobody keeps hand-offs that they can no longer work on, and no warning reaches nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actions import change_person, switch_person, switch_team
from accounts.enums import Role
from accounts.models import User
from handoff.actions import accept_handoff, claim_handoff, open_handoffs, record_result, return_orphans, sweep_deadlines
from handoff.models import Deadline, Handoff
from notices.models import OutboxMessage
from tests.factories import LeadFactory
from tests.handoff.world import CONTACT, FRIDAY, claimed_by, contacted_by, episode, handoff_of

SOON = FRIDAY + timedelta(minutes=1)


def told(kind: str) -> list[str]:
    return [m.user.name for m in OutboxMessage.objects.filter(kind=kind, channel="in_app").order_by("user__name")]


def test_twelve_hand_offs_of_a_rep_who_is_deactivated_go_back_to_the_team_at_once(team, rep, manager, admin):
    handoffs = [claimed_by(rep, team=team) for _ in range(12)]
    clocks = list(Deadline.objects.order_by("pk").values())
    switch_person(by=admin, person=rep, on=False)
    rows = Handoff.objects.order_by().values_list("state", "owner", "team", "routed_by", "lead__owner").distinct()
    assert list(rows) == [("queued", None, team.pk, "owner_left", None)]
    assert list(Deadline.objects.order_by("pk").values()) == clocks
    assert told("handoff.returned") == [manager.name]
    message = OutboxMessage.objects.filter(kind="handoff.returned").first()
    assert message.params == {"count": 12, "team": "Tokyo"}
    step = handoffs[0].steps.order_by("-pk").first()
    assert (step.kind, step.by, step.params["to"]) == ("returned", admin, rep.name)


def test_who_takes_over_goes_on_from_what_was_done(team, rep, other_rep, admin):
    contacted, accepted = contacted_by(rep, team=team), contacted_by(rep, team=team)
    accept_handoff(handoff=accepted, by=rep, now=CONTACT)
    switch_person(by=admin, person=rep, on=False)
    for handoff, state in ((contacted, "contacted"), (accepted, "accepted")):
        handoff.refresh_from_db()
        assert handoff.state == "queued"
        claim_handoff(handoff=handoff, by=other_rep, now=CONTACT)
        assert handoff.state == state
    record_result(handoff=accepted, by=other_rep, result="opportunity", now=CONTACT)
    assert Handoff.objects.get(pk=accepted.pk).state == "closed"


def test_what_was_accepted_does_not_stay_with_somebody_who_goes_to_marketing(team, rep, admin):
    handoff = contacted_by(rep, team=team)
    accept_handoff(handoff=handoff, by=rep, now=CONTACT)
    change_person(by=admin, person=rep, role=Role.MARKETER)
    handoff.refresh_from_db()
    assert (handoff.state, handoff.owner) == ("queued", None)


def test_the_queue_of_a_team_that_is_switched_off_goes_to_the_team_that_takes_every_lead(team, other_team, admin):
    handoff = handoff_of(team=other_team)
    switch_team(by=admin, team=other_team, on=False)
    handoff.refresh_from_db()
    assert (handoff.team, handoff.lead.team) == (team, team)
    assert told("handoff.returned") == [admin.name]


def test_the_sweep_finds_who_was_switched_off_by_another_door(team, rep, manager):
    handoff = claimed_by(rep, team=team)
    User.objects.filter(pk=rep.pk).update(is_active=False)
    assert return_orphans(by=None, now=SOON) == 1
    handoff.refresh_from_db()
    assert handoff.owner is None
    assert return_orphans(by=None, now=SOON) == 0


@pytest.mark.parametrize("people", [(), ("manager",), ("rep",)])
def test_a_warning_and_a_breach_always_reach_somebody(team, admin, request, people):
    handoff_of(team=team)
    expected = [request.getfixturevalue(name).name for name in people] or [admin.name]
    deadline = Deadline.objects.get()
    sweep_deadlines(now=deadline.warn_at)
    assert told("handoff.due_soon.first_contact") == expected
    sweep_deadlines(now=deadline.due_at)
    assert told("handoff.breached.first_contact") == expected


def test_a_new_hot_lead_of_a_team_without_people_is_told_to_the_administrators(team, admin):
    episode(LeadFactory(team=team))
    open_handoffs(now=SOON)
    assert told("handoff.hot") == [admin.name]
