"""Properties of activities are kept as their activity type says, whoever tells us."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from leads.actions.activities import record_activity
from leads.forms.settings import ActivityTypeForm
from leads.models import Activity, ActivityType
from leads.properties import typed
from tests.factories import LeadFactory
from tests.intake.importing import imported

TYPES = {"seconds": "number", "paid": "boolean", "on": "date", "code": "text"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"seconds": "65"}, {"seconds": 65}),
        ({"seconds": "1,200.5"}, {"seconds": 1200.5}),
        ({"seconds": 65}, {"seconds": 65}),
        ({"seconds": "about a minute"}, {"seconds": "about a minute"}),
        ({"paid": "はい"}, {"paid": True}),
        ({"paid": 0}, {"paid": False}),
        ({"on": "令和8年11月22日"}, {"on": "2026-11-22"}),
        ({"code": 7}, {"code": "7"}),
        ({"other": "65", "share": " 1.5 "}, {"other": 65, "share": 1.5}),
        ({"zip": "0601234", "card": "1234567890123456", "size": "1,200"}, None),
        ({"text": "30", "message": "30"}, None),
        ({"seconds": ["65"]}, {"seconds": ["65"]}),
    ],
)
def test_a_property_is_kept_as_its_type_says(given: dict[str, Any], kept: dict[str, Any] | None) -> None:
    assert typed(given, TYPES) == (kept or given)


@pytest.mark.django_db
def test_every_door_keeps_a_number_as_a_number(send: Any, marketer: User, now: datetime) -> None:
    lead = LeadFactory(email="a@example.jp")
    page_view = ActivityType.objects.get(code="page_view")
    record_activity(
        lead=lead, type=page_view, occurred_at=now, source="person:1", now=now, properties={"seconds": "65"}
    )
    body = {"key": "k", "lead": {"email": "a@example.jp"}, "type": "page_view", "properties": {"seconds": "65"}}
    answer = send("post", "/api/v1/activities", body | {"occurred_at": (now - timedelta(days=1)).isoformat()})
    assert answer.status_code == 202
    columns = {"mail": "lead.email", "at": "activity.occurred_at", "seconds": "activity.properties.seconds"}
    mapping = {"columns": columns, "constants": {"activity.type": "page_view"}}
    imported("mail,at,seconds\na@example.jp,2026-10-01,65\n", mapping, marketer, now, kind="activities")
    assert list(Activity.objects.values_list("properties__seconds", flat=True)) == [65, 65, 65]


@pytest.mark.django_db
def test_a_file_says_what_kind_of_values_its_own_properties_have(marketer: User, now: datetime) -> None:
    LeadFactory(email="a@example.jp")
    columns = {"mail": "lead.email", "what": "activity.type", "at": "activity.occurred_at"}
    columns |= {name: f"activity.properties.{name}" for name in ("depth", "zip", "returning")}
    text = "mail,what,at,depth,zip,returning\na@example.jp,case_view,2026-10-01,4,0601234,yes\n"
    imported(text, {"columns": columns}, marketer, now, kind="activities")
    kept = {"seconds": "number", "depth": "number", "zip": "text", "returning": "boolean"}
    assert ActivityType.objects.get(code="case_view").property_types == kept
    assert Activity.objects.get().properties == {"depth": 4, "zip": "0601234", "returning": True}


@pytest.mark.django_db
def test_an_administrator_says_the_kinds_of_properties_line_by_line() -> None:
    kind = ActivityType.objects.get(code="page_view")
    given = {
        "label_en": "Page view",
        "label_ja": "ページ閲覧",
        "icon": "eye",
        "properties": "seconds: number\n\npaid: boolean\n",
    }
    form = ActivityTypeForm(given, instance=kind)
    assert form.is_valid(), form.errors
    assert form.save().property_types == {"seconds": "number", "paid": "boolean"}
    wrong = ActivityTypeForm(given | {"properties": "seconds = number"}, instance=kind)
    assert "properties" in wrong.errors


@pytest.mark.django_db
def test_a_number_of_a_property_nobody_declared_is_one_by_file_and_api(
    send: Any, marketer: User, now: datetime
) -> None:
    LeadFactory(email="a@example.jp")
    body = {"key": "k", "lead": {"email": "a@example.jp"}, "type": "business_card", "properties": {"depth": "65"}}
    sent = body | {"occurred_at": (now - timedelta(days=1)).isoformat()}
    assert send("post", "/api/v1/activities", sent).status_code == 202
    columns = {"mail": "lead.email", "at": "activity.occurred_at", "depth": "activity.properties.depth"}
    mapping = {"columns": columns, "constants": {"activity.type": "business_card"}}
    imported("mail,at,depth\na@example.jp,2026-10-01,65\n", mapping, marketer, now, kind="activities")
    assert list(Activity.objects.values_list("properties__depth", flat=True)) == [65, 65]
