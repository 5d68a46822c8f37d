"""The explanation through command and queries: it sums, it remembers, it says when nothing was in force."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from leads.actions.exclusions import exclude_activities, restore_activity
from scoring.actions import score_all_dirty
from scoring.models import Adjustment, LeadScore, ScoreChange, ScoringModel
from scoring.queries.explain import UnexplainedError
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.published import document, mail_rule
from tests.scoring.explained import explanation_of

DAY = timedelta(days=1)


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def total_of(lines):
    return round(sum(round(line["points"] * 100) for line in lines)) / 100


def test_the_cap_applies_after_decay_and_the_lines_sum_to_the_total_at_1000_instants(publish, now):
    """Example 6: a group cap of 20 with decaying rules. The engine's own tests walk the other instants."""
    lead = LeadFactory()
    dice = random.Random(6)
    for _ in range(12):
        activity(lead, "email_open", now - dice.random() * 60 * DAY, object=str(dice.random()))
        activity(lead, "document_request", now - dice.random() * 60 * DAY)
    rules = [
        mail_rule(decay={"half_life": "10d"}, points=7),
        mail_rule(name="Asked", each={"activity": "document_request"}, decay={"linear": "40d"}, points=9),
    ]
    model = publish(document(*rules, max=20))
    for _ in range(40):
        at = now - 60 * DAY + dice.random() * 150 * DAY
        found = explanation_of(lead=lead, model=model, at=at)
        assert total_of(found["lines"]) == found["total"] <= 20
        assert found["groups"][0]["points"] == min(found["groups"][0]["uncapped"], 20)
        assert found["groups"][0]["uncapped"] == pytest.approx(
            sum(rule["points"] for rule in found["groups"][0]["rules"])
        )


def test_an_adjustment_is_a_visible_line_that_vanishes_on_time(publish, admin, now):
    """Example 12: +15 "met at the fair", valid 14 days."""
    lead = LeadFactory()
    model = publish(document(mail_rule()))
    Adjustment.objects.create(
        lead=lead, model=model, points=1500, reason="met at the fair", by=admin, starts_at=now, until=now + 14 * DAY
    )
    score_all_dirty(now=now)
    found = explanation_of(lead=lead, model=model, at=now)
    assert [(each["reason"], each["by"], each["points"]) for each in found["adjustments"]] == [
        ("met at the fair", "Aki Admin", 15.0)
    ]
    assert LeadScore.objects.get().next_change_at == now + 14 * DAY
    assert explanation_of(lead=lead, model=model, at=now + 14 * DAY)["total"] == 0


@pytest.mark.django_db(transaction=True)
def test_history_keeps_the_old_versions_values_and_the_facts_of_then(publish, now):
    """Example 11, second half; attributes as they were, too."""
    company = CompanyFactory(employees=50)
    lead = LeadFactory(company=company)
    size = {"name": "Large", "when": {"field": "company.employees", "op": ">=", "value": 100}, "points": 20}
    activity(lead, "email_open", now - DAY)
    then = timezone.now()
    publish(document(mail_rule(points=10), size), at=then)
    later = timezone.now()
    company.employees = 200
    company.save()
    model = publish(document(mail_rule(points=5), size), at=timezone.now() + 2 * DAY)
    old = explanation_of(lead=lead, model=model, at=later)
    new = explanation_of(lead=lead, model=model, at=timezone.now() + 3 * DAY)
    assert [(found["version"], found["total"], found["in_force"]) for found in (old, new)] == [
        (1, 10, True),
        (2, 25, True),
    ]
    named = explanation_of(lead=lead, model=model, at=later, version=model.versions.get(number=2))
    assert (named["version"], named["total"], named["in_force"]) == (2, 5, False)


def test_what_was_known_then_still_counts_what_was_taken_out_since(publish, admin):
    """A scanner's click counted until somebody noticed, and counts again for who takes that back."""
    lead, model, now = LeadFactory(), publish(document(mail_rule(points=10))), timezone.now()
    opened = activity(lead, "email_open", now, now=now)
    exclude_activities(lead=lead, activities=[opened], by=admin, note="a scanner", now=now + 2 * DAY)
    restore_activity(lead=lead, activity=opened, by=admin, now=now + 4 * DAY)
    exclude_activities(lead=lead, activities=[opened], by=admin, note="one, after all", now=now + 6 * DAY)
    told = [
        explanation_of(lead=lead, model=model, at=now + DAY, known_at=now + days * DAY)["total"]
        for days in (1, 3, 5, 7)
    ]
    assert told == [10, 0, 10, 0]
    assert explanation_of(lead=lead, model=model, at=now + DAY)["total"] == 0


def test_who_was_judged_by_then_was_known_whatever_the_history_says(publish, now):
    """A history that was brought along begins later than the decisions in it."""
    lead, then = LeadFactory(), timezone.now() - 30 * DAY
    activity(lead, "email_open", then, now=then)
    model = publish(document(mail_rule(points=10)), at=then)
    with pytest.raises(UnexplainedError):
        explanation_of(lead=lead, model=model, at=then, known_at=then)
    ScoreChange.objects.create(
        lead=lead, model=model, version=model.current_version, at=then, fit=0, engagement=1000, qualification=0,
        adjustments=0, total=1000, band="cold", grade="C3", contributions=[1000], hot=[],
    )  # fmt: skip
    assert explanation_of(lead=lead, model=model, at=then, known_at=then)["total"] == 10


def test_before_the_first_version_the_answer_says_so(publish, now):
    lead = LeadFactory()
    model = publish(document(mail_rule()))
    found = explanation_of(lead=lead, model=model, at=now - DAY)
    assert (found["version"], found["in_force"]) == (1, False)
    assert found["note"] == "No version of Default was published then. Showing version 1, the first."


@pytest.fixture
def scored(publish):
    lead = LeadFactory(email="taro@example.co.jp", external_id="crm-7")
    for number in range(8):
        activity(lead, "email_open", timezone.now() - DAY, object=f"mail-{number}")
    publish(document(mail_rule(points=10)), at=timezone.now())
    return lead


def test_the_command_prints_the_document_with_two_decimals(scored):
    written = run("explain", "TARO@example.co.jp", "--json")
    found = json.loads(written)
    assert '"total": 80.00' in written
    keys = {"lead", "model", "version", "at", "total", "fit", "engagement", "qualification", "band", "grade", "groups"}
    assert keys | {"adjustments", "hot", "next_change_at"} <= set(found)
    assert found["lead"] == {"id": str(scored.pk), "email": "taro@example.co.jp", "external_id": "crm-7"}
    assert (found["model"], found["version"], found["total"], found["band"], found["grade"]) == (
        "Default",
        1,
        80.0,
        "hot",
        "C1",
    )
    rule = found["groups"][0]["rules"][0]
    assert (rule["name"], rule["uncapped"], rule["points"], len(rule["evidence"])) == ("Opened a mail", 80.0, 80.0, 8)
    assert {"activity", "object", "occurred_at", "points"} <= set(rule["evidence"][0])
    assert (found["hot"][0]["name"], found["hot"][0]["met"], bool(found["hot"][0]["since"])) == ("Hot lead", True, True)
    assert {"text", "met", "expires_at"} <= set(found["hot"][0]["conditions"][0])


@pytest.mark.parametrize("name", ["crm-7", "taro@example.co.jp"])
def test_the_command_tells_people_in_their_language(scored, name):
    english, japanese = (run("explain", name, "--language", language) for language in ("en", "ja"))
    assert "+80.00  Opened a mail" in english
    assert "Hot lead: met since" in english
    assert english != japanese


def test_what_does_not_exist_is_said_in_one_line(scored, now):
    for words in (["nobody@example.com"], ["crm-7", "--model", "Nope"], ["crm-7", "--version", "9"]):
        with pytest.raises(CommandError):
            run("explain", *words)
    ScoringModel.objects.create(name="Pilot", draft={})
    with pytest.raises(CommandError, match="hasn’t been published yet"):
        run("explain", "crm-7", "--model", "Pilot")
