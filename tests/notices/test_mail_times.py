"""When a mail goes out, by the clock of its reader."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notices.mail_times import MailChoice, MailTime, lies_between, mail_time, next_at

TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")
NIGHT: dict[str, Any] = {"quiet_from": time(20), "quiet_until": time(7, 30)}


def tokyo(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


def test_a_mail_goes_out_at_once_unless_something_else_was_chosen() -> None:
    assert mail_time(MailChoice(zone=TOKYO), tokyo(22, 23)) == MailTime(at=tokyo(22, 23))


@pytest.mark.parametrize("choice", [MailChoice(zone=TOKYO, way="bell_only"), MailChoice(zone=TOKYO, mails=False)])
def test_who_wants_no_mail_gets_none_not_even_of_an_escalation(choice: MailChoice) -> None:
    assert mail_time(choice, tokyo(22, 12), is_escalation=True) is None


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (tokyo(22, 19, 59), None), (tokyo(22, 20), tokyo(23, 7, 30)), (tokyo(22, 23, 59), tokyo(23, 7, 30)),
        (tokyo(23, 0), tokyo(23, 7, 30)), (tokyo(23, 7, 29), tokyo(23, 7, 30)), (tokyo(23, 7, 30), None),
    ],
)  # fmt: skip
def test_what_comes_in_quiet_hours_waits_for_their_end(now: datetime, end: datetime | None) -> None:
    expected = MailTime(at=now) if end is None else MailTime(at=end, slot=end)
    assert mail_time(MailChoice(zone=TOKYO, **NIGHT), now) == expected


def test_quiet_hours_are_those_of_the_readers_own_zone() -> None:
    noon_in_berlin = datetime(2026, 11, 22, 12, tzinfo=BERLIN).astimezone(UTC)  # 20:00 in Tokyo
    assert mail_time(MailChoice(zone=BERLIN, **NIGHT), noon_in_berlin) == MailTime(at=noon_in_berlin)
    assert mail_time(MailChoice(zone=TOKYO, **NIGHT), noon_in_berlin) != MailTime(at=noon_in_berlin)


def test_an_escalation_passes_quiet_hours() -> None:
    assert mail_time(MailChoice(zone=TOKYO, **NIGHT), tokyo(22, 23), is_escalation=True) == MailTime(at=tokyo(22, 23))


def test_a_digest_goes_out_at_its_time_the_same_day_or_the_next() -> None:
    choice = MailChoice(zone=TOKYO, way="in_digest", digest_at=time(9))
    assert mail_time(choice, tokyo(22, 8, 59)) == MailTime(at=tokyo(22, 9), slot=tokyo(22, 9))
    assert mail_time(choice, tokyo(22, 9)) == MailTime(at=tokyo(23, 9), slot=tokyo(23, 9))


def test_a_time_that_summer_time_leaves_out_comes_an_hour_later_and_one_that_comes_twice_counts_once() -> None:
    # 2026-03-29 02:00 becomes 03:00 in Berlin, 2026-10-25 03:00 becomes 02:00.
    spring = next_at(time(2, 30), BERLIN, datetime(2026, 3, 28, 23, tzinfo=UTC))
    assert f"{spring.astimezone(BERLIN):%d %H:%M}" == "29 03:30"
    autumn = next_at(time(2, 30), BERLIN, datetime(2026, 10, 24, 23, tzinfo=UTC))
    assert next_at(time(2, 30), BERLIN, autumn) - autumn > timedelta(hours=24)


STEADY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a machine that is busy, too


@STEADY
@given(
    minutes=st.integers(0, 2 * 365 * 24 * 60),
    zone=st.sampled_from(["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]),
    clock=st.times(),
)
def test_the_next_time_is_later_and_within_two_days(minutes: int, zone: str, clock: time) -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    at = next_at(clock, ZoneInfo(zone), now)
    assert timedelta(0) < at - now <= timedelta(hours=26)


@STEADY
@given(clock=st.times(), start=st.times(), end=st.times())
def test_every_time_lies_in_the_hours_or_in_the_others(clock: time, start: time, end: time) -> None:
    if start != end:
        assert lies_between(clock, start, end) != lies_between(clock, end, start)
