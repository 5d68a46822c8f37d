"""A calendar's year, what a change would move, and giving a calendar up."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from handoff.actions.calendar_changes import delete_calendar, effect_of, take_over_closings
from handoff.actions.settings import save_closings
from handoff.calendars import calendar_of_team
from handoff.errors import RefusedError
from handoff.models import Calendar, Closing, Deadline, HandoffStep
from handoff.queries.year import year_of, year_without_closings
from notices.models import OutboxMessage
from tests.clients import as_
from tests.handoff.pages import names
from tests.handoff.world import FRIDAY, THURSDAY, claimed_by, contacted_by, handoff_of, jst

pytestmark = pytest.mark.django_db
MONDAY = jst(7, 20, 12)
NEW_YEAR = {"day": "2026-07-22", "name": "Inventory"}


@pytest.fixture
def calendar(team: Team) -> Calendar:
    return Calendar.objects.get(is_default=True)


def close(calendar: Calendar, by: User) -> int:
    return save_closings(calendar=calendar, days=[date(2026, 7, 22)], name="x", intervals=[], by=by, now=MONDAY)


def test_a_year_says_of_every_day_what_it_is(calendar):
    Closing.objects.create(calendar=calendar, day=date(2026, 12, 29), name="New Year")
    Closing.objects.create(calendar=calendar, day=date(2026, 12, 28), name="Party", intervals=[["09:00", "12:00"]])
    Closing.objects.create(calendar=calendar, day=date(2026, 10, 3), name="Fair", intervals=[["10:00", "15:00"]])
    shown = year_of(calendar, 2026)
    days = {day.day: day for month in shown.months for week in month.weeks for day in week if day}
    assert len(days) == 365
    kinds = {day: days[day].kind for day in (
        date(2026, 7, 20), date(2026, 7, 21), date(2026, 7, 25), date(2026, 12, 29), date(2026, 12, 28),
        date(2026, 10, 3),
    )}  # fmt: skip
    assert list(kinds.values()) == ["holiday", "open", "off", "closed", "half", "extra"]
    assert days[date(2026, 12, 28)].name == "Party"
    assert [day.name for day in shown.special][-2:] == ["Party", "New Year"]
    assert all(len(week) == 7 for month in shown.months for week in month.weeks)


@pytest.mark.parametrize(("years", "today", "missing"), [
    ([2026], date(2026, 11, 30), None),
    ([2026], date(2026, 12, 1), 2027),
    ([2026, 2027], date(2026, 12, 1), None),
    ([2026], date(2027, 1, 4), 2027),
    ([], date(2026, 7, 1), None),
    ([], date(2026, 12, 31), 2027),
])  # fmt: skip
def test_the_next_year_is_missed_in_december_and_a_forgotten_one_after_it(calendar, years, today, missing):
    for year in years:
        Closing.objects.create(calendar=calendar, day=date(year, 8, 13), name="Obon")
    assert year_without_closings(calendar, today) == missing


def test_the_next_year_takes_over_the_same_dates_in_one_press(calendar, admin):
    Closing.objects.create(calendar=calendar, day=date(2028, 2, 29), name="Leap day")
    Closing.objects.create(calendar=calendar, day=date(2028, 8, 13), name="Obon")
    Closing.objects.create(calendar=calendar, day=date(2028, 12, 28), name="Party", intervals=[["09:00", "12:00"]])
    Closing.objects.create(calendar=calendar, day=date(2029, 8, 13), name="Moving")
    assert take_over_closings(calendar=calendar, year=2029, by=admin, now=MONDAY) == 1
    found = calendar.closings.filter(day__year=2029).values_list("day", "name", "intervals")
    assert list(found) == [
        (date(2029, 8, 13), "Moving", []), (date(2029, 12, 28), "Party", [["09:00", "12:00"]]),
    ]  # fmt: skip


def test_a_change_is_only_looked_at_before_it_is_made(calendar, rep, admin):
    handoff = claimed_by(rep)
    effect = effect_of(lambda: close(calendar, admin))
    assert [(each.handoff, each.before, each.after) for each in effect.moved] == [
        (handoff, THURSDAY, jst(7, 24, 18)),
    ]  # fmt: skip
    handoff.refresh_from_db()
    assert (handoff.due_at, calendar.closings.count()) == (THURSDAY, 0)
    assert not HandoffStep.objects.filter(kind="deadline_moved").exists()
    assert not OutboxMessage.objects.filter(kind="handoff.deadlines_moved").exists()


def test_a_closing_names_the_deadlines_it_moves_before_it_is_saved(calendar, rep, admin):
    claimed_by(rep, name="Aki Alone")
    client, address = as_(admin), reverse("handoff:closing_add", args=[calendar.pk])
    with time_machine.travel(MONDAY, tick=False):
        page = client.post(address, NEW_YEAR)
        html = page.content.decode()
        assert (page.status_code, html.count("<tr data-item>")) == (200, 1)
        assert "This moves 1 deadline" in html
        assert "Aki Alone" in html
        assert calendar.closings.count() == 0
        typed = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', html)}
        assert client.post(address, typed).status_code == 303
    assert calendar.closings.get().name == "Inventory"
    assert Deadline.objects.get().due_at == jst(7, 24, 18)


def seen_and_sent(client, address, typed, name) -> str:
    """Press, look at the page that names whose deadline moves, press again; returns the message that is shown then."""
    with time_machine.travel(MONDAY, tick=False):
        page = client.post(address, typed)
        html = page.content.decode()
        assert (page.status_code, "This moves 1 deadline" in html, name in html) == (200, True, True)
        again = {field: unescape(value) for field, value in re.findall(r'name="(\w+)" value="([^"]*)"', html)}
        answer = client.post(address, again)
        assert answer.status_code == 303
        return str(client.get(answer["Location"]).content.decode())


def test_other_weekly_hours_name_the_deadlines_they_move_before_they_are_saved(calendar, rep, admin):
    claimed_by(rep, name="Aki Alone")
    client, address = as_(admin), reverse("handoff:calendar_edit", args=[calendar.pk])
    hours = {f"day_{number}": "9:00-17:00" for number in range(5)}
    typed = {"name": calendar.name, "timezone": "Asia/Tokyo", "holidays_country": "JP", **hours}
    before = list(calendar.week)
    with time_machine.travel(MONDAY, tick=False):
        client.post(address, typed)
        calendar.refresh_from_db()
        assert (calendar.week, Deadline.objects.get().due_at) == (before, THURSDAY)
    assert "Saved. 1 open deadline moved." in seen_and_sent(client, address, typed, "Aki Alone")
    calendar.refresh_from_db()
    assert (calendar.week[0], Deadline.objects.get().due_at) == ([["09:00", "17:00"]], jst(7, 23, 17))


def test_a_removed_closing_names_the_deadlines_it_moves_before_it_is_removed(calendar, rep, admin):
    closing = calendar.closings.create(day=date(2026, 7, 22), name="Inventory")
    claimed_by(rep, name="Aki Alone")
    assert Deadline.objects.get().due_at == jst(7, 24, 18)
    address = reverse("handoff:closing_drop", args=[calendar.pk, closing.pk])
    told = seen_and_sent(as_(admin), address, {}, "Aki Alone")
    assert ("normal working day again" in told, calendar.closings.exists()) == (True, False)
    assert Deadline.objects.get().due_at == THURSDAY


def test_what_moves_nothing_is_saved_at_once(calendar, rep, admin):
    claimed_by(rep)
    hours = {f"day_{number}": "9:00-18:00" for number in range(5)}
    typed = {"name": "Renamed", "timezone": "Asia/Tokyo", "holidays_country": "JP", **hours}
    with time_machine.travel(MONDAY, tick=False):
        assert as_(admin).post(reverse("handoff:calendar_edit", args=[calendar.pk]), typed).status_code == 303
    calendar.refresh_from_db()
    assert (calendar.name, Deadline.objects.get().due_at) == ("Renamed", THURSDAY)


def test_what_has_changed_since_is_shown_again(calendar, rep, admin):
    claimed_by(rep)
    client, address = as_(admin), reverse("handoff:closing_add", args=[calendar.pk])
    with time_machine.travel(MONDAY, tick=False):
        token = client.post(address, NEW_YEAR).context["token"]
        claimed_by(rep)
        assert client.post(address, NEW_YEAR | {"seen": token}).status_code == 200
    assert calendar.closings.count() == 0


def test_the_page_says_who_uses_a_calendar_and_opens_exactly_those_leads(calendar, rep, admin):
    claimed_by(rep, name="one")
    handoff_of(name="two")
    contacted_by(rep, name="its result is due in hours of the clock")
    client = as_(admin)
    page = client.get(reverse("handoff:calendar_year", args=[calendar.pk]))
    assert page.context["use"].open_leads == 2
    address = re.search(r'href="([^"]+)" data-open-leads', page.content.decode())
    assert sorted(names(client.get(unescape(address[1])))) == ["one", "two"]


def test_whoever_used_a_calendar_uses_its_successor(calendar, rep, admin, team):
    handoff = claimed_by(rep)
    Closing.objects.create(calendar=calendar, day=date(2026, 7, 22), name="Inventory")
    other = Calendar.objects.create(name="Without inventory")
    assert delete_calendar(calendar=calendar, successor=other, by=admin, now=MONDAY) == 0
    assert calendar_of_team(team) == other
    other.refresh_from_db()
    assert other.is_default
    assert Deadline.objects.get(handoff=handoff).calendar == other
    assert list(Calendar.objects.values_list("name", flat=True)) == ["Without inventory"]


def test_open_deadlines_are_counted_in_the_successor(calendar, rep, admin):
    handoff = claimed_by(rep)
    other = Calendar.objects.create(name="No holidays", holidays_country="")
    assert delete_calendar(calendar=calendar, successor=other, by=admin, now=MONDAY) == 1
    handoff.refresh_from_db()
    assert handoff.due_at == jst(7, 22, 18)  # Marine Day is a working day there
    assert handoff.queued_at == FRIDAY


def test_a_calendar_in_use_is_not_given_up_without_a_successor(calendar, admin):
    with pytest.raises(RefusedError, match="in use"):
        delete_calendar(calendar=calendar, successor=None, by=admin, now=MONDAY)
    page = as_(admin).get(reverse("handoff:calendar_delete", args=[calendar.pk]))
    assert "no other calendar to replace it" in page.content.decode()


def test_one_that_nobody_uses_just_goes(calendar, admin):
    unused = Calendar.objects.create(name="Unused")
    client, address = as_(admin), reverse("handoff:calendar_delete", args=[unused.pk])
    assert "successor" not in client.get(address).context["form"].fields
    assert client.post(address).status_code == 303
    assert not Calendar.objects.filter(name="Unused").exists()


@pytest.mark.parametrize("year", ["", "x", "99999", "-1", "1"])
def test_a_year_that_is_none_shows_this_one(calendar, admin, year):
    page = as_(admin).get(reverse("handoff:calendar_year", args=[calendar.pk]), {"year": year})
    assert page.context["shown"].year == timezone.localdate().year
