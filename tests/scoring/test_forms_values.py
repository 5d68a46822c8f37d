"""What people type, and the numbers, durations and lists it becomes; no database."""

from __future__ import annotations

import math
from typing import Any

import pytest

from engine.catalog import FieldType
from scoring import yaml_text
from scoring.forms import values
from scoring.starters import CODES, starter


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("20", 20),
        ("２０", 20),
        ("−4", -4),
        ("－4", -4),
        ("12.50", 12.5),
        ("1,000", 1000),
        ("+3", 3),
        ("1e3", 1000),
        ("20,5", "20,5"),
        ("", ""),
        ("abc", "abc"),
        ("1_000_000", 1_000_000),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, number: Any) -> None:
    assert values.number(typed) == number


@pytest.mark.parametrize("typed", ["NaN", "sNaN", "inf", "1e400", "-1e999999999", "1e999999"])
def test_numbers_without_end_stay_without_end_and_cost_nothing(typed: str) -> None:
    number = values.number(typed)
    assert isinstance(number, float)
    assert not math.isfinite(number)


@pytest.mark.parametrize(
    ("amount", "unit", "written"),
    [("14", "d", "14d"), ("３６", "h", "36h"), ("36h", "d", "36h"), ("x", "d", "xd"), ("", "", "d")],
)
def test_a_length_is_an_amount_and_a_unit(amount: str, unit: str, written: str) -> None:
    assert values.length(amount, unit) == written


def test_lists_are_separated_by_commas_of_either_width_or_by_lines() -> None:
    assert values.words("製造業、IT, 物流，\n商社,,") == ["製造業", "IT", "物流", "商社"]


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("100", FieldType.INTEGER, 100),
        ("true", FieldType.BOOLEAN, True),
        ("maybe", FieldType.BOOLEAN, "maybe"),
        ("２０２６-06-01", FieldType.DATE, "2026-06-01"),
        (" 100 ", FieldType.TEXT, "100"),
        ("100", None, "100"),
    ],
)
def test_a_value_takes_the_type_of_its_field(typed: str, kind: FieldType | None, value: Any) -> None:
    assert values.value(typed, kind) == value


@pytest.mark.parametrize("code", CODES)
def test_text_reads_back_as_what_was_written(code: str) -> None:
    document = starter(code, "ja").document
    written = yaml_text.write(document)
    assert yaml_text.load(written).raw == document
    assert max(len(line) for line in written.splitlines()) < 200


def test_every_path_knows_its_line() -> None:
    loaded = yaml_text.load("model: A\ngroups:\n  - name: B\n    rules:\n      - {name: C, points: 1}\n")
    lines = {
        path: loaded.line_of(path) for path in ("model", "groups[0].name", "groups[0].rules[0].points", "groups[0].max")
    }
    assert lines == {"model": 1, "groups[0].name": 3, "groups[0].rules[0].points": 5, "groups[0].max": 3}


UNREADABLE = [
    "a: &x [1]\nb: *x",
    "a: 1\na: 2",
    "[" * 200,
    "a: [1",
    "? [a]\n: b",
    "a: 2026-02-30",
    "a: \x00",
    "- a\n---\n- b",
    "a: " + "9" * 5000,
]


@pytest.mark.parametrize("written", UNREADABLE)
def test_text_that_is_not_taken_says_why_and_where(written: str) -> None:
    loaded = yaml_text.load(written)
    assert (loaded.raw, bool(loaded.problem), loaded.line >= 1) == (None, True, True)
