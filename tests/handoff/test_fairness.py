"""Who gets how many: nobody away or beyond their limit, everybody their share, the oldest that waited first."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from handoff.actions import assign_handoff, offer_overflow, open_handoffs
from handoff.enums import OPEN_STATES, PolicySection
from handoff.models import Absence, Handoff, PoolTurn
from handoff.queries.policy import policy_of
from handoff.queries.routing_page import NEXT_TURNS, shown_routing
from handoff.tasks import sweep_deadlines
from handoff.turns import LEAD
from leadqual.celery import BEAT_SCHEDULE
from scoring.models import Episode
from tests.clients import as_
from tests.factories import CompanyFactory, LeadFactory, TeamFactory, UserFactory
from tests.handoff.routed import hot, pooled, put_in_force
from tests.handoff.test_race import at_once
from tests.handoff.world import FRIDAY, episode

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def three(team: Team) -> list[User]:
    return [UserFactory(name=name, team=team, capacity=5_000) for name in ("Ueda", "Kondo", "Hara")]


def turns() -> dict[int, int]:
    return dict(PoolTurn.objects.values_list("person", "credit"))


# --- shares ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("leads", [pytest.param(60), pytest.param(1_000, marks=pytest.mark.deep)])
def test_so_many_at_once_are_routed_as_one_by_one(admin, team, three, leads: int) -> None:
    put_in_force(pooled(team, (three[0], 3), (three[1], 2), (three[2], 1)), admin)
    for lead in (made := LeadFactory.create_batch(leads)):
        episode(lead)
    open_handoffs(now=FRIDAY)
    at_once = dict(Handoff.objects.values_list("lead", "owner"))
    after = turns()
    PoolTurn.objects.all().delete()
    singly = [hot(lead)[0].owner_id for lead in LeadFactory.create_batch(leads)]
    assert ([at_once[lead.pk] for lead in made], after) == (singly, turns())


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_out_what_one_would() -> None:
    team = TeamFactory(is_default=True)
    people = [UserFactory(team=team, capacity=500) for _person in range(3)]
    put_in_force(pooled(team, *zip(people, (3, 2, 1), strict=True)), people[0])
    for _round in range(2):
        for _lead in range(210):  # more than one batch
            episode()
        PoolTurn.objects.all().delete()
        at_once(lambda _worker: open_handoffs(now=FRIDAY), range(2 if _round else 1))
        open_handoffs(now=FRIDAY)
    owners = list(Handoff.objects.order_by("episode").values_list("owner", flat=True))
    assert len(owners) == 420
    assert owners[:210] == owners[210:]


@pytest.mark.parametrize("seed", range(2))
def test_each_has_their_share_whatever_comes(admin, team, seed: int) -> None:
    """Arrivals, absences, other weights and people who leave; the account is kept beside, in fractions."""
    chance = random.Random(seed)
    people = [UserFactory(team=team, capacity=500) for _person in range(5)]
    weights = {person.pk: chance.randint(1, 100) for person in people}
    put_in_force(pooled(team, *((person, weights[person.pk]) for person in people)), admin)
    for step in range(15):
        at = FRIDAY + step * MINUTE
        match chance.randrange(5):
            case 0:
                Absence.objects.create(person=chance.choice(people), starts_at=at, ends_at=at + 3 * MINUTE)
            case 1:
                weights[chance.choice(people).pk] = chance.randint(1, 100)
                User.objects.update(is_active=True)  # who left could not be published
                put_in_force(pooled(team, *((person, weights[person.pk]) for person in people)), admin)
            case 2:
                User.objects.filter(pk=chance.choice(people[1:]).pk).update(is_active=chance.random() < 0.5)
        absent = set(Absence.objects.at(at).values_list("person", flat=True))
        gone = set(User.objects.filter(is_active=False).values_list("pk", flat=True))
        able = {key: weight for key, weight in weights.items() if key not in absent | gone}
        if not able:
            continue
        [first] = hot(LeadFactory(), at=at)
        before = {key: turns().get(key, 0) for key in able}
        given = Counter(row.owner_id for row in hot(*LeadFactory.create_batch(chance.randint(1, 30)), at=at))
        assert {first.owner_id, *given} <= set(able)
        for key, weight in able.items():
            share = given.total() * weight / sum(able.values())
            owed = turns()[key] - before[key]
            # Nothing is forgiven between the first lead and the next change: what was not given is owed.
            assert owed / LEAD == pytest.approx(share - given[key], abs=1e-6)
        assert max(map(abs, turns().values())) <= LEAD


def test_in_a_pool_that_catches_up_who_was_away_gets_what_came_meanwhile(admin, team, three) -> None:
    """Also what the pool's page says beforehand; who does not fit the pool is owed nothing."""
    User.objects.filter(pk__in=[person.pk for person in three]).update(skills=["ERP"])
    other = UserFactory(name="Mori", team=team, capacity=50)
    members = [(person, 1) for person in (*three, other)]
    put_in_force(pooled(team, *members, skills=["ERP"], returns="catch_up"), admin)
    for person in (three[0], other):
        Absence.objects.create(person=person, starts_at=FRIDAY, ends_at=FRIDAY + HOUR)
    meanwhile = Counter(row.owner for row in hot(*LeadFactory.create_batch(12), at=FRIDAY + MINUTE))
    assert meanwhile == {three[1]: 6, three[2]: 6}
    [shown] = shown_routing(policy_of(PolicySection.ROUTING), FRIDAY + 2 * HOUR).pools
    came = [hot(LeadFactory(), at=FRIDAY + 2 * HOUR + step * MINUTE)[0].owner for step in range(NEXT_TURNS)]
    assert (came[:5], came) == ([three[0]] * 5, shown.next)
    assert Counter(came)[three[0]] == 7  # of 22 leads a third


def test_the_form_shows_the_next_twenty_leads_under_each_choice(admin, team, three) -> None:
    put_in_force(pooled(team, (three[0], 1), (three[1], 1)), admin)
    page = as_(admin).get(reverse("handoff:pool", args=[0]))
    assert [(effect.returns, effect.words) for effect in page.context["effects"]] == [
        ("keep", "Kondo 10, Ueda 10"), ("catch_up", "Kondo 20"),
    ]  # fmt: skip
    Absence.objects.create(person=three[0], starts_at=timezone.now() - HOUR, ends_at=timezone.now() + HOUR)
    typed = {f"weight_{three[0].pk}": "3", f"weight_{three[1].pk}": "1", f"weight_{three[2].pk}": "x"}
    part = as_(admin).post(reverse("handoff:pool_returns"), typed).content.decode()
    assert ("Ueda comes back" in part, "Ueda 15, Kondo 5" in part) == (True, True)
    alone = as_(admin).post(reverse("handoff:pool_returns"), {f"weight_{three[0].pk}": "3"}).content.decode()
    assert "weights of two members" in alone


def test_the_next_ten_turns_that_are_shown_happen(admin, team, three) -> None:
    """Also where one has a limit a day and one no skill that the pool asks for."""
    User.objects.filter(pk=three[0].pk).update(daily_capacity=3, skills=["ERP"])
    User.objects.filter(pk=three[1].pk).update(capacity=6, skills=["ERP"])
    fourth = UserFactory(name="Mori", team=team, capacity=50, skills=["ERP"])
    members = [(person, weight) for person, weight in zip((*three, fourth), (5, 3, 9, 1), strict=True)]
    put_in_force(pooled(team, *members, skills=["ERP"]), admin)
    hot(LeadFactory())
    [shown] = shown_routing(policy_of(PolicySection.ROUTING), FRIDAY + HOUR).pools
    assert len(shown.next) == NEXT_TURNS
    came = [hot(LeadFactory(), at=FRIDAY + HOUR)[0].owner for _lead in range(NEXT_TURNS)]
    assert came == shown.next


# --- limits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_nobody_gets_a_lead_while_absent_or_beyond_the_limit_whatever_comes(admin, team, seed: int) -> None:
    chance = random.Random(seed)
    people = [UserFactory(team=team, capacity=chance.randint(1, 4)) for _person in range(6)]
    put_in_force(pooled(team, *((person, chance.randint(1, 3)) for person in people)), admin)
    for step in range(25):
        at = FRIDAY + step * MINUTE
        if chance.random() < 0.3:
            away = chance.choice(people)
            Absence.objects.create(person=away, starts_at=at, ends_at=at + chance.randint(1, 9) * MINUTE)
        absent = set(Absence.objects.at(at).values_list("person", flat=True))
        for handoff in hot(*LeadFactory.create_batch(chance.randint(1, 2)), at=at):
            assert handoff.owner_id not in absent
    for person in people:
        assert Handoff.objects.filter(owner=person, state__in=OPEN_STATES).count() <= person.capacity


def wide_rules(teams: list[Team], people: list[User], chance: random.Random) -> dict[str, Any]:
    """Fifty rules by region and size, to ten pools, single people and teams."""
    pools = [
        {
            "name": team.name, "team": team.pk, "turns": "load" if place == 9 else "weighted",
            "members": [
                {"person": person.pk, "weight": chance.randint(1, 100)} for person in people if person.team == team
            ],
        }
        for place, team in enumerate(teams)
    ]  # fmt: skip
    rules = []
    for place in range(50):
        region = {"field": "region", "op": "=", "value": f"R{place % 17}"}
        size = {"field": "company.employees", "op": ">=", "value": (50 - place) * 10}
        to: dict[str, Any] = {"aim": "pool", "pool": chance.choice(pools)["name"]}
        if place % 10 == 0:
            to = {"aim": "person", "person": chance.choice(people).pk}
        elif place % 10 == 1:
            to = {"aim": "team", "team": chance.choice(teams).pk}
        rules.append({"name": f"Rule {place}", "when": {"all": [region, size]} if place % 3 else region, "to": to})
    return {"rules": rules, "pools": pools, "otherwise": teams[0].pk}


def analyze() -> None:
    """What PostgreSQL does by itself for what is committed."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.parametrize(
    ("leads", "persons"), [pytest.param(300, 40), pytest.param(10_000, 200, marks=pytest.mark.deep)]
)
def test_through_fifty_rules_nobody_gets_a_lead_while_absent_inactive_or_full(admin, leads: int, persons: int) -> None:
    chance = random.Random(leads)
    teams = [TeamFactory(name=f"Team {number}", is_default=number == 0) for number in range(10)]
    people = [
        UserFactory(
            team=teams[number % 10], capacity=chance.choice([0, 5, 20, leads]), daily_capacity=chance.choice([None, 9]),
            is_active=chance.random() < 0.9,
        )
        for number in range(persons)
    ]  # fmt: skip
    put_in_force(wide_rules(teams, [person for person in people if person.is_active], chance), admin)
    gone = chance.sample(people, persons // 20)
    User.objects.filter(pk__in=[person.pk for person in gone]).update(is_active=False)
    away = chance.sample(people, persons // 5)
    for person in away:
        Absence.objects.create(person=person, starts_at=FRIDAY - HOUR, ends_at=FRIDAY + HOUR)
    companies = [CompanyFactory(employees=size) for size in range(0, 600, 20)]
    for _lead in range(leads):
        episode(LeadFactory(region=f"R{chance.randrange(20)}", company=chance.choice(companies)))
    hot_ones = list(Episode.objects.values_list("lead", flat=True))
    for start in range(0, leads, 1_000):
        analyze()
        open_handoffs(now=FRIDAY, leads=hot_ones[start : start + 1_000])
    assert Handoff.objects.count() == leads
    owned = dict(Handoff.objects.exclude(owner=None).order_by().values_list("owner").annotate(number=Count("pk")))
    unable = {person.pk for person in (*gone, *away)} | {person.pk for person in people if not person.is_active}
    assert not owned.keys() & unable
    limits = {person.pk: min(person.capacity, person.daily_capacity or leads) for person in people}
    assert {key: number for key, number in owned.items() if number > limits[key]} == {}
    assert sum(owned.values()) > persons


# --- waiting ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def fifty(admin, team, three) -> list[Handoff]:
    """Fifty leads that wait for Ueda, who has no room."""
    put_in_force(pooled(team, (three[0], 1)), admin)
    User.objects.filter(pk=three[0].pk).update(capacity=0)
    for minute in range(50):
        episode(at=FRIDAY + minute * MINUTE)
    open_handoffs(now=FRIDAY + HOUR)
    return list(Handoff.objects.order_by("queued_at"))


def given_to(person: User) -> list[int]:
    return list(Handoff.objects.filter(owner=person).order_by("queued_at").values_list("pk", flat=True))


def test_when_capacity_returns_the_oldest_waiting_come_first_within_sixty_seconds(three, fifty) -> None:
    assert offer_overflow(now=FRIDAY + HOUR) == 0
    User.objects.filter(pk=three[0].pk).update(capacity=3)
    sweep_deadlines()
    assert BEAT_SCHEDULE["sweep-deadlines"]["schedule"] <= 60
    assert given_to(three[0]) == [handoff.pk for handoff in fifty[:3]]
    assert Handoff.objects.filter(routed_by="overflow", owner=None).count() == 47


def test_no_newer_lead_takes_the_room_that_the_oldest_has_waited_for(admin, three, fifty) -> None:
    User.objects.filter(pk=three[0].pk).update(capacity=1)
    offer_overflow(now=FRIDAY + HOUR)
    assert given_to(three[0]) == [fifty[0].pk]
    assign_handoff(handoff=Handoff.objects.get(owner=three[0]), to=three[1], by=admin, now=FRIDAY + HOUR)
    [newest] = hot(LeadFactory(), at=FRIDAY + 2 * HOUR)
    assert (newest.owner, newest.routed_by) == (None, "overflow")
    assert given_to(three[0]) == [fifty[1].pk]


def test_two_hundred_who_wait_for_somebody_else_keep_nobody_behind_them_waiting(admin, team, three) -> None:
    ueda, kondo = three[:2]
    english = {"field": "language", "op": "=", "value": "en"}
    document = pooled(team, (ueda, 1), when=english)
    document["rules"].append({"name": "Kondo", "to": {"aim": "person", "person": kondo.pk}})
    put_in_force(document, admin)
    User.objects.filter(pk__in=(ueda.pk, kondo.pk)).update(capacity=0)
    hot(*LeadFactory.create_batch(201, language="en"))
    [last] = hot(LeadFactory(language="ja"), at=FRIDAY + MINUTE)
    User.objects.filter(pk=kondo.pk).update(capacity=1)
    assert offer_overflow(now=FRIDAY + HOUR) == 1
    last.refresh_from_db()
    assert last.owner == kondo


def test_a_daily_limit_holds_for_leads_that_waited_since_another_day(three, fifty) -> None:
    User.objects.filter(pk=three[0].pk).update(capacity=50, daily_capacity=2)
    tomorrow = FRIDAY + timedelta(days=3)
    assert [offer_overflow(now=tomorrow + step * MINUTE) for step in range(3)] == [2, 0, 0]
    assert offer_overflow(now=tomorrow + timedelta(days=1)) == 2
