"""Time that doesn't count: pauses of a promise, in the words of those whom other systems got wrong."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handoff.clock import BusinessClock, OfficeCalendar, add_elapsed_time, elapsed_time
from handoff.enums import DueMode
from handoff.promises import due_at, time_used, warn_at

TOKYO = ZoneInfo("Asia/Tokyo")
HOUR = timedelta(hours=1)


def jst(month, day, hour=0, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO)


@pytest.fixture(scope="module")
def tokyo():
    return BusinessClock(OfficeCalendar())


NIGHT = [(jst(6, 1, 17), jst(6, 2, 9))]


def test_a_pause_from_17_00_to_09_00_costs_the_one_hour_that_the_office_was_open(tokyo):
    assert tokyo.business_time(jst(6, 1, 16), jst(6, 2, 10), NIGHT) == 2 * HOUR
    assert tokyo.add_business_time(jst(6, 1, 16), 4 * HOUR, NIGHT) == jst(6, 2, 12)
    assert tokyo.add_business_days(jst(6, 1, 16), 1, NIGHT) == jst(6, 3, 10)


def test_a_pause_outside_office_hours_moves_no_business_promise(tokyo):
    night = [(jst(6, 1, 18), jst(6, 2, 9))]
    assert tokyo.add_business_time(jst(6, 1, 16), 4 * HOUR, night) == jst(6, 2, 11)
    assert tokyo.add_business_days(jst(6, 1, 16), 1, night) == jst(6, 2, 18)


def test_a_promise_paused_from_february_to_august_and_then_closed_has_used_what_it_had_in_february(tokyo):
    start, paused, closed = jst(2, 2, 10), jst(2, 3, 12), jst(8, 20, 15)
    used = tokyo.business_time(start, closed, [(paused, closed)])
    assert used == tokyo.business_time(start, paused) == 11 * HOUR
    assert tokyo.add_business_time(start, 20 * HOUR, [(paused, closed)]) == jst(8, 21, 15)


def test_what_resumes_while_the_company_is_closed_goes_on_when_it_opens():
    closed = tuple((date(2026, 8, 10) + timedelta(days=n), ()) for n in range(7))
    clock = BusinessClock(OfficeCalendar(exceptions=closed))
    pauses = [(jst(2, 3, 12), jst(8, 12, 12))]
    assert clock.add_business_time(jst(2, 3, 10), 4 * HOUR, pauses) == jst(8, 17, 11)


def test_a_hold_set_on_a_holiday_costs_nothing_until_the_office_opens(tokyo):
    held = [(jst(7, 20, 11), jst(7, 21, 10))]  # Monday 2026-07-20 is Marine Day
    assert tokyo.add_business_time(jst(7, 17, 17), 4 * HOUR, held) == jst(7, 21, 13)
    assert tokyo.add_business_days(jst(7, 17, 17), 3, held) == jst(7, 24, 10)


def test_a_whole_day_of_pause_is_a_business_day_more(tokyo):
    assert tokyo.add_business_days(jst(6, 1, 10), 3, [(jst(6, 2), jst(6, 3))]) == jst(6, 5, 18)


def test_a_promise_that_starts_in_a_pause_runs_from_its_end(tokyo):
    assert tokyo.add_business_time(jst(6, 1, 18), 4 * HOUR, NIGHT) == jst(6, 2, 13)
    assert tokyo.add_business_time(jst(6, 1, 17, 30), 4 * HOUR, NIGHT) == jst(6, 2, 13)


def test_pauses_that_overlap_or_touch_are_counted_once(tokyo):
    pauses = [(jst(6, 1, 12), jst(6, 1, 14)), (jst(6, 1, 10), jst(6, 1, 12)), (jst(6, 1, 11), jst(6, 1, 13))]
    assert tokyo.business_time(jst(6, 1, 9), jst(6, 1, 18), pauses) == 5 * HOUR
    assert elapsed_time(jst(6, 1, 9), jst(6, 1, 18), pauses) == 5 * HOUR


def test_a_promise_kept_to_the_minute_before_a_pause_is_due_then_not_after_it(tokyo):
    assert tokyo.add_business_time(jst(6, 1, 13), 4 * HOUR, NIGHT) == jst(6, 1, 17)


def test_a_pause_after_the_due_time_changes_nothing(tokyo):
    assert tokyo.add_business_days(jst(6, 1, 10), 1, [(jst(6, 2, 18), jst(6, 9))]) == jst(6, 2, 18)


def test_48_hours_pass_at_night_too_but_not_in_a_pause():
    assert add_elapsed_time(jst(6, 1, 16), 48 * HOUR, NIGHT) == jst(6, 4, 8)


def test_time_left_after_the_due_time_is_negative_without_the_pauses(tokyo):
    assert tokyo.business_time(jst(6, 2, 10), jst(6, 1, 16), NIGHT) == -2 * HOUR
    assert elapsed_time(jst(6, 2, 10), jst(6, 1, 16), NIGHT) == -2 * HOUR


@pytest.mark.parametrize(
    ("mode", "amount", "due", "warned"),
    [
        (DueMode.BUSINESS_HOURS, 4, jst(6, 2, 12), jst(6, 2, 10)),
        (DueMode.BUSINESS_DAYS, 1, jst(6, 3, 10), jst(6, 2, 13, 30)),
        (DueMode.ELAPSED_HOURS, 4, jst(6, 2, 12), jst(6, 2, 10)),
    ],
)
def test_due_time_warning_and_time_used_leave_out_the_same_pauses(tokyo, mode, amount, due, warned):
    start = jst(6, 1, 16)
    assert due_at(clock=tokyo, mode=mode, amount=amount, start=start, pauses=NIGHT) == due
    assert warn_at(clock=tokyo, mode=mode, start=start, due=due, percent=50, pauses=NIGHT) == warned
    assert time_used(clock=tokyo, mode=mode, start=start, at=jst(6, 2, 10), pauses=NIGHT) == 2 * HOUR
