"""Columns that say who may be contacted, and those that say who may not."""

from __future__ import annotations

from datetime import datetime

import pytest

from accounts.models import User
from intake.imports.headers import says_refusal
from leads.models import Lead
from tests.intake.importing import imported, report
from tests.intake.test_import_cases import taken
from tests.intake.test_import_mapping import guessed

pytestmark = pytest.mark.django_db

REFUSALS = [
    "Do Not Email", "Unsubscribed from all email", "Email Opt Out", "HasOptedOutOfEmail", "Opted out of email",
    "DoNotCall", "Do Not Call", "Do Not Contact", "Opted out of email: Marketing Information",
    "メール配信停止", "配信停止", "DM不可", "オプトアウト", "連絡不可", "メール配信停止フラグ",
]  # fmt: skip
CONSENTS = ["配信可否", "連絡可否", "Opt-in", "メール配信", "メール配信（希望する／しない）", "Email Opt In", "同意"]


@pytest.mark.parametrize("header", REFUSALS)
def test_a_header_that_says_no_is_guessed_as_a_refusal(header: str) -> None:
    assert guessed([header], [])["columns"] == {header: "lead.refusal"}


@pytest.mark.parametrize("header", CONSENTS)
def test_a_header_that_asks_for_consent_is_guessed_as_consent(header: str) -> None:
    assert guessed([header], [])["columns"] == {header: "lead.consent"}
    assert not says_refusal(header)


@pytest.mark.parametrize(
    "header", ["Email opt out date", "配信停止日", "Fax Opt Out", "配信停止の理由", "Do not email reason"]
)
def test_what_stands_beside_a_refusal_is_none(header: str) -> None:
    assert guessed([header], [])["columns"] == {}


def consents() -> dict[str, bool | None]:
    return dict(Lead.objects.values_list("name", "consent"))


def test_a_file_of_hubspot_tells_who_may_not_be_written_to(marketer: User, now: datetime) -> None:
    text = (
        "First Name,Email,Do Not Email,Unsubscribed from all email\n"
        "A,a@x.example,true,false\nB,b@x.example,false,true\nC,c@x.example,false,false\nD,d@x.example,,\n"
    )
    found = taken(text.encode(), marketer, now)
    assert consents() == {"A": False, "B": False, "C": None, "D": None}
    assert report(found)[0][2] == ["Do Not Email: “true” is read as a refusal of contact: no consent."]


def test_a_japanese_list_tells_who_may_not_be_written_to(marketer: User, now: datetime) -> None:
    cells = {"A": "はい", "B": "x", "C": "1", "D": "いいえ", "E": "", "F": "配信停止", "G": "○", "H": "×"}
    rows = "".join(f"{name},{name.lower()}@x.example,{cell}\n" for name, cell in cells.items())
    taken(f"氏名,メール,メール配信停止\n{rows}".encode("cp932"), marketer, now)
    refused = {"A": False, "B": False, "C": False, "F": False, "G": False, "H": False}
    assert consents() == refused | {"D": None, "E": None}


def test_a_refusal_of_one_column_wins_over_the_consent_of_another(marketer: User, now: datetime) -> None:
    text = (
        "氏名,メール,配信可否,DM不可,メール配信\nA,a@x.example,可,はい,希望する\nB,b@x.example,可,,しない\n"
        "C,c@x.example,可,いいえ,希望する\nD,d@x.example,不可,,\n"
    )
    taken(text.encode(), marketer, now)
    assert consents() == {"A": False, "B": False, "C": True, "D": False}


def test_a_refusal_that_is_mapped_to_consent_by_hand_is_none_the_less(marketer: User, now: datetime) -> None:
    columns = {"name": "lead.name", "mail": "lead.email", "Do Not Email": "lead.consent"}
    text = "name,mail,Do Not Email\nA,a@x.example,true\nB,b@x.example,false\nC,c@x.example,yes\n"
    imported(text, {"columns": columns}, marketer, now)
    assert consents() == {"A": False, "B": None, "C": False}


def test_what_a_person_makes_of_the_texts_under_a_refusal_is_what_counts(marketer: User, now: datetime) -> None:
    columns = {"name": "lead.name", "mail": "lead.email", "Do Not Email": "lead.consent"}
    values = {"lead.consent": {"true": "no", "false": "yes"}}
    text = "name,mail,Do Not Email\nA,a@x.example,true\nB,b@x.example,false\n"
    imported(text, {"columns": columns, "values": values}, marketer, now)
    assert consents() == {"A": False, "B": True}


def test_a_cell_that_says_neither_stays_out_with_a_warning(marketer: User, now: datetime) -> None:
    found = taken(b"name,mail,Do Not Call\nA,a@x.example,ask first\n", marketer, now)
    assert report(found) == [(1, "created", ["Do Not Call: “ask first” isn’t yes or no. Write yes or no, or 1 or 0."])]
