"""Words of files for our own codes: what is understood, and what is refused in which words."""

from __future__ import annotations

import pytest
from django.utils import translation

from intake.imports import vocabulary
from intake.imports.problems import words_of
from leads.enums import TitleLevel
from web.cleaning import CleaningError, clean_boolean


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
    assert vocabulary.title_level_cleaner()(text) == level


def test_a_title_that_says_no_level_is_refused() -> None:
    words = "“wizard” isn’t one of: Staff, Team lead, Manager, Director, Executive."
    with translation.override("en"), pytest.raises(CleaningError) as caught:
        vocabulary.title_level_cleaner()("wizard")
    assert words_of(caught.value.code, caught.value.params) == words


@pytest.mark.parametrize(
    ("text", "said"), [("はい", True), ("YES", True), ("1", True), ("同意しない", False), ("×", False)]
)
def test_yes_and_no_are_understood_in_both_languages(text: str, said: bool) -> None:
    assert clean_boolean(text) is said
