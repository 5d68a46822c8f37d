"""The promises of the business clock, in words, and against the minute-by-minute oracle."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handoff.clock import (
    OFFICE_WEEK,
    BusinessClock,
    CalendarProblem,
    NeverOpenError,
    OfficeCalendar,
    add_elapsed_time,
    check,
    clock_for,
    elapsed_time,
    public_holidays,
)
from tests.handoff.clock_oracle import MinuteByMinute

TOKYO = ZoneInfo("Asia/Tokyo")
BREAK_AT_NOON = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))


def jst(month, day, hour=0, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO)


@pytest.fixture(scope="module")
def tokyo():
    return BusinessClock(OfficeCalendar())


# Three business days


def test_a_trigger_on_friday_before_a_holiday_monday_is_due_at_close_of_business_on_thursday(tokyo):
    friday = jst(7, 17, 17)  # Monday 2026-07-20 is Marine Day
    assert tokyo.add_business_days(friday, 3) == jst(7, 23, 18)


def test_four_business_hours_from_saturday_15_00_end_on_monday_13_00(tokyo):
    saturday = jst(6, 6, 15)
    assert tokyo.add_business_time(saturday, timedelta(hours=4)) == jst(6, 8, 13)


# Example 4


def test_a_contact_logged_on_tuesday_for_monday_16_00_runs_48_hours_from_monday_16_00():
    assert add_elapsed_time(jst(6, 1, 16), timedelta(hours=48)) == jst(6, 3, 16)


# Business days


def test_the_trigger_day_never_counts_however_early(tokyo):
    assert tokyo.add_business_days(jst(6, 1, 0, 1), 1) == jst(6, 2, 18)
    assert tokyo.add_business_days(jst(6, 1, 23, 59), 1) == jst(6, 2, 18)


def test_the_trigger_day_is_the_day_of_the_office_not_of_utc(tokyo):
    early_tuesday_in_tokyo = datetime(2026, 6, 1, 15, 30, tzinfo=UTC)  # still Monday in UTC
    assert tokyo.add_business_days(early_tuesday_in_tokyo, 1) == jst(6, 3, 18)


def test_the_same_business_day_is_today_while_the_office_is_not_over(tokyo):
    assert tokyo.add_business_days(jst(6, 1, 17, 59), 0) == jst(6, 1, 18)
    assert tokyo.add_business_days(jst(6, 1, 18), 0) == jst(6, 2, 18)
    assert tokyo.add_business_days(jst(6, 6, 12), 0) == jst(6, 8, 18)


def test_a_half_day_is_a_business_day_that_closes_early():
    clock = BusinessClock(OfficeCalendar(exceptions=((date(2026, 6, 2), ((540, 720),)),)))
    assert clock.add_business_days(jst(6, 1, 10), 1) == jst(6, 2, 12)


def test_a_company_closing_is_no_business_day():
    closed = tuple((date(2026, 12, 29) + timedelta(days=n), ()) for n in range(6))
    clock = BusinessClock(OfficeCalendar(exceptions=closed))
    assert clock.add_business_days(jst(12, 28, 10), 1) == jst(1, 4, 18, year=2027)


def test_an_exception_may_open_the_office_on_a_public_holiday():
    clock = BusinessClock(OfficeCalendar(exceptions=((date(2026, 7, 20), ((600, 900),)),)))
    assert clock.add_business_days(jst(7, 17, 10), 1) == jst(7, 20, 15)


def test_without_a_country_public_holidays_are_worked():
    assert BusinessClock(OfficeCalendar(country="")).add_business_days(jst(7, 17, 17), 3) == jst(7, 22, 18)


def test_a_far_deadline_reaches_beyond_the_years_first_built(tokyo):
    due = tokyo.add_business_days(jst(6, 1, 10), 2_500)
    assert (due.astimezone(TOKYO).year, due.astimezone(TOKYO).hour) == (2036, 18)


def test_business_days_between_two_instants_leave_out_weekends_and_holidays(tokyo):
    assert tokyo.business_days(jst(7, 17, 17), jst(7, 23, 18)) == 3
    assert tokyo.business_days(jst(7, 17, 9), jst(7, 17, 18)) == 0


# Business time


def test_breaks_are_not_worked():
    clock = BusinessClock(OfficeCalendar(week=(BREAK_AT_NOON,) * 5 + ((), ())))
    assert clock.add_business_time(jst(6, 1, 11), timedelta(hours=2)) == jst(6, 1, 14)
    assert clock.business_time(jst(6, 1, 9), jst(6, 1, 18)) == timedelta(hours=8)


def test_time_that_ends_at_closing_is_due_at_closing_not_next_morning(tokyo):
    assert tokyo.add_business_time(jst(6, 1, 14), timedelta(hours=4)) == jst(6, 1, 18)


def test_no_time_at_all_is_due_at_once_even_when_closed(tokyo):
    assert tokyo.add_business_time(jst(6, 6, 15), timedelta()) == jst(6, 6, 15)


def test_the_countdown_is_business_time_and_goes_negative_after_the_due_time(tokyo):
    assert tokyo.business_time(jst(6, 5, 17), jst(6, 8, 10, 10)) == timedelta(hours=2, minutes=10)
    assert tokyo.business_time(jst(6, 8, 10, 10), jst(6, 5, 17)) == -timedelta(hours=2, minutes=10)


def test_an_office_that_never_sleeps_crosses_midnight():
    clock = BusinessClock(OfficeCalendar(week=(((0, 1440),),) * 7, country=""))
    assert clock.add_business_time(jst(6, 1, 23), timedelta(hours=3)) == jst(6, 2, 2)


def test_open_now_and_next_open(tokyo):
    assert [tokyo.is_open(jst(6, 1, *at)) for at in ((8, 59), (9, 0), (17, 59), (18, 0))] == [False, True, True, False]
    assert tokyo.next_open(jst(6, 5, 18)) == jst(6, 8, 9)
    assert tokyo.next_open(jst(6, 5, 12)) == jst(6, 5, 12)


# Daylight saving time


def test_a_skipped_hour_is_not_worked():
    night = BusinessClock(OfficeCalendar(zone="Europe/Berlin", country="", week=(((0, 360),),) * 7))
    start = datetime(2026, 3, 29, 0, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert night.business_time(start, start + timedelta(hours=12)) == timedelta(hours=5)


def test_a_repeated_hour_is_worked_twice():
    night = BusinessClock(OfficeCalendar(zone="Europe/Berlin", country="", week=(((0, 360),),) * 7))
    start = datetime(2026, 10, 25, 0, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert night.business_time(start, start + timedelta(hours=12)) == timedelta(hours=7)


def test_close_of_business_keeps_its_wall_clock_time_across_the_change():
    clock = BusinessClock(OfficeCalendar(zone="America/New_York", country="US"))
    friday = datetime(2026, 3, 6, 12, tzinfo=ZoneInfo("America/New_York"))
    assert clock.add_business_days(friday, 1).astimezone(ZoneInfo("America/New_York")).hour == 18


def test_a_date_the_zone_never_had_is_no_business_day():
    apia = BusinessClock(OfficeCalendar(zone="Pacific/Apia", country="", week=OFFICE_WEEK))  # no 2011-12-30
    thursday = datetime(2011, 12, 29, 12, tzinfo=ZoneInfo("Pacific/Apia"))
    assert apia.add_business_days(thursday, 1).astimezone(ZoneInfo("Pacific/Apia")).date() == date(2012, 1, 2)


# What is refused


def test_a_calendar_without_open_time_is_refused():
    assert check(OfficeCalendar(week=((),) * 7), today=date(2026, 6, 1)) == [CalendarProblem("week", "never_open")]


def test_a_calendar_closed_on_all_its_days_by_exceptions_is_refused():
    closed = tuple((date(2026, 6, 1) + timedelta(days=n), ()) for n in range(400))
    assert check(OfficeCalendar(exceptions=closed), today=date(2026, 6, 1)) == [CalendarProblem("week", "never_open")]


def test_all_problems_are_named_at_once_with_their_place():
    week = (((600, 540),), ((540, 720), (660, 800)), ((0, 1500),), (), (), (), ())
    calendar = OfficeCalendar(zone="Mars/Base", country="XX", week=week)
    assert check(calendar, today=date(2026, 6, 1)) == [
        CalendarProblem("zone", "zone_unknown"),
        CalendarProblem("country", "country_unknown"),
        CalendarProblem("week[0]", "hours_backwards"),
        CalendarProblem("week[1]", "hours_overlap"),
        CalendarProblem("week[2]", "hours_backwards"),
    ]


def test_a_clock_that_never_opens_says_so_instead_of_searching_for_ever():
    with pytest.raises(NeverOpenError):
        BusinessClock(OfficeCalendar(week=((),) * 7, country="")).add_business_days(jst(6, 1), 1)


def test_the_shipped_calendar_has_no_problem():
    assert check(OfficeCalendar(), today=date(2026, 6, 1)) == []


# Names, caching


def test_public_holidays_have_names_in_the_readers_language():
    marine_day = date(2026, 7, 20)
    assert public_holidays("JP", "", "ja", 2026)[marine_day] == "海の日"
    assert public_holidays("JP", "", "en_US", 2026)[marine_day] == "Marine Day"


def test_open_days_show_hours_and_holidays(tokyo):
    friday, saturday, sunday, monday = tokyo.open_days(date(2026, 7, 17), 4, language="ja")
    assert [(day.hours, day.holiday) for day in (friday, saturday, sunday, monday)] == [
        (((540, 1080),), ""), ((), ""), ((), ""), ((), "海の日"),
    ]  # fmt: skip


def test_equal_calendars_share_one_built_clock():
    assert clock_for(OfficeCalendar(zone="Asia/Seoul")) is clock_for(OfficeCalendar(zone="Asia/Seoul"))


# Against the oracle

ZONES = [
    "Asia/Tokyo", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dubai",
    "Asia/Tehran", "Asia/Jerusalem", "Asia/Beirut", "Asia/Karachi", "Asia/Yangon", "Europe/London", "Europe/Berlin",
    "Europe/Paris", "Europe/Madrid", "Europe/Athens", "Europe/Kyiv", "Europe/Istanbul", "Europe/Moscow",
    "Europe/Dublin", "Africa/Cairo", "Africa/Casablanca", "Africa/Lagos", "Africa/Johannesburg", "America/New_York",
    "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix", "America/Sao_Paulo",
    "America/Santiago", "America/Havana", "America/St_Johns", "America/Asuncion", "Australia/Sydney",
    "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Apia",
]  # fmt: skip
CHANGES = [(3, 1), (3, 20), (3, 28), (4, 1), (9, 1), (9, 20), (10, 1), (10, 18), (10, 25), (11, 1), (12, 28)]
STRETCH = 16  # days


def some_hours(dice):
    cuts = sorted(dice.sample(range(97), dice.choice([0, 2, 2, 2, 4, 4, 6])))
    return tuple((begin * 15, end * 15) for begin, end in zip(cuts[::2], cuts[1::2], strict=True))


def some_pauses(dice, start):
    """Minutes, hours and days of pause in any order; some touch, some lie in others."""
    begins = [start + timedelta(minutes=dice.randrange(STRETCH * 1440)) for _ in range(dice.choice([0, 1, 2, 5]))]
    pauses = [(since, since + timedelta(minutes=dice.choice([1, 60, 960, 4_000]))) for since in begins]
    return pauses + [(until, until + timedelta(minutes=90)) for _since, until in pauses[:1]]


def compare_one_office(dice, zone, questions):
    """Ask both clocks about one random office around a likely clock change, without pauses and with them."""
    month, day = dice.choice(CHANGES)
    start = datetime(dice.randint(2009, 2030), month, day, tzinfo=UTC)
    week = tuple(some_hours(dice) for _ in range(7))
    dates = [start.date() + timedelta(days=dice.randrange(STRETCH)) for _ in range(3)]
    special = {day: dice.choice([(), some_hours(dice)]) for day in dates}
    country = dice.choice(["JP", "US", "DE", ""])
    years = (start.year, start.year + 1) if country else ()
    closed = {day for year in years for day in public_holidays(country, "", "en_US", year)}
    pauses = some_pauses(dice, start)
    oracle = MinuteByMinute(
        zone=zone, week=week, closed=closed, special=special, start=start, days=STRETCH, pauses=pauses
    )
    clock = BusinessClock(OfficeCalendar(zone=zone, week=week, country=country, exceptions=tuple(special.items())))
    for _ in range(questions):
        at = start + timedelta(minutes=dice.randrange(STRETCH * 1440))
        other = start + timedelta(minutes=dice.randrange(STRETCH * 1440))
        days, minutes = dice.randint(1, 6), dice.randint(1, 3_000)
        for given in ((), pauses):
            assert_equal_answers(clock, oracle, at, max(at, other), days=days, minutes=minutes, pauses=given)


def assert_equal_answers(clock, oracle, at, later, *, days, minutes, pauses):
    context = (clock.calendar, at, later, days, minutes, pauses)
    paused, span = bool(pauses), timedelta(minutes=minutes)
    worked, passed = (oracle.minutes(at, later, paused=paused, elapsed=elapsed) for elapsed in (False, True))
    assert clock.business_time(at, later, pauses) == timedelta(minutes=worked), context
    assert clock.business_time(later, at, pauses) == -timedelta(minutes=worked), context
    assert elapsed_time(at, later, pauses) == timedelta(minutes=passed), context
    if (due := oracle.add_time(at, minutes, paused=paused)) is not None:
        assert clock.add_business_time(at, span, pauses) == due, context
    if (due := oracle.add_time(at, minutes, paused=paused, elapsed=True)) is not None:
        assert add_elapsed_time(at, span, pauses) == due, context
    if (due := oracle.add_business_days(at, days, paused=paused)) is not None:
        assert clock.add_business_days(at, days, pauses) == due, context


@pytest.mark.parametrize("zone", ZONES[::4])
def test_the_clock_agrees_with_looking_at_every_minute(zone):
    dice = random.Random(zone)
    for _ in range(4):
        compare_one_office(dice, zone, questions=50)


@pytest.mark.deep
@pytest.mark.parametrize("zone", ZONES)
def test_the_clock_agrees_with_looking_at_every_minute_in_100_000_cases(zone):
    dice = random.Random(f"deep {zone}")
    for _ in range(25):
        compare_one_office(dice, zone, questions=100)
