"""What calendars do to promises: closings entered later, holidays of regions, ranges of days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from handoff.actions.settings import remove_closing, save_closings
from handoff.calendars import value_of
from handoff.models import Calendar, Deadline, HandoffStep
from handoff.wording import step_details, step_in_words
from notices.models import OutboxMessage
from tests.clients import as_
from tests.handoff.world import FRIDAY, THURSDAY, claimed_by, handoff_of, jst

pytestmark = pytest.mark.django_db
MONDAY = jst(7, 20, 12)
OFFICE = {f"day_{number}": "9:00-18:00" for number in range(5)}


@pytest.fixture
def calendar(team: Team) -> Calendar:
    """The default calendar, in which the hand-offs of these tests are counted."""
    return Calendar.objects.get(is_default=True)


def close(calendar: Calendar, *days: date, by: User) -> int:
    return save_closings(calendar=calendar, days=days, name="Inventory", intervals=[], by=by, now=MONDAY)


def test_a_closing_entered_later_moves_the_open_promise_with_a_line_and_a_notice(
    calendar: Calendar, rep: User, admin: User
) -> None:
    handoff = claimed_by(rep)
    assert handoff.due_at == THURSDAY
    assert close(calendar, date(2026, 7, 22), by=admin) == 1
    handoff.refresh_from_db()
    deadline = Deadline.objects.get(handoff=handoff)
    assert handoff.due_at == deadline.due_at == jst(7, 24, 18)
    assert FRIDAY < deadline.warn_at < deadline.due_at
    step = HandoffStep.objects.get(kind="deadline_moved")
    assert (step.by, step.at, step_in_words(step)) == (admin, MONDAY, "Deadline moved: the calendar changed")
    assert "before: " in step_details(step)
    told = OutboxMessage.objects.filter(kind="handoff.deadlines_moved").values_list("user", "params__count").distinct()
    assert list(told) == [(rep.pk, 1)]


def test_taking_the_closing_away_moves_it_back_but_never_into_the_past(calendar: Calendar, admin: User) -> None:
    handoff = handoff_of()
    close(calendar, date(2026, 7, 22), by=admin)
    closing = calendar.closings.get()
    late = jst(7, 24, 10)
    assert remove_closing(closing=closing, by=admin, now=late) == 0
    handoff.refresh_from_db()
    assert handoff.due_at == jst(7, 24, 18)
    assert remove_closing(closing=calendar.closings.create(day=date(2026, 7, 22), name="x"), by=admin, now=MONDAY) == 1
    handoff.refresh_from_db()
    assert handoff.due_at == THURSDAY


def test_promises_that_ended_or_belong_to_another_calendar_stay(calendar: Calendar, admin: User) -> None:
    ended, other = handoff_of(), handoff_of()
    Deadline.objects.filter(handoff=ended).update(met_at=MONDAY)
    Deadline.objects.filter(handoff=other).update(calendar=Calendar.objects.create(name="Other"))
    assert close(calendar, date(2026, 7, 22), by=admin) == 0
    assert set(Deadline.objects.values_list("due_at", flat=True)) == {THURSDAY}
    assert not HandoffStep.objects.filter(kind="deadline_moved").exists()


def test_the_year_end_is_entered_once_as_a_range_and_for_three_years(calendar: Calendar, admin: User) -> None:
    form = {"day": "2026-12-29", "last_day": "2027-01-03", "name": "Year end", "intervals": "", "years": "3"}
    assert as_(admin).post(reverse("handoff:closing_add", args=[calendar.pk]), form).status_code == 303
    days = list(calendar.closings.values_list("day", flat=True))
    assert (len(days), days[0], days[5], days[-1]) == (
        18, date(2026, 12, 29), date(2027, 1, 3), date(2029, 1, 3)
    )  # fmt: skip


@pytest.mark.parametrize("last", ["2026-12-28", "2027-02-28"])
def test_a_range_that_goes_back_or_never_ends_is_refused_and_kept(calendar: Calendar, admin: User, last: str) -> None:
    form = {"day": "2026-12-29", "last_day": last, "name": "Year end", "years": "1"}
    answer = as_(admin).post(reverse("handoff:closing_add", args=[calendar.pk]), form)
    assert (answer.status_code, calendar.closings.count()) == (422, 0)
    assert "Choose a last day after the first, at most 30 days later." in answer.content.decode()
    assert 'value="Year end"' in answer.content.decode()


def test_bavaria_has_its_own_holidays(admin: User) -> None:
    form = {"name": "Munich", "timezone": "Europe/Berlin", "holidays_country": "DE", "holidays_region": "BY", **OFFICE}
    assert as_(admin).post(reverse("handoff:calendar_new"), form).status_code == 303
    epiphany, germany = date(2027, 1, 6), Calendar(name="Berlin", holidays_country="DE", timezone="Europe/Berlin")
    assert value_of(Calendar.objects.get(name="Munich")).hours_on(epiphany) == ()
    assert value_of(germany).hours_on(epiphany) != ()


def test_a_region_of_another_country_is_refused_and_the_choice_follows_the_country(admin: User) -> None:
    form = {"name": "Munich", "timezone": "Europe/Berlin", "holidays_country": "JP", "holidays_region": "BY", **OFFICE}
    answer = as_(admin).post(reverse("handoff:calendar_new"), form)
    assert answer.status_code == 422
    assert "This region isn’t part of the country." in answer.content.decode()
    shown = as_(admin).post(reverse("handoff:calendar_preview"), form | {"holidays_country": "DE"}).content.decode()
    assert ('<option value="BY" selected' in shown, 'id="region" hx-swap-oob="true"' in shown) == (True, True)


def test_the_page_says_how_many_deadlines_moved(calendar: Calendar, admin: User) -> None:
    today = timezone.localdate()
    handoff_of(at=timezone.now() - timedelta(minutes=1))
    client, days = as_(admin), {"day": today.isoformat(), "last_day": (today + timedelta(days=9)).isoformat()}
    address, typed = reverse("handoff:closing_add", args=[calendar.pk]), days | {"name": "Move", "years": "1"}
    seen = client.post(address, typed).context["token"]  # which deadlines move is shown first
    client.post(address, typed | {"seen": seen})
    page = client.get(reverse("handoff:calendar_edit", args=[calendar.pk])).content.decode()
    assert "Saved. 1 open deadline moved." in page
