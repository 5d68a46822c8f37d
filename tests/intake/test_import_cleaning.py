"""Texts of files into values: what is understood, and what is refused in which words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from intake.imports import cleaning
from intake.imports.problems import Bad
from leads.enums import TitleLevel

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
TOKYO = cleaning.time_in(ZoneInfo("Asia/Tokyo"), NOW)


def refused(clean: cleaning.Cleaner, text: str) -> str:
    with translation.override("en"), pytest.raises(Bad) as caught:
        clean(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-22", date(2026, 11, 22)),
        ("2026/11/22", date(2026, 11, 22)),
        ("2026/1/2", date(2026, 1, 2)),
        ("2026.11.22", date(2026, 11, 22)),
        ("20261122", date(2026, 11, 22)),
        ("２０２６／１１／２２", date(2026, 11, 22)),
        ("2026年11月22日", date(2026, 11, 22)),
        ("2026年11月22日(日)", date(2026, 11, 22)),
        ("令和8年11月22日", date(2026, 11, 22)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("2026-11-22 10:15:00", date(2026, 11, 22)),
    ],
)
def test_dates_are_understood_as_people_write_them(text: str, day: date) -> None:
    assert cleaning.clean_date(text) == day


@pytest.mark.parametrize("text", ["2026-02-30", "2026/13/01", "2026年2月30日", "20260230"])
def test_a_date_that_does_not_exist_is_refused(text: str) -> None:
    assert refused(cleaning.clean_date, text) == f"The date “{text}” does not exist."


@pytest.mark.parametrize("text", ["11/22/2026", "22.11.2026", "soon", "2026", "2026-11-221"])
def test_a_date_that_could_be_read_in_two_ways_is_refused(text: str) -> None:
    assert refused(cleaning.clean_date, text).startswith(f"“{text}” is not a date.")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-20", datetime(2026, 11, 19, 15, 0, tzinfo=UTC)),
        ("2026-11-20T10:15:00+00:00", datetime(2026, 11, 20, 10, 15, tzinfo=UTC)),
        ("2026-11-20T10:15:00Z", datetime(2026, 11, 20, 10, 15, tzinfo=UTC)),
        ("2026-11-20 10:15", datetime(2026, 11, 20, 1, 15, tzinfo=UTC)),
        ("2026/11/20 9:05", datetime(2026, 11, 20, 0, 5, tzinfo=UTC)),
        ("2026/11/20 9:05:07", datetime(2026, 11, 20, 0, 5, 7, tzinfo=UTC)),
        ("2026年11月20日 10時15分", datetime(2026, 11, 20, 1, 15, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_of_the_zone_of_the_mapping(text: str, at: datetime) -> None:
    assert TOKYO(text) == at


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-02-30 10:00", "The date “2026-02-30 10:00” does not exist."),
        ("2099-01-01", "“2099-01-01” lies in the future."),
        ("1970-01-01", "“1970-01-01” lies before the year 2000."),
        (
            "2026-11-20 25:00",
            "“2026-11-20 25:00” is not a date and time. Write the year first, such as 2026-11-22 10:15.",
        ),
    ],
)
def test_a_time_that_cannot_be_is_refused(text: str, words: str) -> None:
    assert refused(TOKYO, text) == words


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("課長", TitleLevel.MANAGER),
        ("部長", TitleLevel.DIRECTOR),
        ("係長", TitleLevel.LEAD),
        ("主任", TitleLevel.LEAD),
        ("役員", TitleLevel.EXECUTIVE),
        ("社長", TitleLevel.EXECUTIVE),
        ("代表取締役社長", TitleLevel.EXECUTIVE),
        ("営業部長", TitleLevel.DIRECTOR),
        ("製造部 課長", TitleLevel.MANAGER),
        ("担当者", TitleLevel.STAFF),
        ("Manager", TitleLevel.MANAGER),
        ("director", TitleLevel.DIRECTOR),
        ("executive", TitleLevel.EXECUTIVE),
        ("3", TitleLevel.MANAGER),
    ],
)
def test_a_title_level_is_read_from_the_word(text: str, level: TitleLevel) -> None:
    assert cleaning.clean_title_level(text) == level


def test_a_title_that_says_no_level_is_refused() -> None:
    words = "“wizard” is none of: staff, lead, manager, director, executive."
    assert refused(cleaning.clean_title_level, "wizard") == words


@pytest.mark.parametrize(
    ("text", "number"), [("1200", 1200), ("1,200", 1200), ("１，２００", 1200), ("300名", 300), ("50.0", 50)]
)
def test_a_number_of_employees_may_have_separators_and_full_width_digits(text: str, number: int) -> None:
    assert cleaning.whole_number(0, cleaning.BIGGEST)(text) == number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("about 100", "“about 100” is not a whole number."),
        ("1,2", "“1,2” is not a whole number."),
        ("-1", "“-1” is too small or too large."),
        ("99999999999", "“99999999999” is too small or too large."),
        ("9" * 5000, "“" + "9" * 59 + "…” is too small or too large."),
        ("1e400", "“1e400” is not a whole number."),
    ],
)
def test_a_number_that_is_none_or_does_not_fit_is_refused(text: str, words: str) -> None:
    assert refused(cleaning.whole_number(0, cleaning.BIGGEST), text) == words


def test_an_address_is_normalised() -> None:
    assert cleaning.clean_email("Ｈａｎａｋｏ@Example.JP ") == "hanako@example.jp"


@pytest.mark.parametrize(
    "text", ["hanako", "a@b", "a b@example.jp", "a@example.jp\nBcc: x@y.jp", "x" * 400 + "@example.jp"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert refused(cleaning.clean_email, text).endswith("is not an e-mail address.")


def test_a_text_is_one_line_and_keeps_formulas_as_they_came() -> None:
    clean = cleaning.text_of(40)
    assert clean("two\r\nlines\x07") == "two lines"
    assert clean("鈴木　一郎") == "鈴木　一郎"
    assert clean("=HYPERLINK(1)") == "=HYPERLINK(1)"
    assert clean("👩‍💼 \u200fمرحبا") == "👩‍💼 \u200fمرحبا"
    assert refused(clean, "x" * 200_000) == "Longer than 40 characters."
    assert refused(clean, "a\0b") == "Contains a NUL character."


@pytest.mark.parametrize(
    ("text", "said"), [("はい", True), ("YES", True), ("1", True), ("同意しない", False), ("×", False)]
)
def test_yes_and_no_are_understood_in_both_languages(text: str, said: bool) -> None:
    assert cleaning.clean_boolean(text) is said


def test_money_is_an_exact_decimal() -> None:
    assert cleaning.clean_amount("¥1,234,567") == Decimal(1234567)
    assert cleaning.clean_amount("0.10") == Decimal("0.10")
    assert refused(cleaning.clean_amount, "NaN") == "“NaN” is not a number."
