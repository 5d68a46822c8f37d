from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import jsonschema
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from scoring.actions import publish_version, run_rescores
from studio.draft.store import start_model
from tests.factories import LeadFactory, activity
from tests.published import document, mail_rule


@pytest.fixture
def lead(admin):
    lead = LeadFactory()
    activity(lead, "email_open", timezone.now() - timedelta(days=1))
    model = start_model(name="Default", document=document(mail_rule()), by=admin, now=timezone.now())
    publish_version(model=model, by=admin, note="", now=timezone.now() - timedelta(days=2))
    run_rescores(now=timezone.now())
    return lead


def test_the_score_is_the_document_of_explain(send, lead):
    answer = send("get", f"/api/v1/leads/{lead.pk}/score")
    body = answer.json()
    assert answer.status_code == 200
    assert (body["lead"]["id"], body["model"], body["version"], body["total"]) == (str(lead.pk), "Default", 1, 5.0)


def test_at_an_instant_it_is_the_score_of_then(send, lead):
    then = (timezone.now() - timedelta(hours=36)).isoformat()
    assert send("get", f"/api/v1/leads/{lead.pk}/score?at={then}&known_at=now").json()["total"] == 0


def test_the_past_is_shown_as_it_was_known_then_unless_one_asks_for_what_is_known_now(send, lead):
    """A mail that was opened a minute before is recorded only afterwards."""
    moment = timezone.now()
    activity(lead, "email_open", moment - timedelta(minutes=1), now=moment + timedelta(minutes=1), object="late")
    at, address = moment.isoformat().replace("+", "%2B"), f"/api/v1/leads/{lead.pk}/score"
    answers = [send("get", f"{address}?at={at}{known}").json() for known in ("", "&known_at=now", f"&known_at={at}")]
    assert [answer["total"] for answer in answers] == [5, 10, 5]
    assert [answer["known_at"] is None for answer in answers] == [False, True, False]
    out = [StringIO() for _ in range(2)]
    call_command("explain", str(lead.pk), "--json", "--at", at.replace("%2B", "+"), stdout=out[0])
    call_command("explain", str(lead.pk), "--json", "--at", at.replace("%2B", "+"), "--known-at", "now", stdout=out[1])
    assert [json.loads(written.getvalue())["total"] for written in out] == [5, 10]
    assert send("get", address).json()["known_at"] is None


def test_of_a_time_when_nothing_was_known_the_answer_says_how_to_ask(send, lead):
    then = (timezone.now() - timedelta(hours=36)).isoformat().replace("+", "%2B")
    answer = send("get", f"/api/v1/leads/{lead.pk}/score?at={then}")
    assert (answer.status_code, "ask for what is known now" in answer.content.decode()) == (404, True)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?at=yesterday", 400),
        ("?at=2026-06-01T10:00:00", 400),
        ("?at=0001-01-01T00:00:00Z", 400),
        ("?model=Nope", 404),
        ("?version=99", 404),
        ("?version=x", 400),
        ("?known_at=soon", 400),
        ("?at=0001-01-01T00:00:00%2B23:59", 400),
        ("?at=9999-12-31T23:59:59-23:59", 400),
        ("?known_at=2100-01-01T00:00:01Z", 400),
        ("?known_at=2020-01-01T00:00:00Z", 404),
        ("?owner__password__startswith=a", 400),
    ],
)
def test_what_cannot_be_answered(send, lead, query, status):
    assert send("get", f"/api/v1/leads/{lead.pk}/score{query}").status_code == status


def test_nobody_and_without_a_key(send, lead):
    answer = send("get", "/api/v1/leads/999999/score")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert Client().get(f"/api/v1/leads/{lead.pk}/score").status_code == 401


def test_what_is_ahead_belongs_to_the_document(send, lead):
    ahead = send("get", f"/api/v1/leads/{lead.pk}/score").json()["ahead"]
    assert (ahead["cools_at"], ahead["heats_at"], ahead["turns"]) == (None, None, [])
    assert (len(ahead["curve"]), ahead["curve"][0]["total"]) == (31, 5.0)


def test_the_rule_language_is_published_with_the_names_of_this_installation(send, lead):
    answer = send("get", "/api/v1/scoring/schema")
    jsonschema.Draft202012Validator.check_schema(answer.json())
    assert answer["Content-Type"] == "application/schema+json"
    assert list(jsonschema.Draft202012Validator(answer.json()).iter_errors(document(mail_rule()))) == []
    unknown = document(mail_rule(each={"activity": "nothing_of_ours"}))
    assert not jsonschema.Draft202012Validator(answer.json()).is_valid(unknown)


def test_a_question_that_takes_too_long_is_answered_in_words(send, lead, monkeypatch):
    monkeypatch.setattr("background.time_limits.SECONDS", 0.0)
    answer = send("get", f"/api/v1/leads/{lead.pk}/score")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["title"].startswith("This took too long with your data")
