from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from web import moments

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # Sunday 10:00 in Tokyo


@pytest.mark.parametrize(
    ("at", "en", "ja"),
    [
        (NOW + timedelta(hours=7), "today 17:00", "今日 17:00"),
        (NOW + timedelta(hours=24), "tomorrow 10:00", "明日 10:00"),
        (NOW - timedelta(hours=24), "yesterday 10:00", "昨日 10:00"),
        (NOW + timedelta(days=4, hours=8), "Thu 26 Nov 18:00", "11月26日(木) 18:00"),
        (NOW - timedelta(days=365), "22 Nov 2025", "2025年11月22日"),
    ],
)
def test_an_instant_is_told_in_the_readers_order(at: datetime, en: str, ja: str) -> None:
    with timezone.override("Asia/Tokyo"):
        with translation.override("en"):
            assert moments.moment(at, NOW) == en
        with translation.override("ja"):
            assert moments.moment(at, NOW) == ja


def test_today_is_the_readers_today() -> None:
    late = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)  # Monday 01:00 in Tokyo
    with translation.override("en"):
        with timezone.override("Asia/Tokyo"):
            assert moments.moment(late, NOW) == "tomorrow 01:00"
        with timezone.override("Europe/London"):
            assert moments.moment(late, NOW) == "today 16:00"


@pytest.mark.parametrize(
    ("seconds", "en", "ja"),
    [
        (0, "0 s", "0秒"),
        (59, "59 s", "59秒"),
        (7800, "2 h 10 min", "2時間10分"),
        (86400, "1 day", "1日"),
        (3 * 86400 + 4 * 3600 + 59, "3 days 4 h", "3日4時間"),
    ],
)
def test_a_duration_is_told_in_two_units_at_most(seconds: int, en: str, ja: str) -> None:
    with translation.override("en"):
        assert moments.duration(seconds) == moments.duration(timedelta(seconds=seconds)) == en
    with translation.override("ja"):
        assert moments.duration(seconds) == ja


def test_what_is_left_turns_into_what_is_overdue() -> None:
    with translation.override("en"):
        assert moments.remaining(NOW + timedelta(minutes=5), NOW) == "5 min left"
        assert moments.remaining(NOW - timedelta(minutes=5), NOW) == "5 min overdue"
        assert (moments.ago(NOW, NOW), moments.ago(NOW - timedelta(hours=2), NOW)) == ("just now", "2 h ago")


def test_a_day_far_away_carries_its_year() -> None:
    with translation.override("ja"):
        assert moments.day(date(2027, 11, 22), NOW.date()) == "2027年11月22日"
