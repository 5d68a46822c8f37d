"""`manage.py duplicates` says who may be one person, and why."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from leads.models import Lead
from tests.factories import CompanyFactory, LeadFactory


def said(*args: str, **options: Any) -> str:
    out = StringIO()
    call_command("duplicates", *args, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def pair(db) -> tuple[Lead, Lead]:
    company = CompanyFactory(name="株式会社アクメ")
    one = LeadFactory(name="佐藤 一郎", phone="03-1234-5678", email="", company=company)
    other = LeadFactory(name="サトウ イチロウ", phone="+81-3-1234-5678", email="i@f16.example", company=company)
    LeadFactory(name="鈴木 花子", phone="03-1234-5678", email="", company=company)
    return one, other


def test_proposals_are_listed_with_verdict_probability_and_signed_reasons(pair) -> None:
    (document,) = json.loads(said("--json"))
    one, other = pair
    assert [lead["id"] for lead in document["leads"]] == [one.pk, other.pk]
    assert (document["verdict"], document["probability"] > 0.9) == ("same", True)
    assert [(reason["sign"], reason["kind"], reason["level"]) for reason in document["reasons"]] == [
        ("+", "name", "may_read_alike"),
        ("+", "company", "same"),
        ("+", "phone", "same_line"),
    ]
    assert document["reasons"][2]["values"] == ["+81312345678"]


def test_a_threshold_leaves_the_less_probable_out(pair) -> None:
    assert json.loads(said("--json", "--threshold", "0.9999")) == []
    with pytest.raises(CommandError):
        said("--threshold", "2")


def test_any_two_leads_are_told_apart_with_the_reasons(pair) -> None:
    one, _other = pair
    colleague = Lead.objects.get(name="鈴木 花子")
    text = said("--why", str(one.pk), str(colleague.pk), language="en")
    assert "related" in text
    assert "− Name differs" in text
    assert json.loads(said("--why", str(one.pk), str(colleague.pk), "--json"))["verdict"] == "related"


def test_a_lead_that_nobody_knows_is_refused(pair) -> None:
    with pytest.raises(CommandError):
        said("--why", str(pair[0].pk), "nobody@x.example")
    with pytest.raises(CommandError):
        said("--why", str(pair[0].pk), str(pair[0].pk))
