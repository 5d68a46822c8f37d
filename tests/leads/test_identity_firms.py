"""What two companies are to each other: sixty pairs as a person reads them, and what numbers and domains decide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.company_pairs import pairs
from leads.enums import Finding
from leads.identity.companies import company_name
from leads.identity.firms import Firm, judge_firms

ACME = Firm(name=company_name("株式会社アクメ"))


@pytest.mark.parametrize(("one", "other", "wanted"), pairs())
def test_a_pair_is_judged_as_a_person_does(one: str, other: str, wanted: str) -> None:
    firms = Firm(name=company_name(one)), Firm(name=company_name(other))
    assert {judge_firms(*firms).finding, judge_firms(*reversed(firms)).finding} == {wanted}


def test_a_corporate_number_decides_whatever_the_names_say() -> None:
    after = Firm(name=company_name("アクメ株式会社"), number="8700110005901")
    assert judge_firms(replace(ACME, number="8700110005901"), after).finding == Finding.SAME
    assert judge_firms(replace(ACME, number="7000012050002"), replace(ACME, number="8700110005901")).finding == (
        Finding.DIFFERENT
    )


def test_equal_names_at_different_addresses_are_never_the_same() -> None:
    assert judge_firms(replace(ACME, place="東京都"), replace(ACME, place="大阪府")).finding == Finding.UNKNOWN
    assert judge_firms(replace(ACME, domain="a.example"), replace(ACME, domain="b.example")).finding == Finding.UNKNOWN


def test_another_name_at_the_same_domain_is_a_company_of_the_group() -> None:
    group = replace(ACME, domain="acme.example"), Firm(name=company_name("アクメ商事"), domain="acme.example")
    assert judge_firms(*group).finding == Finding.RELATED
