"""The document of `explain --json` as programs read it: every key, in its order, letter by letter."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from scoring.models import Adjustment, Answer, Option
from tests.factories import CompanyFactory, LeadFactory, activity

AT = datetime.fromisoformat("2026-06-12T10:15:00+09:00")
DAY = timedelta(days=1)
MODEL = {
    "model": "Default",
    "matrix": {},
    "groups": [
        {
            "name": "Interest",
            "dimension": "engagement",
            "max": 60,
            "inactivity": {"after": "30d", "half_life": "30d"},
            "rules": [
                {"name": "Asked for documents", "each": {"activity": "document_request"}, "points": 20,
                 "decay": {"half_life": "30d"}, "cap": 40},
                {"name": "Opened a mail", "each": {"activity": "email_open"}, "points": 33.3,
                 "decay": {"window": "9d"}},
            ],
        },
        {
            "name": "Fit",
            "dimension": "fit",
            "rules": [
                {"name": "Large", "points": 25, "when": {"all": [
                    {"field": "company.employees", "op": ">=", "value": 100},
                    {"activity": "email_open", "within": "14d"},
                ]}},
            ],
        },
        {
            "name": "BANT",
            "dimension": "qualification",
            "rules": [{"name": "Budget", "answer": "bant.budget", "points": {"approved": 25, "none": -10},
                       "decay": {"linear": "100d"}}],
        },
    ],
    "hot": [
        {"name": "Hot lead", "when": {"any": [
            {"score": "total", "op": ">=", "value": 70},
            {"field": "title_level", "op": ">=", "value": "manager"},
        ]}},
        {"name": "Director", "when": {"all": [
            {"field": "title_level", "op": ">=", "value": "director"},
            {"activity": "page_view", "within": "7d", "count": {"op": ">=", "value": 2}},
        ]}},
    ],
    "stages": {"mql": {"score": "engagement", "op": ">=", "value": 50}, "sql": {"action": ["hand_over"]}},
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_document_stays_as_programs_know_it(publish, admin, language) -> None:
    lead = LeadFactory(
        email="taro@example.co.jp", external_id="crm-7", title_level=3, company=CompanyFactory(employees=200)
    )
    activity(lead, "document_request", AT - DAY / 2, object="catalogue")
    activity(lead, "document_request", AT - 20 * DAY)
    activity(lead, "email_open", AT - 3 * DAY, object="a")
    activity(lead, "email_open", AT - 4 * DAY, object="b")
    option = Option.objects.get(code="approved", criterion__code="budget", criterion__framework__code="bant")
    Answer.objects.create(lead=lead, criterion=option.criterion, option=option, answered_at=AT - 10 * DAY, by=admin)
    model = publish(MODEL, at=AT - 30 * DAY)
    Adjustment.objects.create(
        lead=lead, model=model, points=-250, reason="met at the fair", by=admin, starts_at=AT, until=AT + 14 * DAY
    )
    out = StringIO()
    with time_machine.travel(AT, tick=False):
        call_command("explain", "crm-7", "--json", "--at", AT.isoformat(), "--language", language, stdout=out)
    expected = Path(__file__).with_name(f"explanation_{language}.json")
    written = re.sub(r'"id": "\d+"', '"id": "1"', out.getvalue())
    assert written == expected.read_text()
