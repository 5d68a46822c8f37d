from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from web import formats

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # Sunday 10:00 in Tokyo


def both(write: object, *args: object, **kwargs: object) -> tuple[str, str]:
    """What a formatter writes, in English and in Japanese, for somebody in Tokyo."""
    texts = []
    for code in ("en", "ja"):
        with translation.override(code), timezone.override("Asia/Tokyo"):
            texts.append(str(write(*args, **kwargs)))  # type: ignore[operator]
    return texts[0], texts[1]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1, "1"),
        (-40, "−40"),
        (1234567, "1,234,567"),
        (0.5, "0.5"),
        (Decimal("12.50"), "12.5"),
        (Decimal("-1234.00"), "−1,234"),
        (Decimal("0.00"), "0"),
        (-0.0, "0"),
        (1e15, "1,000,000,000,000,000"),
    ],
)
def test_a_number_has_thousands_and_no_zeros_nobody_needs(value: float | Decimal, text: str) -> None:
    assert both(formats.number, value) == (text, text)


def test_a_number_is_rounded_half_away_from_zero() -> None:
    assert [formats.number(value, 1) for value in (0.25, -0.25, 2.04, -0.04)] == ["0.3", "−0.3", "2", "0"]


@pytest.mark.parametrize(
    ("hundredths", "whole", "exact", "signed"),
    [
        (8200, "82", "82", "+82"),
        (1250, "13", "12.5", "+12.5"),
        (1205, "12", "12.05", "+12.05"),
        (-4000, "−40", "−40", "−40"),
        (-40, "0", "−0.4", "−0.4"),
        (50, "1", "0.5", "+0.5"),
        (0, "0", "0", "0"),
        (123456700, "1,234,567", "1,234,567", "+1,234,567"),
        (None, "–", "–", "–"),
    ],
)
def test_points_have_decimals_only_where_there_are_some(
    hundredths: int | None, whole: str, exact: str, signed: str
) -> None:
    texts = formats.points(hundredths), formats.points(hundredths, 2), formats.signed_points(hundredths)
    assert texts == (whole, exact, signed)


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [(0, 0, "0%"), (92, 0, "92%"), (6.4, 1, "6.4%"), (6, 1, "6.0%"), (99.5, 0, "100%"), (-2.5, 1, "−2.5%")],
)
def test_per_cent_has_no_space_and_keeps_its_decimals(share: float, decimals: int, text: str) -> None:
    assert formats.percent(share, decimals) == text


def test_a_range_has_the_dash_of_the_language() -> None:
    assert both(formats.span, "50", "299") == ("50–299", "50〜299")
    assert both(formats.span, "−40", "40") == ("−40 to 40", "−40〜40")
    assert both(formats.percent_span, 4.9, 9.3, 1) == ("4.9–9.3%", "4.9〜9.3%")


def test_money_has_all_its_minor_units() -> None:
    assert both(formats.money, 1200000, "JPY") == ("1,200,000 JPY", "1,200,000円")
    assert both(formats.money, 1250, "EUR") == ("12.50 EUR", "12.50 EUR")
    assert both(formats.whole_money, 1200000, "USD") == ("1,200,000 USD", "1,200,000 USD")


@pytest.mark.parametrize(
    ("at", "en", "ja"),
    [
        (NOW + timedelta(hours=7), "today 17:00", "今日 17:00"),
        (NOW + timedelta(hours=24), "tomorrow 10:00", "明日 10:00"),
        (NOW - timedelta(hours=24), "yesterday 10:00", "昨日 10:00"),
        (NOW + timedelta(days=4, hours=8), "Thu 26 Nov 18:00", "11月26日(木) 18:00"),
        (NOW - timedelta(days=300), "Mon 26 Jan 10:00", "1月26日(月) 10:00"),
        (NOW + timedelta(days=98), "Sun 28 Feb 2027 10:00", "2027年2月28日(日) 10:00"),
        (NOW - timedelta(days=365), "Sat 22 Nov 2025 10:00", "2025年11月22日(土) 10:00"),
    ],
)
def test_an_instant_has_its_weekday_and_the_year_of_another_year(at: datetime, en: str, ja: str) -> None:
    assert both(formats.moment, at, NOW) == (en, ja)


def test_a_record_is_dated_also_when_that_is_today() -> None:
    assert both(formats.stamp, NOW, NOW) == ("Sun 22 Nov, 10:00", "11月22日(日) 10:00")
    assert both(formats.stamp, NOW, NOW + timedelta(days=60)) == (
        "Sun 22 Nov 2026, 10:00",
        "2026年11月22日(日) 10:00",
    )
    assert both(formats.whole_stamp, NOW) == ("Sun 22 Nov 2026, 10:00", "2026年11月22日(日) 10:00")


def test_the_year_is_another_one_in_the_zone_of_the_reader() -> None:
    new_year = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # 1 January, 01:00 in Tokyo
    with translation.override("en"):
        with timezone.override("Asia/Tokyo"):
            assert formats.stamp(new_year, NOW) == "Fri 1 Jan 2027, 01:00"
        with timezone.override("Europe/London"):
            assert formats.stamp(new_year, NOW) == "Thu 31 Dec, 16:00"


def test_today_is_the_readers_today() -> None:
    late = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)  # Monday 01:00 in Tokyo
    with translation.override("en"):
        with timezone.override("Asia/Tokyo"):
            assert formats.moment(late, NOW) == "tomorrow 01:00"
        with timezone.override("Europe/London"):
            assert formats.moment(late, NOW) == "today 16:00"


def test_the_clock_is_that_of_the_day_where_clocks_change() -> None:
    with translation.override("en"), timezone.override("America/New_York"):
        before = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # 01:30 summer time; an hour later it is 01:30 again
        assert [formats.clock(before + timedelta(hours=hours)) for hours in range(3)] == ["01:30", "01:30", "02:30"]
        assert formats.moment(before, before + timedelta(hours=23)) == "today 01:30"  # a day of 25 hours


@pytest.mark.parametrize(
    ("seconds", "en", "ja"),
    [
        (0, "0 s", "0秒"),
        (59, "59 s", "59秒"),
        (61 * 60, "1 h 1 min", "1時間1分"),
        (2 * 3600, "2 h", "2時間"),
        (23 * 3600 + 59 * 60, "23 h 59 min", "23時間59分"),
        (86400, "1 day", "1日"),
        (3 * 86400 + 4 * 3600 + 59, "3 days", "3日"),
        (32 * 86400 + 10 * 3600, "32 days", "32日"),
        (1000 * 86400, "1,000 days", "1,000日"),
    ],
)
def test_a_duration_has_hours_below_a_day_and_only_days_beyond(seconds: int, en: str, ja: str) -> None:
    assert both(formats.duration, seconds) == both(formats.duration, timedelta(seconds=seconds)) == (en, ja)


@pytest.mark.parametrize(
    ("seconds", "en", "ja"),
    [
        (59.6, "59 s", "59秒"),
        (2 * 3600 + 10 * 60, "2 h 10 min", "2時間10分"),
        (86400, "1 day", "1日"),
        (86400 + 29 * 60, "1 day", "1日"),
        (28 * 3600, "1 d 4 h", "1日4時間"),
        (27 * 3600 + 30 * 60, "1 d 4 h", "1日4時間"),
        (47 * 3600 + 29 * 60, "1 d 23 h", "1日23時間"),
        (47 * 3600 + 30 * 60, "2 days", "2日"),
        (1000 * 86400 + 3600, "1,000 d 1 h", "1,000日1時間"),
    ],
)
def test_a_measured_length_has_hours_beyond_a_day_too(seconds: float, en: str, ja: str) -> None:
    assert both(formats.measured, seconds) == both(formats.measured, timedelta(seconds=seconds)) == (en, ja)


def test_what_is_left_turns_into_what_is_overdue() -> None:
    assert both(formats.remaining, NOW + timedelta(minutes=5), NOW) == ("5 min left", "あと5分")
    assert both(formats.remaining, NOW - timedelta(minutes=5), NOW) == ("5 min overdue", "5分超過")
    assert both(formats.remaining, NOW + timedelta(seconds=59), NOW) == ("less than 1 min left", "あと1分未満")
    assert both(formats.remaining, NOW - timedelta(seconds=1), NOW) == ("just now overdue", "たった今超過")


def test_no_length_of_business_time_is_nothing() -> None:
    assert both(formats.business_duration, 0) == ("less than 1 business minute", "営業時間で1分未満")
    assert both(formats.business_duration, 45) == ("45 business minutes", "営業時間で45分")


def test_ago_counts_days_beyond_a_day() -> None:
    assert both(formats.ago, NOW, NOW) == ("just now", "たった今")
    assert both(formats.ago, NOW - timedelta(hours=2), NOW) == ("2 h ago", "2時間前")
    assert both(formats.ago, NOW - timedelta(days=32, hours=10), NOW) == ("32 days ago", "32日前")


@pytest.mark.parametrize(
    ("minutes", "is_late", "en", "ja"),
    [
        (1080, False, "18 business hours left", "営業時間であと18時間"),
        (160, False, "2 h 40 min of business time left", "営業時間であと2時間40分"),
        (1, False, "1 business minute left", "営業時間であと1分"),
        (60, True, "1 business hour overdue", "営業時間で1時間超過"),
        (160, True, "2 h 40 min of business time overdue", "営業時間で2時間40分超過"),
    ],
)
def test_business_time_is_named_as_such(minutes: int, is_late: bool, en: str, ja: str) -> None:
    assert both(formats.business_left, minutes, is_late=is_late) == (en, ja)


def test_a_promised_span_of_business_time_is_named_as_such() -> None:
    assert both(formats.business_hours, 18) == ("18 business hours", "営業時間で18時間")
    assert both(formats.business_days, 1) == ("1 business day", "1営業日")


@pytest.mark.parametrize(
    ("value", "en", "ja"),
    [
        (None, "", ""),
        (True, "yes", "はい"),
        (2000, "2,000", "2,000"),
        (Decimal("-1.50"), "−1.5", "−1.5"),
        (date(2000, 2, 29), "Tue 29 Feb 2000", "2000年2月29日(火)"),
        ("2,000 & more", "2,000 & more", "2,000 & more"),
    ],
)
def test_a_stored_value_is_said_by_its_kind(value: object, en: str, ja: str) -> None:
    assert both(formats.written, value) == (en, ja)


def test_templates_know_the_formats_and_an_unknown_value_is_a_dash() -> None:
    text = "{{ none|number }} {{ none|points }} {{ none|ago }} {{ none|stamp }} {{ none|day }} {{ none|percent }}"
    assert Template(text).render(Context({"none": None})) == "– – – – – –"


def test_a_time_in_a_page_has_the_whole_date_over_it() -> None:
    with translation.override("ja"), timezone.override("Asia/Tokyo"):
        tag = formats.ago_tag(NOW - timedelta(days=2), NOW)
    assert tag == '<time datetime="2026-11-20T01:00:00+00:00" title="2026年11月20日(金) 10:00">2日前</time>'
