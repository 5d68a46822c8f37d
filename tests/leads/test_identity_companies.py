"""Names of companies: one company in many spellings, and two companies whose names only look alike."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.identity.companies import NO_COMPANY, CompanyLikeness, FormPlace, company_name, compare_companies
from leads.identity.corporate_numbers import check_digit, clean_corporate_number, is_corporate_number
from web.cleaning import CleaningError

L = CompanyLikeness


def likeness(one: str, other: str) -> CompanyLikeness:
    return compare_companies(company_name(one), company_name(other))


@pytest.mark.parametrize(
    ("long", "shorts"),
    [
        ("株式会社", ["(株)", "（株）", "㈱", "㍿", "カ)"]),
        ("有限会社", ["(有)", "㈲", "ユ)"]),
        ("合同会社", ["(同)", "(合同)", "ド)"]),
        ("合資会社", ["(資)", "㈾", "シ)"]),
        ("合名会社", ["(名)", "㈴", "メ)"]),
        ("一般社団法人", ["(一社)"]),
        ("公益社団法人", ["(公社)"]),
        ("一般財団法人", ["(一財)"]),
        ("公益財団法人", ["(公財)"]),
        ("医療法人", ["(医)", "イ)"]),
        ("学校法人", ["(学)", "㈻", "ガク)"]),
        ("社会福祉法人", ["(福)", "(社福)", "フク)"]),
        ("宗教法人", ["(宗)"]),
        ("特定非営利活動法人", ["NPO法人", "(特非)", "ＮＰＯ法人"]),
        ("独立行政法人", ["(独)"]),
        ("協同組合", ["(協)"]),
        ("相互会社", ["(相)"]),
    ],
)
def test_each_legal_form_is_known_in_full_and_abbreviated(long: str, shorts: list[str]) -> None:
    assert company_name(f"{long}アクメ").form == long
    for short in shorts:
        assert likeness(f"{long}アクメ", f"{short}アクメ") == L.SAME, short
        assert likeness(f"{long} アクメ", f"{short} ｱｸﾒ") == L.SAME, short


@pytest.mark.parametrize("name", ["Acme Co., Ltd.", "Acme Inc.", "ACME K.K.", "acme corporation", "Ａｃｍｅ　Ｉｎｃ"])
def test_what_stands_for_a_stock_company_in_english_is_one_form(name: str) -> None:
    assert likeness(name, "Acme, Inc") == L.SAME


def test_a_legal_form_before_and_behind_the_name_is_kept_and_makes_two_companies_of_which_nobody_knows() -> None:
    assert [company_name(name).place for name in ("株式会社アクメ", "アクメ(株)")] == [
        FormPlace.BEFORE,
        FormPlace.AFTER,
    ]
    assert likeness("株式会社アクメ", "アクメ株式会社") == L.OTHER_SIDE


def test_two_legal_forms_make_two_companies_of_which_nobody_knows() -> None:
    assert likeness("株式会社アクメ", "合同会社アクメ") == L.OTHER_FORM
    assert likeness("Acme Inc.", "Acme GmbH") == L.OTHER_FORM


def test_a_short_word_for_a_form_may_mean_any_of_its_kind() -> None:
    assert likeness("(医)誠心会", "医療法人社団 誠心会") == L.SAME
    assert likeness("社団法人みらい", "一般社団法人みらい") == L.SAME


def test_who_leaves_the_legal_form_out_may_mean_the_same() -> None:
    assert likeness("アクメ", "(株)アクメ") == L.FORM_MISSING


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ニチバン株式会社", "二チバン株式会社"),
        ("日本データー", "日本デ一タ一"),
        ("タカラ", "夕カラ"),
        ("大阪工業", "大阪エ業"),
        ("キャノン", "キヤノン"),
        ("富士カッター", "富士力ッター"),
        ("ロイヤル", "口イヤル"),
    ],
)
def test_characters_that_look_alike_make_no_difference(one: str, other: str) -> None:
    assert likeness(one, other) == L.LOOKS_SAME


@pytest.mark.parametrize(
    ("name", "core", "branch"),
    [
        ("株式会社アクメ 大阪支店 営業部", "アクメ", "大阪支店 営業部"),
        ("アクメ株式会社名古屋営業所", "アクメ", "名古屋営業所"),
        ("アクメ大阪支店", "アクメ", "大阪支店"),
        ("三菱UFJ銀行 新宿支店", "三菱ufj銀行", "新宿支店"),
        ("Acme Inc. Osaka Branch", "acme", "osaka branch"),
        ("株式会社東京センター", "東京センター", ""),
    ],
)
def test_branch_and_department_are_split_off(name: str, core: str, branch: str) -> None:
    assert (company_name(name).core, company_name(name).branch) == (core, branch)


def test_two_branches_are_said_to_be_two() -> None:
    assert likeness("アクメ株式会社 大阪支店", "アクメ株式会社 福岡支店") == L.OTHER_BRANCH
    assert likeness("アクメ株式会社 大阪支店", "アクメ株式会社") == L.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("東京電力", "東北電力"),
        ("東京電力株式会社", "東北電力株式会社"),
        ("アクメ商事", "アクメ"),
        ("第一銀行", "第二銀行"),
    ],
)
def test_one_character_more_or_another_is_another_company(one: str, other: str) -> None:
    assert likeness(one, other) == L.DIFFERENT


def test_names_in_two_scripts_are_not_known_to_differ() -> None:
    assert likeness("Acme Inc.", "株式会社アクメ") == L.UNKNOWN


def test_a_letter_apart_is_close_in_latin_letters_only() -> None:
    assert likeness("Microsoft", "Microsft Inc.") == L.CLOSE


@pytest.mark.parametrize("filler", ["", "-", "不明", "N/A"])
def test_what_is_typed_for_no_company_is_none(filler: str) -> None:
    assert company_name(filler) == NO_COMPANY


@given(st.text(max_size=40), st.sampled_from(["株式会社アクメ", "Acme Inc.", "東京電力"]))
@settings(max_examples=200, deadline=None)
def test_any_two_names_can_be_compared_in_either_order(text: str, name: str) -> None:
    assert likeness(text, name) == likeness(name, text)
    assert likeness(text, text) in {L.SAME, L.UNKNOWN}


def test_a_corporate_number_has_a_check_digit() -> None:
    assert check_digit("700110005901") == 8  # the example that the National Tax Agency publishes
    assert is_corporate_number("8700110005901")
    assert not is_corporate_number("9700110005901")
    assert clean_corporate_number("Ｔ８-7001-1000-5901") == "8700110005901"
    with pytest.raises(CleaningError):
        clean_corporate_number("1234567890123")


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11))
@settings(max_examples=100, deadline=None)
def test_a_digit_that_changes_is_found(digits: str, place: int) -> None:
    number = f"{check_digit(digits)}{digits}"
    changed = str((int(digits[place]) + 1) % 10)
    assert is_corporate_number(number)
    wrong = number[: place + 1] + changed + number[place + 2 :]
    assert not is_corporate_number(wrong) or {digits[place], changed} == {"9", "0"}
