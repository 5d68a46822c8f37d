from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.measures import day, length, number, signed


@pytest.mark.parametrize(
    ("value", "plain", "with_sign"),
    [
        (Decimal(0), "0", "0"),
        (Decimal("-0.00"), "0", "0"),
        (20, "20", "+20"),
        (Decimal("-12.50"), "−12.5", "−12.5"),
        (1234567, "1,234,567", "+1,234,567"),
        (Decimal("1E+3"), "1,000", "+1,000"),
        (Decimal("0.123456"), "0.123456", "+0.123456"),
    ],
)
def test_a_number_reads_the_same_in_both_languages(value: int | Decimal, plain: str, with_sign: str) -> None:
    assert (number(value), signed(value)) == (plain, with_sign)


def test_a_length_of_time_has_the_unit_of_the_language() -> None:
    assert [length(1, "day", "en"), length(14, "day", "en"), length(14, "day", "ja")] == ["1 day", "14 days", "14日"]
    assert [length(1, "hour", "en"), length(1000, "hour", "en"), length(48, "hour", "ja")] == [
        "1 hour",
        "1,000 hours",
        "48時間",
    ]


def test_a_day_has_its_weekday_and_the_year_if_wanted() -> None:
    on = date(2027, 2, 28)
    assert [day(on, "en"), day(on, "ja")] == ["Sun 28 Feb 2027", "2027年2月28日(日)"]
    assert [day(on, "en", with_year=False), day(on, "ja", with_year=False)] == ["Sun 28 Feb", "2月28日(日)"]
