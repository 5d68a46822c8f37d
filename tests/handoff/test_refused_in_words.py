"""Own words that wish no contact forbid it, whichever door they come by; only a person lifts that."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Scope
from accounts.models import ApiKey, User
from handoff.actions import open_handoffs, withdraw_forbidden
from handoff.models import Handoff
from leads.actions.callers import attach_enquiry
from leads.actions.forbidding import lift_fact
from leads.actions.leads import Enquiry
from leads.enums import ForbiddingFact
from leads.models import Activity, ActivityType, Lead
from scoring.actions import score_all_dirty
from scoring.models import Episode
from tests.handoff.world import claimed_by
from tests.intake.importing import imported, undone
from tests.published import Publish, document

HOUR = timedelta(hours=1)
BAN, QUOTE = "今後一切連絡しないでください。営業電話は迷惑です。", "30名分の見積もりをお願いします。"
ADDRESS = "taro@example.co.jp"
HOT_WORDS = {
    "name": "Hot words",
    "when": {
        "activity": "form_submit",
        "where": {"field": "properties.reading_temperature", "op": "=", "value": "hot"},
        "within": "14d",
    },
}
MAPPING = {"identity": "email", "columns": {"mail": "lead.email", "asked": "lead.enquiry"}}


@pytest.fixture
def post(admin: User) -> Any:
    """Submit the form on the website, which tells the API."""
    key = ApiKey(name="Website", scopes=[Scope.ACTIVITIES_WRITE.value], created_by=admin)
    secret = key.new_secret()
    key.save()

    def post(text: str, at: datetime, type: str = "form_submit") -> None:
        row = {
            "key": f"{at}{text}"[:100], "type": type, "occurred_at": at.isoformat(), "object": "/contact",
            "lead": {"email": ADDRESS}, "properties": {"message": text},
        }  # fmt: skip
        answer = Client().post(
            "/api/v1/activities", json.dumps({"activities": [row]}), content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )  # fmt: skip
        assert answer.status_code == 202, answer.content

    return post


@pytest.fixture
def go_on(publish: Publish, team: Any) -> Any:
    publish(document(hot=[HOT_WORDS]))

    def go_on(now: datetime) -> None:
        score_all_dirty(now=now)
        open_handoffs(now=now)
        withdraw_forbidden(now=now)

    return go_on


@pytest.mark.parametrize(
    "text",
    [
        "We wanted a quote for 30 seats. Please never contact us again.",
        "見積もりをお願いしましたが不要です。今後一切連絡しないでください。",
    ],
)
@pytest.mark.parametrize("type", ["form_submit", "quote_request"])
def test_a_form_that_asks_for_a_quote_and_for_no_contact_forbids_and_opens_no_hand_off(
    post: Any, go_on: Any, now: datetime, text: str, type: str
) -> None:
    post(text, now, type)
    go_on(now)
    assert Lead.objects.get().forbidding == [ForbiddingFact.REFUSED]
    assert (Episode.objects.count(), Handoff.objects.count()) == (0, 0)
    properties = Activity.objects.get().properties
    assert (properties["reading_no_contact"], properties["reading_quote"]) == (True, False)
    assert "reading_contact" not in properties


def test_the_open_hand_off_of_a_hot_lead_that_asks_for_no_contact_is_withdrawn(
    post: Any, go_on: Any, now: datetime
) -> None:
    post(QUOTE, now)
    go_on(now)
    assert Handoff.objects.get().is_open
    post(BAN, now + HOUR)
    go_on(now + HOUR)
    assert (Lead.objects.get().consent, Handoff.objects.get().state) == (False, "closed")


def test_a_later_enquiry_of_the_same_person_lifts_nothing_and_a_person_does(
    post: Any, go_on: Any, manager: User, now: datetime
) -> None:
    post(BAN, now)
    post(QUOTE, now + HOUR)
    go_on(now + HOUR)
    assert (Lead.objects.get().consent, Handoff.objects.count()) == (False, 0)
    lift_fact(lead=Lead.objects.get(), fact=ForbiddingFact.REFUSED, by=manager, reason="He called", now=now + HOUR)
    post(BAN, now)
    assert Lead.objects.get().consent is None, "the same words again are no new ones"


@pytest.mark.parametrize("is_known", [True, False])
def test_the_enquiry_column_of_a_file_forbids_and_undoing_the_import_takes_that_back(
    marketer: User, now: datetime, is_known: bool
) -> None:
    if is_known:
        Lead.objects.create(email=ADDRESS, consent=True)
    found = imported(f"mail,asked\n{ADDRESS},{BAN}\n", MAPPING, marketer, now)
    assert Lead.objects.get().consent is False
    undone(found, marketer, now)
    assert list(Lead.objects.values_list("consent", flat=True)) == ([True] if is_known else [])


def test_undoing_an_import_keeps_a_refusal_that_stood_before_it(marketer: User, now: datetime) -> None:
    Lead.objects.create(email=ADDRESS, consent=False)
    undone(imported(f"mail,asked\n{ADDRESS},{BAN}\n", MAPPING, marketer, now), marketer, now)
    assert Lead.objects.get().consent is False


def test_what_a_caller_asked_forbids_as_well(rep: User, now: datetime) -> None:
    lead = Lead.objects.create(email=ADDRESS)
    enquiry = Enquiry(type=ActivityType.objects.get(code="form_submit"), text="Please unsubscribe me.")
    attach_enquiry(lead=lead, by=rep, enquiry=enquiry, now=now)
    assert Lead.objects.get().consent is False


def test_the_enquiry_and_its_date_are_shown_where_somebody_could_call(
    client: Client, post: Any, team: Any, rep: User, now: datetime
) -> None:
    handoff = claimed_by(rep)
    Lead.objects.filter(pk=handoff.lead_id).update(email=ADDRESS)
    post(BAN, now)
    client.force_login(rep)
    for address in (
        reverse("leads:detail", args=[handoff.lead_id]),
        reverse("handoff:peek", args=[handoff.pk]),
        reverse("handoff:lead_panel", args=[handoff.lead_id]),
    ):
        part = {"HX-Request": "true"} if address.endswith("/peek/") else {}
        page = client.get(address, headers=part).content.decode()
        assert "Refused contact in their enquiry of" in page, address
