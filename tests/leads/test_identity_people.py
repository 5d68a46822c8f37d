"""What two leads are to each other: same, unknown, different or related, with what speaks for and against."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.enums import Finding, Likeness, Sureness
from leads.identity.companies import company_name
from leads.identity.contacts import domain_key, email_key, phone_keys
from leads.identity.people import Fact, Person, judge, keys_of
from leads.identity.persons import person_name

SATO = {"name": "佐藤 一郎", "company": "株式会社アクメ"}


def person(**given: Any) -> Person:
    """A lead that says this of itself."""
    emails = [email_key(address) for address in given.get("emails", ())]
    return Person(
        pk=given.get("pk", 1),
        name=person_name(given.get("name", ""), given.get("kana", "")),
        emails=frozenset(emails),
        phones=phone_keys(given.get("phone", "")),
        company=company_name(given.get("company", "")),
        domains=frozenset({domain_key(address) for address in emails} - {""}),
        place=given.get("place", ""),
        country=given.get("country", ""),
        facts=tuple(Fact(code, "text", value) for code, value in given.get("facts", {}).items()),
    )


def finding(one: dict[str, Any], other: dict[str, Any]) -> Finding:
    return judge(person(**one), person(**other)).finding


def test_three_spellings_with_one_number_are_one_person_and_a_colleague_is_related() -> None:
    one = SATO | {"phone": "03-1234-5678", "emails": ["f16a@acme.example"]}
    other = {
        "name": "佐藤　一郎",
        "phone": "０３（１２３４）５６７８",
        "company": "(株)アクメ",
        "emails": ["f16b@acme.example"],
    }
    third = {
        "name": "サトウ イチロウ",
        "phone": "+81-3-1234-5678",
        "company": "アクメ",
        "emails": ["ichiro@f16.example"],
    }
    colleague = {
        "name": "鈴木 花子",
        "phone": "03-1234-9999",
        "company": "株式会社アクメ",
        "emails": ["f16d@acme.example"],
    }
    assert {finding(one, other), finding(other, third), finding(one, third)} <= {Finding.SAME, Finding.UNKNOWN}
    assert judge(person(**one), person(**third)).sureness in {Sureness.SURE, Sureness.LIKELY}
    assert {finding(one, colleague), finding(other, colleague), finding(third, colleague)} == {Finding.RELATED}


def test_colleagues_who_share_a_switchboard_are_related() -> None:
    number = {"phone": "03-1234-5678", "company": "アクメ"}
    assert finding(number | {"name": "佐藤 一郎"}, number | {"name": "鈴木 花子"}) == Finding.RELATED


def test_equal_names_at_one_company_are_one_person_while_nothing_differs() -> None:
    assert finding(SATO, SATO) == Finding.SAME
    assert finding(SATO | {"phone": "090-1234-5678"}, SATO | {"phone": "080-9999-1234"}) == Finding.UNKNOWN
    large = replace(person(**SATO), is_in_large_company=True)
    assert judge(large, person(**SATO)).finding == Finding.UNKNOWN


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ({"country": "JP"}, {"country": "SG"}),
        ({"emails": ["a@acme-1.example"]}, {"emails": ["a@acme-2.example"]}),
        ({"phone": "03-1234-5678"}, {"phone": "06-5555-1234"}),
    ],
)
def test_namesakes_of_one_company_in_two_countries_domains_or_offices_are_unknown(here: Any, there: Any) -> None:
    assert finding(SATO | here, SATO | there) == Finding.UNKNOWN


@pytest.mark.parametrize("company", ["アクメ株式会社", "合同会社アクメ", "株式会社アクメ 大阪支店"])
def test_equal_names_at_companies_that_may_be_two_are_unknown(company: str) -> None:
    here = SATO | {"company": "株式会社アクメ 福岡支店"} if "支店" in company else SATO
    assert finding(here, SATO | {"company": company}) == Finding.UNKNOWN


def test_equal_names_at_different_addresses_are_never_the_same() -> None:
    here, there = (
        SATO | {"place": place, "facts": {"street": street}}
        for place, street in (("東京", "丸の内1-1"), ("大阪", "梅田3-2"))
    )
    verdict = judge(person(**here), person(**there))
    assert verdict.finding != Finding.SAME
    assert [reason.kind for reason in verdict.reasons if not reason.is_for] == [Likeness.PLACE, Likeness.FACT]


def test_equal_names_at_two_companies_are_unknown_and_never_compared_by_themselves() -> None:
    elsewhere = SATO | {"company": "東西商事"}
    assert judge(person(**SATO), person(**elsewhere)).probability < 0.5
    assert not keys_of(person(**SATO)) & keys_of(person(**elsewhere))


def test_a_mobile_number_and_a_name_are_one_person_whatever_the_company() -> None:
    mine = {"name": "佐藤 一郎", "phone": "090-1234-5678"}
    assert finding(mine | {"company": "アクメ"}, mine | {"company": "東西商事"}) == Finding.SAME


def test_one_address_with_two_names_is_unknown() -> None:
    address = {"emails": ["sato@acme.example"]}
    assert finding(address | {"name": "佐藤 一郎"}, address | {"name": "鈴木 花子"}) == Finding.UNKNOWN


def test_one_reading_in_other_characters_at_one_company_is_a_colleague() -> None:
    other = SATO | {"name": "佐藤 市郎", "kana": "サトウ イチロウ"}
    assert finding(SATO | {"kana": "サトウ イチロウ"}, other) == Finding.RELATED


def test_a_value_that_too_many_have_is_no_evidence() -> None:
    one, other = (person(name="", phone="0120-000-123", pk=pk) for pk in (1, 2))
    assert judge(one, other).finding == Finding.UNKNOWN
    verdict = judge(one, other, common=frozenset({"p:+81120000123"}))
    assert (verdict.finding, verdict.reasons) == (Finding.DIFFERENT, [])


def test_reasons_are_signed_and_name_the_values_that_were_compared() -> None:
    one = SATO | {"phone": "03-1234-5678", "emails": ["ichiro@acme.example"]}
    other = SATO | {"phone": "03 1234 5678", "emails": ["i.sato@acme.example"]}
    verdict = judge(person(**one), person(**other))
    assert {(reason.kind, reason.level, reason.is_for, reason.one) for reason in verdict.reasons} == {
        (Likeness.NAME, "same", True, "佐藤一郎"),
        (Likeness.PHONE, "same_line", True, "+81312345678"),
        (Likeness.COMPANY, "same", True, "アクメ"),
        (Likeness.ADDRESS, "differs", False, "ichiro@acme.example"),
    }


def test_only_agreements_are_evidence_that_asks_again() -> None:
    one, other = person(**SATO, emails=["a@acme.example"]), person(**SATO, emails=["b@acme.example"])
    assert judge(one, other).evidence == ["company:アクメ", "name:佐藤一郎"]


PEOPLE = st.builds(
    person,
    name=st.sampled_from(["佐藤 一郎", "サトウ イチロウ", "Ichiro Sato", "佐藤 花子", "", "鈴木 健"]),
    kana=st.sampled_from(["", "サトウ イチロウ"]),
    phone=st.sampled_from(["", "03-1234-5678", "090-1234-5678", "+81 3 1234 5678"]),
    company=st.sampled_from(["", "株式会社アクメ", "アクメ(株)", "東西商事"]),
    emails=st.lists(st.sampled_from(["a@acme.example", "info@acme.example", "sato@gmail.com"]), max_size=2),
    place=st.sampled_from(["", "東京", "大阪"]),
)


@given(PEOPLE, PEOPLE)
@settings(max_examples=300, deadline=None)
def test_the_order_of_two_leads_makes_no_difference(one: Person, other: Person) -> None:
    here, there = judge(one, other), judge(other, one)
    assert (here.finding, here.evidence) == (there.finding, there.evidence)
    assert here.probability == pytest.approx(there.probability)


@given(PEOPLE, PEOPLE)
@settings(max_examples=300, deadline=None)
def test_who_may_be_one_person_has_a_key_in_common(one: Person, other: Person) -> None:
    verdict = judge(one, other)
    if verdict.finding == Finding.SAME:
        assert keys_of(one) & keys_of(other)


@given(PEOPLE, PEOPLE)
@settings(max_examples=300, deadline=None)
def test_whoever_is_the_same_is_reached_the_same_way_or_differs_in_nothing(one: Person, other: Person) -> None:
    verdict = judge(one, other)
    if verdict.finding == Finding.SAME:
        reached = {reason.kind for reason in verdict.reasons if reason.is_for} & {Likeness.PHONE, Likeness.ADDRESS}
        assert reached or all(reason.is_for for reason in verdict.reasons)
