"""Amounts with a currency or a unit of thousands and more, and how long a cell may take to be read."""

from __future__ import annotations

import time

import pytest

from web.cleaning import CleaningError, read_integer

LARGEST = 2**53


@pytest.mark.parametrize(
    ("text", "value", "remark"),
    [
        ("$1,000,000", 1_000_000, "approximate"),  # its currency stays out
        ("¥1,000,000", 1_000_000, ""),
        ("5.5M", 5_500_000, ""),
        ("1.234M", 1_234_000, ""),
        ("1.2B", 1_200_000_000, ""),
        ("US$ 5 million", 5_000_000, "approximate"),
        ("３億円", 300_000_000, ""),
        ("5千万", 50_000_000, ""),
        ("1億5千万円", 150_000_000, ""),
        ("5,000百万円", 5_000_000_000, ""),
        ("2.3456789012B", 2_345_678_901, "rounded"),
        ("$10M - $50M", 10_000_000, "lower_end"),
        ("10〜50億円", 1_000_000_000, "lower_end"),  # the unit is said once
        ("800〜1万人", 800, "lower_end"),
        ("10K+", 10_000, "lower_end"),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, value: int, remark: str) -> None:
    number = read_integer(text, 0, LARGEST)
    assert (number.value, number.remark) == (value, remark)


@pytest.mark.parametrize("text", ["1" * 39 + "!", "1 " * 19 + "!", "1千万" * 13 + "!", "1m" * 20])
def test_a_cell_that_is_no_number_is_refused_at_once(text: str) -> None:
    began = time.process_time()
    with pytest.raises(CleaningError):
        read_integer(text, 0, LARGEST)
    assert time.process_time() - began < 1
