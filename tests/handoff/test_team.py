"""The team page: each figure equals a plain recount, and opens exactly its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from statistics import median

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from handoff.actions import accept_handoff, claim_handoff, log_contact, record_result, requeue_handoff
from handoff.actions.skips import skip_handoff
from handoff.actions.undo import undo_last_step
from handoff.calendars import clock_of
from handoff.enums import TeamFigure
from handoff.models import Absence, Contact, Deadline, Handoff, HandoffStep, Outcome
from handoff.queries.near_misses import near_misses
from handoff.queries.team import TeamLine, people_of, team_lines
from handoff.wording import step_details
from tests.clients import as_
from tests.handoff.pages import PART, post
from tests.handoff.world import FRIDAY, THURSDAY, claimed_by, contacted_by, handoff_of, jst

pytestmark = pytest.mark.django_db
NOW = jst(7, 24, 15)


def tried(handoff: Handoff, by: User, at: datetime) -> None:
    log_contact(handoff=handoff, by=by, at=at, channel="phone", reached=False, now=at)


@pytest.fixture
def busy(rep: User, other_rep: User, outsider: User) -> Iterator[None]:
    """A week of two reps, and somebody of another team; then it is NOW."""
    handoff_of(name="waits")
    for number in range(6):
        spoken = contacted_by(rep, at=jst(7, 21, 10 + number), name=f"spoken {number}")
        if number < 4:
            accept_handoff(handoff=spoken, by=rep, now=jst(7, 21, 17))
        if number < 2:
            record_result(handoff=spoken, by=rep, result="won", revenue=100, now=jst(7, 22, 10))
    taken_back = contacted_by(rep, name="accepted by mistake")
    accept_handoff(handoff=taken_back, by=rep, now=jst(7, 22, 11))
    undo_last_step(handoff=taken_back, by=rep, now=jst(7, 22, 11))
    in_vain = claimed_by(other_rep, name="in vain")
    tried(in_vain, other_rep, jst(7, 22, 12))
    tried(in_vain, other_rep, jst(7, 23, 12))
    log_contact(handoff=in_vain, by=other_rep, at=jst(7, 24, 12), channel="email", now=jst(7, 24, 12))
    claimed_by(other_rep, name="missed")
    skipped = handoff_of(name="skipped", score=9000)
    skip_handoff(handoff=skipped, by=other_rep, reason="later", now=jst(7, 22, 9))
    claimed_by(rep, name="of today", at=jst(7, 24, 10))
    elsewhere = handoff_of(name="elsewhere")
    requeue_handoff(handoff=elsewhere, team=outsider.team, by=outsider, now=FRIDAY)
    claim_handoff(handoff=elsewhere, by=outsider, now=FRIDAY)
    with time_machine.travel(NOW, tick=False):
        yield


def recount(people: list[User], days: int, now: datetime) -> dict[str, int]:
    """The figures of these people by looking at every row there is, in Python."""
    since, keys = now - timedelta(days=days), {person.pk for person in people}

    def within(at: datetime | None) -> bool:
        return at is not None and since <= at <= now

    contacts = [row for row in Contact.objects.all() if row.by_id in keys and within(row.at)]
    promises = [row for row in Deadline.objects.select_related("handoff") if row.handoff.owner_id in keys]
    in_time = [row for row in promises if row.met_at and row.met_at <= row.due_at and within(row.met_at)]
    late = [
        row for row in promises
        if (row.met_at is None or row.met_at > row.due_at) and within(row.due_at) and row.due_at < now
        and row.cancelled_at is None
    ]  # fmt: skip
    mine = [row for row in Handoff.objects.all() if row.owner_id in keys]
    steps = list(HandoffStep.objects.order_by("pk"))

    def standing(kind: str) -> list[HandoffStep]:
        return [
            step for step in steps
            if step.kind == kind and step.by_id in keys and within(step.at) and not any(
                later.kind == "undone" and later.pk > step.pk and later.handoff_id == step.handoff_id
                and later.params["step"] == kind for later in steps
            )
        ]  # fmt: skip

    return {
        "open": len([row for row in mine if row.closed_at is None]),
        "today": len([row for row in mine if row.queued_at.astimezone(now.tzinfo).date() == now.date()]),
        "calls": len([row for row in contacts if row.channel == "phone"]),
        "tried": len([row for row in contacts if not row.reached]),
        "spoken": len([row for row in contacts if row.reached]),
        "kept": len(in_time),
        "ended": len(in_time) + len(late),
        "answered": len([row for row in mine if within(row.contacted_at)]),
        "accepted": len(standing("accepted")),
        "won": len([row for row in Outcome.objects.all() if row.handoff in mine and within(row.decided_at)]),
        "skipped": len(standing("skipped")),
    }


def lines(user: User, days: int = 30) -> list[TeamLine]:
    return team_lines(user, people_of(user), days=days, now=NOW)


@pytest.mark.parametrize("days", [7, 30, 90])
def test_the_figures_equal_a_recount(busy, manager, days):
    found = lines(manager, days)
    people = people_of(manager)
    assert [line.person for line in found] == [*people, None]
    for line in found:
        assert dict(line.counts) == recount([line.person] if line.person else people, days, NOW), line.person
    total = found[-1].counts
    assert (total["won"], total["accepted"], total["tried"], total["skipped"], total["today"]) == (2, 4, 2, 1, 1)


def test_response_times_are_business_time(busy, manager, rep):
    line = next(line for line in lines(manager) if line.person == rep)
    clock = clock_of(None)
    rows = Handoff.objects.filter(owner=rep, contacted_at__isnull=False)
    times = sorted(clock.business_time(row.queued_at, row.contacted_at) for row in rows)
    assert line.speed.median == median(times)
    assert (line.speed.p90, len(times)) == (times[-1], 7)
    assert times[0] == timedelta(hours=2)  # Friday 17:00 to Tuesday 10:00, with a holiday between


def test_skips_say_what_score_was_skipped_over(busy, manager, other_rep):
    line = next(line for line in lines(manager) if line.person == other_rep)
    assert (line.counts["skipped"], line.score) == (1, Handoff.objects.get(lead__name="skipped").current_total)


def test_every_number_opens_a_list_with_that_many_rows(busy, manager):
    client = as_(manager)
    html = client.get(reverse("handoff:team"), {"days": 7}).content.decode()
    links = re.findall(r'<a class="lq-counted" href="([^"]+)" data-live="([\w-]+)">([\d,]+)</a>', html)
    assert len(links) > 12
    for address, name, number in links:
        rows = client.get(unescape(address)).content.decode().count("<tr data-item>")
        assert rows == int(number), name


def test_a_rep_sees_the_own_line_only_and_no_list_of_others(busy, rep, other_rep):
    client = as_(rep)
    rows = client.get(reverse("handoff:team")).context["rows"]
    assert [row.person for row in rows] == [rep, None]
    address = reverse("handoff:team_figure")
    assert client.get(address, {"figure": "open", "person": other_rep.pk}).status_code == 404
    names = [item.person for item in client.get(address, {"figure": "calls"}).context["items"]]
    assert set(names) == {rep}


def test_an_admin_looks_at_one_team_or_all(busy, admin, rep, outsider, other_team):
    client = as_(admin)
    everybody = [row.person for row in client.get(reverse("handoff:team")).context["rows"]]
    assert rep in everybody
    assert outsider in everybody
    of_team = client.get(reverse("handoff:team"), {"team": other_team.pk}).context["rows"]
    assert [row.person for row in of_team] == [outsider, None]


def test_nonsense_in_the_address_is_left_out(busy, manager):
    answer = as_(manager).get(reverse("handoff:team_figure"), {"figure": "x", "days": "1e9", "person": "-1"})
    assert answer.context["figure"] == TeamFigure.OPEN


def test_what_is_about_to_be_missed_is_counted_in_business_hours(manager, rep):
    soon = claimed_by(rep, name="due Thursday evening")  # 18:00
    assert near_misses(manager, jst(7, 23, 13, 30)) == []
    assert near_misses(manager, jst(7, 23, 14)) == [soon.pk]
    later = claimed_by(rep, name="due Friday", at=jst(7, 21, 9, 30))
    assert near_misses(manager, THURSDAY - timedelta(hours=1)) == [soon.pk]
    assert near_misses(manager, THURSDAY + timedelta(minutes=1)) == []  # that is missed by now
    assert near_misses(manager, jst(7, 24, 14)) == [later.pk]


def test_what_waits_for_the_customer_is_neither_about_to_be_missed_nor_missed(manager, rep):
    claimed_by(rep)
    Deadline.objects.update(is_paused=True)
    assert near_misses(manager, THURSDAY - timedelta(hours=1)) == []
    assert lines(manager)[-1].counts["ended"] == 0


def test_somebody_away_is_marked(busy, manager, rep):
    Absence.objects.create(person=rep, starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(days=1))
    assert next(line for line in lines(manager) if line.person == rep).away_until == NOW + timedelta(days=1)


def full(rep: User) -> None:
    rep.capacity = 1
    rep.save()
    claimed_by(rep, name="the one")


def test_assigning_over_the_limit_asks_once_and_is_recorded(manager, rep):
    full(rep)
    handoff, client = handoff_of(name="one more"), as_(manager)
    asked = post(client, "assign", handoff, to=rep.pk)
    assert asked.status_code == 422
    assert "has 1 of 1 open leads" in asked.content.decode()
    assert Handoff.objects.get(pk=handoff.pk).owner is None
    assert f'name="over_limit" value="{rep.pk}"' in asked.content.decode()
    assert post(client, "assign", handoff, to=rep.pk, over_limit=rep.pk).status_code == 200
    step = HandoffStep.objects.get(handoff=handoff, kind="assigned")
    assert step.params["over_limit"] == {"open": 2, "limit": 1}
    assert "over the limit: 2 of 1" in step_details(step)


def test_it_is_asked_anew_for_somebody_else(manager, rep, other_rep):
    full(rep)
    full(other_rep)
    asked = post(as_(manager), "assign", handoff_of(), to=rep.pk, over_limit=other_rep.pk)
    assert asked.status_code == 422


def test_many_at_once_are_asked_about_together_and_undone_together(manager, rep):
    rep.capacity = 1
    rep.save()
    pks = [handoff_of().pk, handoff_of().pk]
    client, values = as_(manager), {"act": "assign", "to": rep.pk, "pk": pks}
    assert client.post(reverse("handoff:bulk"), values, **PART).status_code == 422
    assert not Handoff.objects.filter(owner=rep).exists()
    done = client.post(reverse("handoff:bulk"), values | {"over_limit": rep.pk}, **PART)
    assert done.context["undo"] == pks
    assert Handoff.objects.filter(owner=rep).count() == 2
    client.post(reverse("handoff:bulk_undo"), {"pk": pks}, **PART)
    assert not Handoff.objects.filter(owner=rep).exists()


def test_within_the_limit_nothing_is_asked(manager, rep):
    handoff = handoff_of(at=FRIDAY)
    assert post(as_(manager), "assign", handoff, to=rep.pk).status_code == 200
    assert "over_limit" not in HandoffStep.objects.get(kind="assigned").params
    claim_handoff(handoff=handoff, by=rep, now=FRIDAY)
