"""Events of a calendar file that repeat: what is still to come, without what was taken out; hostile rules refused."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handoff.absence_files import AbsenceRow, read_absences
from handoff.errors import AbsenceFileError
from tests.handoff.test_absence_import import NOW, ics, times
from tests.handoff.world import TOKYO, jst

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAYS = "DTSTART;TZID=Asia/Tokyo:20260703T140000\r\nDTEND;TZID=Asia/Tokyo:20260703T180000\r\nUID:fridays"


def read(*events: str) -> list[AbsenceRow]:
    return read_absences(ics(*events), TOKYO, NOW)


def starts(*events: str) -> list[datetime]:
    return [row.starts_at for row in read(*events) if row.starts_at]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;COUNT=6", [24, 31, 7]),
        ("FREQ=WEEKLY;UNTIL=20260731T050000Z", [24, 31]),
        ("FREQ=WEEKLY;UNTIL=20260731", [24, 31]),
        ("FREQ=WEEKLY;UNTIL=20260731T045959Z", [24]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4", [31, 14]),
        ("FREQ=DAILY;BYDAY=TH,FR;UNTIL=20260801", [23, 24, 30, 31]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", [31, 28, 25]),
        ("FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=14;UNTIL=20270101", [14]),
    ],
)
def test_what_is_still_to_come_of_a_rule_is_one_absence_for_each_time(rule: str, days: list[int]) -> None:
    rows = read(f"{FRIDAYS}\r\nRRULE:{rule}")
    assert [row.starts_at.astimezone(TOKYO).day for row in rows if row.starts_at] == days
    assert {row.ends_at - row.starts_at for row in rows if row.starts_at and row.ends_at} == {timedelta(hours=4)}
    assert {row.line for row in rows} == {4}


def test_without_an_end_two_years_are_read_whenever_it_began() -> None:
    for first in ("20260703", "19990101"):  # both are Fridays
        found = starts(f"DTSTART;VALUE=DATE:{first}\r\nRRULE:FREQ=WEEKLY")
        assert (found[0], len(found)) == (jst(7, 24), 105)
        assert found[-1] == datetime(2028, 7, 21, tzinfo=TOKYO)


def test_times_follow_the_clocks_of_the_zone() -> None:
    event = "DTSTART;TZID=Europe/Berlin:20261019T090000\r\nDURATION:PT2H\r\nRRULE:FREQ=WEEKLY;COUNT=3"
    assert [at.astimezone(TOKYO).hour for at in starts(event)] == [16, 17, 17]


def test_what_was_taken_out_or_replaced_is_no_absence_and_single_days_are_added() -> None:
    series = f"{FRIDAYS}\r\nRRULE:FREQ=WEEKLY;COUNT=8\r\nRDATE:20260812T010000Z"
    taken_out = "EXDATE;TZID=Asia/Tokyo:20260724T140000\r\nEXDATE:20260731T050000Z"
    moved = (
        "UID:fridays\r\nRECURRENCE-ID;TZID=Asia/Tokyo:20260807T140000\r\nDTSTART;TZID=Asia/Tokyo:20260806T140000"
        "\r\nDURATION:PT1H"
    )
    called_off = "UID:fridays\r\nRECURRENCE-ID;TZID=Asia/Tokyo:20260814T140000\r\nSTATUS:CANCELLED"
    rows = read(f"{series}\r\n{taken_out}", moved, called_off)
    assert [times(row) for row in rows] == [
        (jst(8, 12, 10), jst(8, 12, 14)), (jst(8, 21, 14), jst(8, 21, 18)), (jst(8, 6, 14), jst(8, 6, 15)),
    ]  # fmt: skip


def test_a_series_that_is_over_says_so() -> None:
    [row] = read(f"{FRIDAYS}\r\nRRULE:FREQ=WEEKLY;COUNT=2")
    assert row.problem == "This absence is already over."


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (f"{FRIDAYS}\r\nRRULE:FREQ=SECONDLY", "within a day"),
        (f"{FRIDAYS}\r\nRRULE:FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3", "within a day"),
        (f"{FRIDAYS}\r\nRRULE:FREQ=DAILY;INTERVAL=0", "can’t be read"),
        (f"{FRIDAYS}\r\nRRULE:FREQ=DAILY;COUNT=0", "can’t be read"),
        (f"{FRIDAYS}\r\nRRULE:FREQ=DAILY;BYSETPOS=0", "can’t be read"),
        (f"{FRIDAYS}\r\nRRULE:FREQ=DAILY\r\nRRULE:FREQ=WEEKLY", "can’t be read"),
        (f"{FRIDAYS}\r\nRRULE:FREQ=DAILY", "more than 500 times"),
        (f"{FRIDAYS}\r\nRRULE:FREQ=DAILY;COUNT=999999999", "more than 500 times"),
        ("DTSTART;VALUE=DATE:00010101\r\nRRULE:FREQ=DAILY;COUNT=9", "can’t be read"),
        (f"{FRIDAYS}\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "already over"),
        (f"{FRIDAYS}\r\nRRULE:FREQ=WEEKLY;INTERVAL=99999999999", "can’t be read"),
        ("RRULE:FREQ=DAILY", "no start"),
    ],
)
def test_a_hostile_rule_is_refused_in_words_and_at_once(event: str, words: str) -> None:
    began = time.process_time()
    [row] = read(event)
    assert words in row.problem
    assert time.process_time() - began < 2


def test_many_series_are_refused_as_a_whole() -> None:
    with pytest.raises(AbsenceFileError, match="At most 200 events that repeat"):
        read(*[f"{FRIDAYS}\r\nRRULE:FREQ=WEEKLY;COUNT=9"] * 201)
    with pytest.raises(AbsenceFileError, match="At most 2,000"):
        read(*[f"{FRIDAYS}\r\nRRULE:FREQ=WEEKLY"] * 21)
