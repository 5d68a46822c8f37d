"""What was kept back is repaired and taken in, and every score is as if it had been right at first."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from background.enums import JobState
from background.jobs import run_step, run_steps
from background.models import JobRun
from intake.actions.doors import take_in_activities
from intake.actions.repairing import Plan, apply_plan, decide, effect_of, tried
from intake.actions.replay import REPLAY, start_replay, stop_replay
from intake.enums import DoorKind, GroupDecision, KeptState
from intake.incoming import DoorName
from intake.models import BatchReceipt, KeptEvent, KeptGroup, TypeSetting
from intake.queries.monitor import GroupState, door_numbers, groups, total
from intake.repairs import Act, Repair
from leads.models import Activity, ActivityType, Exclusion, Lead
from notices.models import OutboxMessage
from scoring.actions import score_all_dirty
from scoring.models import LeadScore
from tests.factories import LeadFactory
from tests.intake.faulty_events import PLANS, both_worlds
from tests.intake.test_api_activities import told
from tests.intake.test_kept_back import SITE, equation
from tests.published import document

pytestmark = pytest.mark.django_db

RIGHT = DoorName(kind=DoorKind.SITE, source="site:2", name="right.example.com")
DAY = timedelta(days=1)


def send_all(rows: list[dict[str, Any]], door: DoorName, now: datetime) -> None:
    for start in range(0, len(rows), 1000):
        take_in_activities(rows[start : start + 1000], door=door, now=now)


def replayed(group: KeptGroup, by: User, now: datetime) -> JobRun:
    job = start_replay(group=group, by=by, now=now)
    run_steps(REPLAY, clock=lambda: now)
    job.refresh_from_db()
    return job


def scores_of(world: str) -> dict[str, tuple[int, str, bool]]:
    """Total, band and whether hot of each lead of a world, by its number."""
    rows = LeadScore.objects.filter(lead__external_id__startswith=world)
    return {
        lead.removeprefix(f"{world}-"): rest
        for lead, *rest in rows.values_list("lead__external_id", "total", "band", "is_hot")
    }  # type: ignore[misc]


def test_10_000_events_with_7_planted_faults_are_7_groups_and_once_repaired_every_score_is_right(
    publish: Any, marketer: User, now: datetime
) -> None:
    ActivityType.objects.filter(code="form_submit").update(property_types={"seats": "number"})
    rules = [
        {"name": code, "each": {"activity": code}, "points": points}
        for code, points in (("form_submit", 4), ("page_view", 2), ("email_open", 1))
    ]
    hot = [{"name": "Hot lead", "when": {"score": "total", "op": ">=", "value": 20}, "exit": {"total": 10}}]
    publish(document(*rules, hot=hot))
    worlds = list(both_worlds(now, 10_000))
    send_all([sent for sent, _right in worlds], SITE, now)
    found = groups(now=now + DAY, since=now)
    assert {(facts.group.kind, facts.group.field): facts.number for facts in found} == {
        fault: 15 if place < 2 else 14 for place, fault in enumerate(PLANS)
    }
    assert {facts.state for facts in found} == {GroupState.FRESH}
    assert equation() == (10_000, 9_914, 0, 0, 86)
    for facts in found:
        plan = PLANS[facts.group.kind, facts.group.field]
        assert all(not one.problems for one in tried(group=facts.group, plan=plan, by=marketer, now=now))
        apply_plan(group=facts.group, plan=plan, by=marketer, now=now + DAY)
        for _time in range(3):
            assert replayed(facts.group, marketer, now + DAY).state == JobState.DONE
    assert equation() == (10_000, 10_000, 0, 0, 0)
    assert groups(now=now + DAY, since=now) == []
    send_all([right for _sent, right in worlds], RIGHT, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE leads_activity")
    score_all_dirty(now=now + DAY)
    assert scores_of("faulty") == scores_of("right")
    assert len(Counter(total for total, _band, _hot in scores_of("right").values())) > 5
    counted = Activity.objects.filter(is_excluded=False).values_list("source", flat=True)
    assert Counter(counted) == {"site:1": 10_000, "site:2": 10_000}
    assert not OutboxMessage.objects.filter(created_at__lt=now + DAY).exists()
    send_all([sent for sent, _right in worlds], SITE, now + 2 * DAY)
    assert equation() == (30_000, 20_000, 10_000, 0, 0)


def only_group() -> KeptGroup:
    return KeptGroup.objects.select_related("door").get()


def test_a_bad_property_costs_the_property_alone_and_comes_in_when_it_is_repaired(
    send: Any, marketer: User, now: datetime
) -> None:
    ActivityType.objects.filter(code="page_view").update(property_types={"plan": "number"})
    answer = send("post", "/api/v1/activities", {"activities": [told(properties={"plan": "gold", "device": "phone"})]})
    body = answer.json()
    assert (body["accepted"], body["kept_back"], body["rejected"]) == (1, 0, [])
    assert body["incomplete"][0]["problems"] == [
        {"where": "activities[0].properties.plan", "code": "property_number", "text": "Expected a number."}
    ]
    assert Activity.objects.get().properties == {"device": "phone"}
    assert equation() == (1, 1, 0, 0, 0)
    group = only_group()
    assert group.field == "page_view.plan"
    apply_plan(group=group, plan=Plan(repair=Repair(act=Act.CHANGED), as_text=True), by=marketer, now=now)
    for _time in range(2):
        replayed(group, marketer, now)
    counted = Activity.objects.get(is_excluded=False)
    assert counted.properties == {"plan": "gold", "device": "phone"}
    assert Exclusion.objects.get().activity_id != counted.pk
    assert (KeptEvent.objects.get().state, equation()) == (KeptState.TAKEN, (1, 1, 0, 0, 0))


def test_a_type_can_say_that_a_bad_property_keeps_the_whole_event_back(now: datetime) -> None:
    kind = ActivityType.objects.get(code="page_view")
    ActivityType.objects.filter(pk=kind.pk).update(property_types={"plan": "number"})
    TypeSetting.objects.create(type=kind, takes_parts=False)
    take_in_activities([told(properties={"plan": "gold"})], door=SITE, now=now)
    assert (Activity.objects.count(), equation()) == (0, (1, 0, 0, 0, 1))


def test_the_effect_of_a_replay_is_told_before_and_nothing_is_stored(
    publish: Any, marketer: User, now: datetime
) -> None:
    rule = {"name": "Form", "each": {"activity": "form_submit"}, "points": 80}
    publish(document(rule))
    LeadFactory(email="taro@example.co.jp")
    rows = [told(f"k{place}", type="demo_booked", occurred_at=f"2026-11-{place + 10}T10:00:00Z") for place in range(9)]
    take_in_activities(rows, door=SITE, now=now)
    plan = Plan(repair=Repair(act=Act.MAP, to="form_submit"))
    effect = effect_of(group=only_group(), plan=plan, by=marketer, now=now)
    assert (effect.events, effect.taken, effect.left, effect.leads) == (9, 9, 0, 1)
    assert (effect.first, effect.last) == (
        datetime(2026, 11, 10, 10, tzinfo=UTC), datetime(2026, 11, 18, 10, tzinfo=UTC),
    )  # fmt: skip
    lead = Lead.objects.get()
    assert (effect.scores.changed, list(effect.scores.hot)) == (1, [lead.pk])
    assert (Activity.objects.count(), only_group().repair, equation()) == (0, None, (9, 0, 0, 0, 9))


def test_a_repair_mends_what_comes_later_and_a_new_fault_of_its_kind_brings_the_group_back(
    marketer: User, now: datetime
) -> None:
    take_in_activities([told("k1", type="demo_booked")], door=SITE, now=now)
    group = only_group()
    apply_plan(group=group, plan=Plan(repair=Repair(act=Act.MAP, to="form_submit")), by=marketer, now=now)
    take_in_activities([told("k2", type="demo_booked")], door=SITE, now=now + DAY)
    assert Activity.objects.get().type.code == "form_submit"
    assert [facts.state for facts in groups(now=now, since=now)] == [GroupState.FIXED]
    ActivityType.objects.filter(code="form_submit").update(is_active=False)
    take_in_activities([told("k3", type="demo_booked")], door=SITE, now=now + DAY)
    found = {facts.group.field: facts.state for facts in groups(now=now + DAY, since=now + DAY)}
    assert found == {"demo_booked": GroupState.FIXED, "form_submit": GroupState.FRESH}


def test_an_ignored_group_comes_back_when_more_come_on_a_day_than_was_said(marketer: User, now: datetime) -> None:
    take_in_activities([told("k1", type="demo_booked")], door=SITE, now=now)
    decide(group=only_group(), decision=GroupDecision.IGNORED, by=marketer, now=now, above=2)
    states = []
    for place in range(2, 4):
        take_in_activities([told(f"k{place}", type="demo_booked")], door=SITE, now=now)
        states.append(groups(now=now, since=now)[0].state)
    assert states == [GroupState.IGNORED, GroupState.WORSE]


def test_a_replay_that_is_stopped_keeps_what_came_in_and_goes_on_later(
    marketer: User, now: datetime, monkeypatch: Any
) -> None:
    monkeypatch.setattr("intake.actions.replay.BATCH", 2)
    rows = [told(f"k{place}", type="demo_booked", lead={"external_id": f"x{place}"}) for place in range(5)]
    take_in_activities(rows, door=SITE, now=now)
    group = only_group()
    apply_plan(group=group, plan=Plan(repair=Repair(act=Act.MAP, to="form_submit")), by=marketer, now=now)
    job = start_replay(group=group, by=marketer, now=now)
    run_step(REPLAY, clock=lambda: now)
    assert stop_replay(group=group, now=now) == 1
    run_steps(REPLAY, clock=lambda: now)
    job.refresh_from_db()
    assert (job.state, job.done, job.total, Activity.objects.count()) == (JobState.STOPPED, 2, 5, 2)
    assert equation() == (5, 2, 0, 0, 3)
    assert replayed(group, marketer, now).state == JobState.DONE
    assert (Activity.objects.count(), equation()) == (5, (5, 5, 0, 0, 0))
    assert BatchReceipt.objects.get().repaired == 5


def test_any_period_adds_up_and_a_door_that_falls_silent_is_seen(now: datetime) -> None:
    for week in range(4, 0, -1):
        at = now - week * 7 * DAY
        rows = [told(f"w{week}-{place}") for place in range(12)]
        take_in_activities(rows[:6], door=SITE, now=at - DAY)
        take_in_activities(rows, door=SITE, now=at)
    take_in_activities([told("last"), told("bad", type="?")], door=SITE, now=now - timedelta(hours=1))
    begin, end = now - 8 * DAY, now - 2 * DAY
    week = total(door_numbers(begin=begin, end=end, now=now))
    assert (week.received, week.taken, week.twice, week.filtered, week.kept_back) == (18, 12, 6, 0, 0)
    (door,) = door_numbers(begin=now - DAY, end=now, now=now)
    assert (door.received, door.taken_share, door.expected, door.is_silent) == (2, 0.5, 12, True)
    take_in_activities([told("here")], door=SITE, now=now)
    (door,) = door_numbers(begin=now - DAY, end=now, now=now)
    assert not door.is_silent
