"""What belongs together is taken together: name and reading, country and region, title and its level."""

from __future__ import annotations

from itertools import product

import pytest

from leads.models import Lead
from leads.queries.merge_values import changes_of

NAMES = [
    ("", ""),
    ("佐藤 一郎", ""),
    ("佐藤 一郎", "サトウ イチロウ"),
    ("鈴木 花子", "スズキ ハナコ"),
    ("サトウ イチロウ", ""),
]
PLACES = [("", ""), ("JP", ""), ("JP", "東京都"), ("US", "Texas")]


def after(kept: Lead, merged: Lead) -> Lead:
    for name, (_before, value) in changes_of(kept, merged).items():
        setattr(kept, name, value)
    return kept


@pytest.mark.parametrize(("own", "other"), list(product(NAMES, NAMES)))
def test_a_reading_never_stands_beside_the_name_of_somebody_else(own: tuple[str, str], other: tuple[str, str]) -> None:
    kept = after(Lead(name=own[0], kana=own[1]), Lead(name=other[0], kana=other[1]))
    readings = {
        "佐藤 一郎": {"", "サトウ イチロウ"},
        "鈴木 花子": {"", "スズキ ハナコ"},
        "サトウ イチロウ": {""},
        "": {""},
    }
    assert kept.kana in readings[kept.name]
    assert kept.name == (own[0] or other[0])


@pytest.mark.parametrize(("own", "other"), list(product(PLACES, PLACES)))
def test_a_region_never_stands_beside_another_country(own: tuple[str, str], other: tuple[str, str]) -> None:
    kept = after(Lead(country=own[0], region=own[1]), Lead(country=other[0], region=other[1]))
    assert kept.region in {"": {""}, "JP": {"", "東京都"}, "US": {"Texas"}}[kept.country]


def test_a_name_in_kana_becomes_the_reading_of_the_name_that_is_kept() -> None:
    kept = after(Lead(name="佐藤 一郎"), Lead(name="サトウ イチロウ"))
    assert (kept.name, kept.kana) == ("佐藤 一郎", "サトウ イチロウ")


def test_a_title_level_stays_with_its_title() -> None:
    assert after(Lead(title="Engineer"), Lead(title="CEO", title_level=5)).title_level is None
    assert after(Lead(), Lead(title="CEO", title_level=5)).title_level == 5


@pytest.mark.parametrize(("own", "other"), list(product([None, True, False], repeat=2)))
def test_a_refusal_wins_whichever_is_kept(own: bool | None, other: bool | None) -> None:
    kept = after(Lead(consent=own), Lead(consent=other))
    assert kept.consent is (False if False in (own, other) else True if True in (own, other) else None)
