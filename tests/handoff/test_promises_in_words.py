"""Promises as people would tell them: examples that came out wrong elsewhere, from the trigger to the notice."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from accounts.models import User
from handoff.actions import claim_handoff, log_contact, sweep_deadlines
from handoff.actions.settings import save_closings
from handoff.calendars import clock_of
from handoff.models import Calendar, Deadline, HandoffStep, TeamCalendar
from handoff.promises import left_in_words, time_used
from notices.models import OutboxMessage
from tests.clients import as_
from tests.factories import TeamFactory, UserFactory
from tests.handoff.test_race import at_once
from tests.handoff.world import FRIDAY, THURSDAY, claimed_by, handoff_of, jst, promise, sla_in_force

pytestmark = pytest.mark.django_db

BREAK_AT_NOON = [["09:00", "12:00"], ["13:00", "18:00"]]
HOUR = timedelta(hours=1)


def due(handoff, kind="first_contact") -> datetime:
    return Deadline.objects.get(handoff=handoff, promise=kind).due_at


def office(*, week, **rest) -> Calendar:
    """The default calendar with these hours."""
    calendar = Calendar.objects.get(is_default=True)
    for name, value in {"week": week, **rest}.items():
        setattr(calendar, name, value)
    calendar.save()
    return calendar


# --- the examples ----------------------------------------------------------------------------------------------------


def test_trigger_on_a_friday_17_00_where_monday_is_a_public_holiday_is_due_at_close_of_business_on_thursday(rep):
    assert due(handoff_of(at=jst(7, 17, 17))) == jst(7, 23, 18)


def test_created_saturday_15_00_with_a_4_business_hour_sla_from_9_to_18_is_due_monday_13_00(rep):
    sla_in_force({"name": "", "first_contact": promise(4, "business_hours")})
    assert due(handoff_of(at=jst(7, 11, 15))) == jst(7, 13, 13)


def test_contact_logged_on_tuesday_11_00_for_monday_16_00_the_48_hours_run_from_monday_16_00(rep):
    handoff = claimed_by(rep, at=jst(7, 10, 17))
    log_contact(handoff=handoff, by=rep, at=jst(7, 13, 16), channel="phone", now=jst(7, 14, 11))
    assert due(handoff, "result") == jst(7, 15, 16)


# --- hours -----------------------------------------------------------------------------------------------------------


def test_a_contact_during_the_lunch_break_counts_and_the_break_does_not(rep):
    office(week=[BREAK_AT_NOON] * 5 + [[], []])
    sla_in_force({
        "name": "", "first_contact": promise(4, "business_hours"), "result": promise(2, "business_hours"),
    })  # fmt: skip
    handoff = claimed_by(rep, at=jst(7, 14, 9))
    assert due(handoff) == jst(7, 14, 14)
    at_lunch = jst(7, 14, 12, 30)
    log_contact(handoff=handoff, by=rep, at=at_lunch, channel="phone", now=at_lunch)
    deadline = Deadline.objects.get(handoff=handoff, promise="first_contact")
    assert (deadline.met_at, due(handoff, "result")) == (at_lunch, jst(7, 14, 15))
    assert (
        time_used(clock=clock_of(deadline.calendar), mode=deadline.mode, start=deadline.started_at, at=at_lunch)
        == 3 * HOUR
    )


def test_a_week_that_is_only_tuesday(rep):
    office(week=[[], [["10:00", "12:00"]], [], [], [], [], []])
    sla_in_force({"name": "", "first_contact": promise(3, "business_hours")})
    assert due(handoff_of(at=jst(7, 15, 9))) == jst(7, 28, 11)
    sla_in_force({"name": "", "first_contact": promise(3, "business_days")})
    assert due(handoff_of(at=jst(7, 14, 11))) == jst(8, 4, 12)


def test_viewer_team_and_server_stand_in_three_zones_two_of_them_with_half_an_hour(settings, rep):
    """St. John's is 2:30 behind UTC in summer, Kolkata 5:30 ahead, the server is in Tokyo."""
    assert settings.TIME_ZONE == "Asia/Tokyo"
    team = TeamFactory(name="St. John’s")
    calendar = Calendar.objects.create(
        name="St. John’s",
        timezone="America/St_Johns",
        holidays_country="CA",
        week=[[["09:00", "17:30"]]] * 5 + [[], []],
    )
    TeamCalendar.objects.create(team=team, calendar=calendar)
    sla_in_force({"name": "", "first_contact": promise(1, "business_days")})
    handoff = handoff_of(team=team, at=datetime(2026, 7, 14, 23, tzinfo=ZoneInfo("America/St_Johns")))
    assert due(handoff) == datetime(2026, 7, 15, 17, 30, tzinfo=ZoneInfo("America/St_Johns"))
    viewer = UserFactory(team=team, timezone="Asia/Kolkata")
    page = as_(viewer).get(reverse("handoff:lead_panel", args=[handoff.lead_id])).content.decode()
    assert "01:30" in page  # of Thursday the 16th
    assert "17:30" not in page
    assert "05:00" not in page


# --- calendars and sweeps --------------------------------------------------------------------------------------------


def test_a_holiday_added_for_tomorrow_moves_what_is_due_and_tells_the_owner(rep, admin):
    handoff = claimed_by(rep)
    today = jst(7, 21, 15)
    save_closings(
        calendar=Calendar.objects.get(is_default=True), days=[jst(7, 22).date()], name="Typhoon", intervals=[],
        by=admin, now=today,
    )  # fmt: skip
    handoff.refresh_from_db()
    assert (due(handoff), handoff.due_at) == (jst(7, 24, 18), jst(7, 24, 18))
    assert OutboxMessage.objects.filter(kind="handoff.deadlines_moved", user=rep).exists()
    sweep_deadlines(now=THURSDAY + HOUR)
    assert not HandoffStep.objects.filter(kind="breached").exists()
    sweep_deadlines(now=jst(7, 24, 18))
    assert HandoffStep.objects.get(kind="breached").at == jst(7, 24, 18)


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_one_instant_write_each_breach_once_and_tell_of_it_once():
    team = TeamFactory(is_default=True)
    people: list[User] = [UserFactory(team=team, capacity=500) for _person in range(3)]
    handoffs = [handoff_of() for _lead in range(60)]
    for handoff in handoffs:
        claim_handoff(handoff=handoff, by=people[handoff.pk % 3], now=FRIDAY)
    at_once(lambda _sweeper: sweep_deadlines(now=THURSDAY + HOUR), range(4))
    sweep_deadlines(now=THURSDAY + HOUR)
    assert HandoffStep.objects.filter(kind="breached").count() == len(handoffs)
    told = OutboxMessage.objects.filter(kind="handoff.breached.first_contact", channel="in_app")
    assert told.filter(user__in=people).count() == len(handoffs)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (jst(7, 23, 17, 59), "1 business minute left"),
        (THURSDAY + timedelta(seconds=10), "just now overdue"),
        (jst(7, 23, 20), "2 h overdue"),
        (jst(7, 24, 9), "15 h overdue"),
        (jst(7, 24, 9, 5), "5 business minutes overdue"),
    ],
)
def test_what_is_overdue_outside_of_working_hours_is_told_in_time_of_the_clock(now, words):
    assert left_in_words(clock_of(None), now, THURSDAY) == words
