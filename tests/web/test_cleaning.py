"""Texts into values: what is understood, and what is refused with which code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from web import cleaning

TOKYO = ZoneInfo("Asia/Tokyo")
in_tokyo = partial(cleaning.clean_instant, zone=TOKYO)
employees = partial(cleaning.clean_integer, low=0, high=2**31 - 1)
OFTEN_WRONG = ["0001-01-01", "1999-12-31", "2100-01-02", "9999-12-31"]


def refused(clean: Callable[..., Any], text: str) -> str:
    with pytest.raises(cleaning.CleaningError) as caught:
        clean(text)
    return caught.value.code


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
    assert refused(cleaning.clean_date, text) == "no_such_date"


@pytest.mark.parametrize("text", ["soon", "2026", "2026-11-221", "12345"])
def test_what_is_no_date_is_refused(text: str) -> None:
    assert refused(cleaning.clean_date, text) == "date"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("11/22/2026", date(2026, 11, 22)),
        ("22/11/2026", date(2026, 11, 22)),
        ("22.11.2026", date(2026, 11, 22)),
        ("03.04.2026", date(2026, 4, 3)),
        ("04/04/2026", date(2026, 4, 4)),
        ("22 Nov 2026", date(2026, 11, 22)),
        ("November 22nd, 2026", date(2026, 11, 22)),
        ("R8.11.22", date(2026, 11, 22)),
        ("H31/4/30", date(2019, 4, 30)),
        ("46348", date(2026, 11, 22)),
        ("46348.5", date(2026, 11, 22)),
    ],
)
def test_a_date_of_another_country_or_calendar_that_can_mean_one_day_only_is_understood(text: str, day: date) -> None:
    assert cleaning.clean_date(text) == day


def test_a_date_that_could_be_two_days_needs_the_order_of_its_file() -> None:
    assert refused(cleaning.clean_date, "03/04/2026") == "date_order"
    assert refused(cleaning.clean_date, "26/11/03") == "date_order"
    assert cleaning.clean_date("03/04/2026", "dmy") == date(2026, 4, 3)
    assert cleaning.clean_date("03/04/2026", "mdy") == date(2026, 3, 4)
    assert cleaning.clean_date("26/11/03", "ymd") == date(2026, 11, 3)
    assert refused(partial(cleaning.clean_date, order="dmy"), "11/22/2026") == "no_such_date"
    assert in_tokyo("03/04/2026 9:05 PM", order="mdy") == datetime(2026, 3, 4, 12, 5, tzinfo=UTC)


def test_the_orders_that_are_possible_are_told() -> None:
    assert cleaning.possible_orders("13/04/2026") == {"dmy"}
    assert cleaning.possible_orders("04/13/2026") == {"mdy"}
    assert cleaning.possible_orders("03/04/2026") == {"dmy", "mdy"}
    assert cleaning.possible_orders("2026-04-03") == {"dmy", "mdy", "ymd"}


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
def test_a_time_without_a_zone_is_of_the_zone_given(text: str, at: datetime) -> None:
    assert in_tokyo(text) == at


def test_a_time_without_a_zone_is_refused_where_none_is_given() -> None:
    assert refused(cleaning.clean_instant, "2026-11-20T10:15:00") == "time"
    assert refused(cleaning.clean_instant, "2026年11月20日 10時15分") == "time"


@pytest.mark.parametrize(
    ("text", "code"),
    [("2026-02-30 10:00", "no_such_date"), ("2026-11-20 25:00", "time"), ("soon", "time"), ("", "time")],
)
def test_a_time_that_cannot_be_is_refused(text: str, code: str) -> None:
    assert refused(in_tokyo, text) == code


@pytest.mark.parametrize("text", [*OFTEN_WRONG, "昭和45年1月1日"])
def test_a_day_outside_the_century_is_refused(text: str) -> None:
    assert refused(cleaning.clean_date, text) == "out_of_bounds"


@pytest.mark.parametrize(
    "text",
    [
        *OFTEN_WRONG,
        "0001-01-01T00:00:00+23:59",
        "0001-01-01T00:00:00-23:59",
        "9999-12-31T23:59:59+23:59",
        "9999-12-31T23:59:59-23:59",
        "1999-12-31T23:59:59.999999Z",
        "2000-01-01T00:00:00+23:59",
        "2100-01-01T00:00:00.000001Z",
        "2100-01-01T00:00:00-23:59",
    ],
)
def test_an_instant_outside_the_century_is_refused(text: str) -> None:
    assert refused(in_tokyo, text) == "out_of_bounds"


def test_both_ends_of_the_century_are_inside() -> None:
    assert cleaning.clean_date("2000-01-01") == date(2000, 1, 1)
    assert cleaning.clean_date("2100-01-01") == date(2100, 1, 1)
    assert cleaning.clean_instant("2000-01-01T00:00:00Z") == cleaning.FIRST_INSTANT
    assert cleaning.clean_instant("2100-01-01T23:59:00+23:59") == cleaning.LAST_INSTANT


@pytest.mark.parametrize(
    ("text", "number"), [("1200", 1200), ("1,200", 1200), ("１，２００", 1200), ("300名", 300), ("50.0", 50)]
)
def test_a_number_of_employees_may_have_separators_and_full_width_digits(text: str, number: int) -> None:
    assert employees(text) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("数十名", "integer"),
        ("非公開", "integer"),
        ("2026-11-22", "integer"),
        ("1,2", "integer"),
        ("-1", "range"),
        ("99999999999", "range"),
        ("9" * 5000, "range"),
        ("1e400", "integer"),
    ],
)
def test_a_number_that_is_none_or_does_not_fit_is_refused(text: str, code: str) -> None:
    assert refused(employees, text) == code


@pytest.mark.parametrize(
    ("text", "number", "remark"),
    [
        ("1万2000人", 12_000, ""),
        ("1.2万", 12_000, ""),
        ("1千2百", 1_200, ""),
        ("約300", 300, "approximate"),
        ("about 100", 100, "approximate"),
        ("300名程度", 300, "approximate"),
        ("100〜299", 100, "lower_end"),
        ("100～299名", 100, "lower_end"),
        ("1,000人以上5,000人未満", 1_000, "lower_end"),
        ("51-200", 51, "lower_end"),
        ("1,001 to 5,000 employees", 1_001, "lower_end"),
        ("100名以上", 100, "lower_end"),
        ("10,000+", 10_000, "lower_end"),
        ("50名未満", 1, "lower_end"),
        ("～50", 1, "lower_end"),
        ("873607.15", 873_607, "rounded"),
        ("1.200", 1_200, "dots"),
    ],
)
def test_a_number_that_says_about_how_many_is_read_and_says_how(text: str, number: int, remark: str) -> None:
    assert cleaning.read_integer(text, 0, 2**31 - 1) == cleaning.SoftNumber(value=number, remark=remark)


@pytest.mark.parametrize(
    "text",
    [
        "Ｈａｎａｋｏ@Example.JP ",
        "\u200bhanako@example.jp",
        "\ufeffhanako@example.jp",
        "hanako@example.jp\u200b",
        "hanako@example.jp\u00a0",
        "mailto:hanako@example.jp",
        "Hanako Sato <hanako@example.jp>",
    ],
)
def test_an_address_is_normalised(text: str) -> None:
    assert cleaning.clean_email(text) == "hanako@example.jp"


@pytest.mark.parametrize("text", ["taro..y@docomo.ne.jp", "taro.@docomo.ne.jp", ".taro@docomo.ne.jp"])
def test_addresses_of_old_telephones_are_taken_and_known(text: str) -> None:
    assert cleaning.clean_email(text) == text
    assert cleaning.is_seldom_reached(text)
    assert not cleaning.is_seldom_reached("taro.y@docomo.ne.jp")
    assert cleaning.clean_email('"taro..y"@docomo.ne.jp') == "taro..y@docomo.ne.jp"


def test_a_mailbox_that_several_people_read_is_known() -> None:
    assert cleaning.is_shared_mailbox("info@acme.jp")
    assert cleaning.is_shared_mailbox("sales-tokyo@acme.jp")
    assert not cleaning.is_shared_mailbox("infomiya@acme.jp")


def test_a_number_whose_zero_a_spreadsheet_dropped_is_known() -> None:
    assert [cleaning.has_lost_zero(phone) for phone in ("9012345678", "312345678", "03-1234-5678", "5551234567")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_words_for_nothing_are_known() -> None:
    assert all(map(cleaning.is_placeholder, ["-", "ー", "N/A", "Select", "-- Select --", "不明", "未入力"]))
    assert not any(map(cleaning.is_placeholder, ["0", "no", "なし", "選択肢"]))


@pytest.mark.parametrize(
    "text", ["hanako", "a@b", "a b@example.jp", "a@example.jp\nBcc: x@y.jp", "x" * 400 + "@example.jp"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert refused(cleaning.clean_email, text) == "email"


def test_a_text_is_one_line_and_keeps_formulas_as_they_came() -> None:
    clean = partial(cleaning.clean_line, max_length=40)
    assert clean("two\r\nlines\x07") == "two lines"
    assert clean("鈴木　一郎") == "鈴木　一郎"
    assert clean("=HYPERLINK(1)") == "=HYPERLINK(1)"
    assert clean("👩‍💼 \u200fمرحبا") == "👩‍💼 \u200fمرحبا"
    assert refused(clean, "x" * 200_000) == "too_long"
    assert refused(clean, "a\0b") == "nul"
    assert refused(clean, "a\ud800b") == "nul"


def test_money_is_an_exact_decimal() -> None:
    assert cleaning.clean_amount("¥1,234,567") == Decimal(1234567)
    assert cleaning.clean_amount("0.10") == Decimal("0.10")
    assert refused(cleaning.clean_amount, "NaN") == "decimal"
    assert refused(cleaning.clean_amount, "-1") == "range"


def test_money_is_stored_in_minor_units() -> None:
    assert cleaning.to_minor(Decimal("12.34"), "USD") == 1234
    assert cleaning.to_minor(Decimal(1200), "JPY") == 1200
    with pytest.raises(cleaning.CleaningError) as caught:
        cleaning.to_minor(Decimal("0.5"), "JPY")
    assert (caught.value.code, caught.value.params) == ("too_exact", {"value": "0.5", "currency": "JPY"})
    assert cleaning.clean_currency("ｊｐｙ") == "JPY"
    assert refused(cleaning.clean_currency, "yen") == "currency"


@pytest.mark.parametrize(
    ("text", "number"), [("1.5", 1.5), ("−2", -2.0), ("１，２００．５", 1200.5), ("1e-05", 0.00001), ("-0", 0.0)]
)
def test_a_number_is_read_at_either_width(text: str, number: float) -> None:
    assert cleaning.clean_decimal(text) == number


@pytest.mark.parametrize("text", ["1,2", "inf", "NaN", "1e400", "9" * 5000, "1.2.3", "about 2", "²", "1²", "①", "٣"])
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    assert refused(cleaning.clean_decimal, text) == "decimal"


def test_digits_are_plain_or_full_width_in_whole_numbers_and_amounts_too() -> None:
    assert refused(lambda text: cleaning.clean_integer(text, 0, 100), "5²") == "integer"
    assert refused(cleaning.clean_amount, "¥5²") == "decimal"
    assert cleaning.clean_integer("５２", 0, 100) == 52


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("０３－１２３４－５６７８", "03-1234-5678"),
        ("03ー1234ー5678", "03-1234-5678"),
        ("+49 30 1234567", "+49 30 1234567"),
        ("03-1234-5678（内線12）", "03-1234-5678(内線12)"),
        ("03-1234-5678(代)", "03-1234-5678(代)"),
        ("03-1234-5678 / 090-1111-2222", "03-1234-5678 / 090-1111-2222"),
        ("0120-CALL-ME", "0120-CALL-ME"),
        ("03-1234", "03-1234"),
    ],
)
def test_a_telephone_number_stays_as_it_was_written_in_plain_signs(text: str, stored: str) -> None:
    assert cleaning.clean_phone(text) == stored


@pytest.mark.parametrize("text", ["none", "不明", "taro@example.jp", "-", "/"])
def test_what_no_telephone_could_dial_is_refused(text: str) -> None:
    assert refused(cleaning.clean_phone, text) == "phone"


@pytest.mark.parametrize(
    "text", ["taro@corp.local", "taro@web.test", "taro@日本.jp", "a'b+c@x.example", "x@[10.0.0.1]"]
)
def test_addresses_inside_a_company_and_of_other_scripts_are_kept(text: str) -> None:
    assert cleaning.clean_email(text) == text


@pytest.mark.parametrize(("text", "stored"), [("none", "none"), ("０３－１２３４", "03-1234"), ("不明", "不明")])
def test_what_files_call_a_telephone_number_never_costs_the_row(text: str, stored: str) -> None:
    assert cleaning.plain_phone(text) == stored


@pytest.mark.parametrize("text", ["ops@localhost", "x@host.invalid", "sato@acme.local"])
def test_addresses_that_mail_servers_do_have_are_taken(text: str) -> None:
    assert cleaning.clean_email(text) == text


@pytest.mark.parametrize("text", ["03-1234-5678 090-1111-2222", "03-1234-5678 /", "+999 12345678", "03-1234-5678 x12"])
def test_whatever_looks_dialled_is_a_telephone_number(text: str) -> None:
    assert cleaning.clean_phone(text) == text


def test_pythons_own_separator_is_no_number() -> None:
    assert refused(cleaning.clean_decimal, "12_34") == "decimal"
