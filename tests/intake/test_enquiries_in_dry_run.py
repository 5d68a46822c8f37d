"""The dry run says as what the enquiries of a file would be read, before anything is stored."""

from __future__ import annotations

from datetime import datetime

import pytest

from accounts.models import User
from intake.imports.uploads import map_file
from leads.models import Activity
from tests.clients import as_
from tests.intake.importing import received, work


@pytest.mark.django_db
def test_the_dry_run_counts_enquiries_by_their_reading_with_examples(marketer: User, now: datetime) -> None:
    hot = "30名で使いたいので見積もりをお願いします"
    text = f"mail,asked\na@example.jp,{hot}\nb@example.jp,{hot}\nc@example.jp,\n"
    found = received(text, marketer, now)
    mapping = {"columns": {"mail": "lead.email", "asked": "lead.enquiry"}}
    map_file(lead_import=found, data=mapping, by=marketer, now=now)
    work(now)
    found.refresh_from_db()
    assert found.summary["found"]["read"] == [{"as": "hot", "times": 2, "first": [hot, hot]}]
    answer = as_(marketer).get(f"/imports/{found.pk}/")
    assert [(row["words"], row["times"]) for row in answer.context["read"]] == [("Hot enquiry", 2)]
    assert hot in answer.content.decode()
    assert not Activity.objects.exists()
