"""Names of people are compared as people read them: whatever their width, script, order, forms and titles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.identity.characters import edits, plain, same_looking, script, short_vowels
from leads.identity.persons import NOBODY, NameLikeness, compare_names, person_name

L = NameLikeness
NAMES = st.sampled_from(
    [
        "佐藤 一郎",
        "髙橋 健",
        "サトウ イチロウ",
        "ｻﾄｳ ﾊﾅｺ",
        "Ichiro Sato",
        "Müller, Jörg",
        "田中部長",
        "ご担当者様",
        "林 健太郎",
        "M",
    ]
)


def likeness(one: str, other: str, kana: str = "", other_kana: str = "") -> NameLikeness:
    return compare_names(person_name(one, kana), person_name(other, other_kana))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("佐藤　花子", "佐藤花子"),
        ("ｻﾄｳ ﾊﾅｺ", "さとう はなこ"),
        ("Ｓａｔｏ Ｈａｎａｋｏ", "sato hanako"),
        ("José García", "Jose Garcia"),
    ],
)
def test_width_kind_of_kana_space_and_accents_make_no_difference(one: str, other: str) -> None:
    assert likeness(one, other) == L.SAME


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("髙橋 健", "高橋 健"),
        ("齋藤 翔", "斎藤 翔"),
        ("渡邊 恵", "渡辺 恵"),
        ("山﨑 學", "山崎 学"),
        ("𠮷田 眞", "吉田 真"),
    ],
)
def test_old_and_new_forms_of_characters_are_one_name(old: str, new: str) -> None:
    assert likeness(old, new) == L.SAME


@pytest.mark.parametrize("other", ["Hanako SATO", "SATO, Hanako", "Satoh Hanako"])
def test_words_in_latin_letters_may_come_in_either_order(other: str) -> None:
    assert likeness("Sato Hanako", other) == L.SAME


def test_family_and_given_name_in_characters_may_come_in_either_order() -> None:
    assert likeness("佐藤 花子", "花子 佐藤") == L.SAME


@pytest.mark.parametrize(
    "titled",
    [
        "佐藤一郎様", "佐藤 一郎 さん", "部長 佐藤 一郎", "営業部 部長　佐藤 一郎 様", "佐藤一郎 代表取締役",
        "佐藤 一郎先生", "佐藤 一郎（営業）",
    ],
)  # fmt: skip
def test_honorifics_and_titles_in_the_field_of_a_name_are_no_part_of_it(titled: str) -> None:
    assert likeness(titled, "佐藤 一郎") == L.SAME


@pytest.mark.parametrize("titled", ["Mr. Ken Mori", "Dr. Ken Mori", "Ken Mori, PhD", "Ken Mori san", "Ken Mori Jr."])
def test_titles_in_latin_letters_are_no_part_of_a_name(titled: str) -> None:
    assert likeness(titled, "Ken Mori") == L.SAME


def test_a_reading_in_brackets_is_the_reading() -> None:
    assert likeness("佐藤 一郎（サトウ イチロウ）", "ｻﾄｳ ｲﾁﾛｳ") == L.READS_ALIKE


def test_kana_and_the_given_reading_of_characters_are_alike() -> None:
    assert likeness("東海林 太郎", "トウカイリン タロウ", "とうかいりん たろう") == L.READS_ALIKE


def test_kana_and_what_a_dictionary_reads_may_be_alike() -> None:
    assert likeness("佐藤 一郎", "サトウ イチロウ") == L.MAY_READ_ALIKE


@pytest.mark.parametrize("romaji", ["Ichiro Sato", "SATO Ichiro", "Satou Ichirou", "Ichiroh Satoh"])
def test_romaji_reads_as_kana_whatever_is_done_with_long_vowels(romaji: str) -> None:
    assert likeness("サトウ イチロウ", romaji) == L.READS_ALIKE
    assert likeness("佐藤 一郎", romaji) == L.MAY_READ_ALIKE


def test_one_reading_with_other_characters_is_another_name() -> None:
    for other in ("佐藤 市郎", "佐藤 伊知郎", "左藤 一郎"):
        assert likeness("佐藤 一郎", other, "サトウ イチロウ", "サトウ イチロウ") == L.WRITTEN_OTHERWISE


def test_the_same_characters_with_two_given_readings_are_not_surely_one_name() -> None:
    assert likeness("田中 裕子", "田中 裕子", "タナカ ユウコ", "タナカ ヒロコ") == L.READ_OTHERWISE


def test_a_family_name_in_common_makes_relatives_or_colleagues() -> None:
    assert likeness("佐藤 一郎", "佐藤 花子") == L.FAMILY_ALONE
    assert likeness("Ichiro Sato", "Hanako Sato") == L.FAMILY_ALONE


def test_a_family_name_alone_may_be_anybody_of_that_name() -> None:
    assert likeness("佐藤 一郎", "佐藤") == L.PART
    assert likeness("田中部長", "田中 美咲") == L.PART


def test_initials_stand_for_a_given_name() -> None:
    assert likeness("I. Sato", "Ichiro Sato") == L.INITIALS


def test_a_letter_more_or_less_is_close() -> None:
    assert likeness("Jonathon Smyth", "Jonathan Smith") == L.CLOSE
    assert likeness("サトウ ハナコ", "サトウ ハナコオ") == L.CLOSE


@pytest.mark.parametrize("filler", ["", "-", "未定", "ご担当者様", "test", "テスト", "a@x.example", "アアア", "担当者"])
def test_what_is_typed_for_no_name_is_none(filler: str) -> None:
    assert person_name(filler) == NOBODY
    assert likeness(filler, filler) == L.UNKNOWN


def test_scripts_without_a_reading_are_not_known_to_differ() -> None:
    assert likeness("李 小龍", "Bruce Lee") in {L.UNKNOWN, L.DIFFERENT}
    assert likeness("佐藤", "Ichiro Sato") == L.PART


@given(NAMES, NAMES)
@settings(max_examples=100, deadline=None)
def test_the_order_of_two_names_makes_no_difference(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)


@given(st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_compared_and_is_itself(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert likeness(text, text) in {L.SAME, L.UNKNOWN}
    assert same_looking(same_looking(plain(text))) == same_looking(plain(text))


@pytest.mark.parametrize(
    ("one", "other", "number"), [("sato", "sato", 0), ("sato", "saot", 1), ("sato", "sat", 1), ("sato", "mori", 3)]
)
def test_edits_are_counted_no_further_than_asked(one: str, other: str, number: int) -> None:
    assert edits(one, other, 2) == number == edits(other, one, 2)


def test_scripts_are_told_apart() -> None:
    assert [script(plain(text)) for text in ("佐藤一郎", "さとう", "Sato", "123")] == [
        "ideographs",
        "kana",
        "latin",
        "",
    ]


def test_long_vowels_are_read_short() -> None:
    assert [short_vowels(text) for text in ("サトウ", "オオノ", "ユウコ", "イノウエ")] == [
        "サト",
        "オノ",
        "ユコ",
        "イノエ",
    ]
