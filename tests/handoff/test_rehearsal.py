"""What is rehearsed is what happened, and what will happen."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Team, User
from handoff.actions import (
    assign_handoff,
    claim_handoff,
    offer_overflow,
    open_handoffs,
    release_handoff,
    sweep_deadlines,
)
from handoff.actions.policy import publish_policy, save_policy_draft
from handoff.enums import HandoffState, PolicySection
from handoff.models import Absence, Deadline, Handoff
from handoff.policy.routing import read_routing
from handoff.queries.policy import policy_of
from handoff.queries.rehearsal import Rehearsal, rehearse_routing
from handoff.queries.routes import trial_of
from leads.models import Lead
from scoring.queries.catalog import catalog
from tests.factories import CompanyFactory, LeadFactory, UserFactory
from tests.handoff.routed import KANSAI, pooled, put_in_force
from tests.handoff.world import episode, model, promise, score_of, sla_in_force

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def four(team: Team) -> list[User]:
    return [UserFactory(name=name, team=team, capacity=6) for name in ("Ueda", "Kondo", "Hara", "Mori")]


def hot_now(*leads: Lead) -> None:
    """Leads that become hot at this moment: the past is read from the clock of the database."""
    now = timezone.now()
    for lead in leads:
        episode(lead, at=now)
        score_of(lead)
    open_handoffs(now=timezone.now())


def rules(team: Team, people: list[User]) -> dict[str, Any]:
    """Owners and colleagues first, the region next, a pool with a language and one by load."""
    ueda, kondo, hara, mori = people
    document = pooled(team, (ueda, 3), (kondo, 2), (hara, 1), when=KANSAI)
    document["rules"] = [
        {"name": "", "to": {"aim": "owner", "away": "next"}},
        {"name": "", "to": {"aim": "colleague", "away": "next"}},
        *document["rules"],
        {"name": "English", "when": {"field": "language", "op": "=", "value": "en"},
         "to": {"aim": "pool", "pool": "English"}},
        {"name": "Mori", "when": {"field": "region", "op": "=", "value": "Kanto"},
         "to": {"aim": "person", "person": mori.pk}},
    ]  # fmt: skip
    members = [{"person": person.pk, "weight": 1} for person in (hara, mori)]
    document["pools"].append(
        {"name": "English", "team": team.pk, "members": members, "language": "lead", "turns": "load"}
    )
    return document


def rehearsed(document: dict[str, Any], days: int = 1) -> Rehearsal:
    routing = read_routing(document, catalog())
    return rehearse_routing(routing, Handoff.objects.all(), days=days, now=timezone.now())


def busy_days(team: Team, people: list[User], admin: User, chance: random.Random) -> None:
    """Arrivals, absences, claims, leads given back, passed on and closed, limits that change; in any order."""
    companies = CompanyFactory.create_batch(4)
    for _step in range(40):
        waiting = list(Handoff.objects.filter(state=HandoffState.QUEUED))
        one, person = chance.choice(waiting) if waiting else None, chance.choice(people)
        match chance.randrange(11):
            case 0:
                Absence.objects.create(
                    person=person, starts_at=timezone.now(), ends_at=timezone.now() + timedelta(seconds=1)
                )
            case 1:
                Absence.objects.filter(person=person).delete()
            case 2:
                User.objects.filter(pk=person.pk).update(
                    capacity=chance.randint(1, 9), daily_capacity=chance.choice([None, 3]), speaks=["en"]
                )
            case 3 if one is not None and one.owner is not None:
                claim_handoff(handoff=one, by=one.owner, now=timezone.now())
                release_handoff(handoff=one, by=one.owner, now=timezone.now())
            case 4 if one is not None:
                assign_handoff(handoff=one, to=person, by=admin, now=timezone.now())
            case 5 if one is not None:
                Handoff.objects.filter(pk=one.pk).update(state=HandoffState.CLOSED, closed_at=timezone.now())
            case 6:
                offer_overflow(now=timezone.now())
            case 7:
                Deadline.objects.filter(handoff__in=waiting[:1], breached_at=None).update(
                    due_at=timezone.now(), next_rung_at=timezone.now(), is_by_hand=True
                )
                sweep_deadlines(now=timezone.now())
            case _:
                hot_now(*(
                    LeadFactory(
                        region=chance.choice(["Kansai", "Kanto", "Tohoku"]), language=chance.choice(["ja", "en"]),
                        company=chance.choice([None, *companies]),
                    )
                    for _lead in range(chance.randint(1, 4))
                ))  # fmt: skip


@pytest.mark.parametrize("seed", [*range(2), *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(2, 20))])
def test_a_rehearsal_of_the_published_rules_repeats_every_stored_decision(admin, team, four, seed: int) -> None:
    document = rules(team, four)
    document["pools"][0]["returns"] = "catch_up" if seed % 2 else "keep"
    put_in_force(document, admin)
    taken_back = {"percent": 100, "do": "pool"}
    sla_in_force({"name": "", "first_contact": promise(3, "business_days", taken_back)}, at=timezone.now())
    busy_days(team, four, admin, random.Random(seed))
    found = rehearsed(document)
    assert len(found.leads) > 10
    assert [(one.handoff.pk, one.before, one.after) for one in found.leads if not one.is_repeated] == []


def test_what_people_did_after_a_decision_changes_nothing_of_its_rehearsal(admin, team, four) -> None:
    document = pooled(team, (four[0], 1), (four[1], 1), when=KANSAI)
    put_in_force(document, admin)
    hot_now(*LeadFactory.create_batch(6, region="Kansai"))
    before = [one.after for one in rehearsed(document).leads]
    Lead.objects.update(region="Kanto")
    User.objects.filter(pk=four[0].pk).update(capacity=0, name="Renamed")
    Absence.objects.create(person=four[1], starts_at=timezone.now(), ends_at=timezone.now() + timedelta(days=1))
    Handoff.objects.update(state=HandoffState.CLOSED, closed_at=timezone.now())
    assert [one.after for one in rehearsed(document).leads] == before == ["Ueda", "Kondo"] * 3


def test_a_draft_that_gives_more_than_somebody_can_take_is_rehearsed_with_their_limit(admin, team, four) -> None:
    put_in_force(pooled(team, *((person, 1) for person in four)), admin)
    hot_now(*LeadFactory.create_batch(12))
    found = rehearsed(pooled(team, (four[0], 1)))
    assert found.loads() == [("Hara", 3, 0), ("Kondo", 3, 0), ("Mori", 3, 0), ("Ueda", 3, 6)]
    assert [one.reason for one in found.leads] == ["pool"] * 6 + ["overflow"] * 6


def test_what_is_predicted_of_a_draft_happens_once_it_is_published(admin, team, four) -> None:
    put_in_force(pooled(team, (four[0], 1)), admin)
    model()
    policy = policy_of(PolicySection.ROUTING)
    save_policy_draft(policy=policy, document=rules(team, four), seen=policy.token, by=admin, now=timezone.now())
    regions = ["Kansai", "Kanto", "Tohoku", "Kansai"]
    leads = [LeadFactory(region=region, language="en" if place % 2 else "ja") for place, region in enumerate(regions)]
    predicted = {lead.pk: predicted_for(lead) for lead in leads}
    publish_policy(policy=policy, by=admin, note="", now=timezone.now())
    actual = {}
    for lead in leads:
        with_everything_as_it_was(lead, actual)
    assert actual == predicted


def predicted_for(lead: Lead) -> str:
    told = trial_of(lead, is_draft=True, now=timezone.now())
    assert told is not None
    return told.sentence


def with_everything_as_it_was(lead: Lead, actual: dict[int, str]) -> None:
    """What is in force says of the lead what its hand-off then does; the next one finds the desk as this one did."""
    told = trial_of(lead, is_draft=False, now=timezone.now())
    assert told is not None
    hot_now(lead)
    handoff = Handoff.objects.get(lead=lead)
    assert str(handoff.owner or handoff.team) in told.sentence
    actual[lead.pk] = told.sentence
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM handoff_poolturn")
    Handoff.objects.update(state=HandoffState.CLOSED, closed_at=timezone.now())


def told_by(*arguments: str) -> str:
    out = StringIO()
    call_command("routing", "--language", "en", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_line_rehearses_what_is_in_force_and_the_draft(admin, team, four) -> None:
    put_in_force(pooled(team, (four[0], 1)), admin)
    hot_now(*[LeadFactory(name=name) for name in ("Sato", "Mori")])
    document = json.loads(told_by("rehearse", "--days", "7", "--json"))
    assert [(one["before"], one["after"], one["repeated"]) for one in document["leads"]] == [("Ueda", "Ueda", True)] * 2
    assert (document["days"], document["version"], document["differing"], document["repeated"]) == (7, 2, 0, 2)
    assert datetime.fromisoformat(document["leads"][0]["at"]).utcoffset() is not None
    with pytest.raises(CommandError, match="no draft"):
        told_by("rehearse", "--draft")
    policy = policy_of(PolicySection.ROUTING)
    save_policy_draft(
        policy=policy, document=pooled(team, (four[1], 1)), seen=policy.token, by=admin, now=timezone.now()
    )
    lines = told_by("rehearse", "--draft").splitlines()
    assert lines[0] == "2 of 2 leads of the last 30 days would have gone to someone else."
    assert lines[1:3] == ["  Kondo  0 → 2", "  Ueda  2 → 0"]
    assert any("Sato" in line and "Ueda → Kondo" in line for line in lines[3:])
