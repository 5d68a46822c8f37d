"""The three models to begin with: complete, without remarks on leads like the demo's, and good for a small start."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.utils.dateparse import parse_date

from accounts.models import User
from insights.demo.journeys import invent_activities
from insights.demo.people import invent_companies, invent_people
from leads.actions import ensure_months, record_activities
from leads.enums import TitleLevel
from leads.models import ActivityType, Company, Lead
from scoring.actions import ThresholdsRefusedError, publish_version, run_rescores
from scoring.models import Answer, Criterion, Episode, LeadScore, Option
from scoring.queries.documents import check_document
from scoring.starters import CODES, five_conditions, starter
from studio.draft.store import start_model
from studio.models import VersionNumbers
from studio.queries.lint import findings
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.published import Publish, document, mail_rule

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def soon(now: datetime) -> Any:
    return parse_date(f"{now + 30 * DAY:%Y-%m-%d}")


def answer(lead: Lead, field: str, code: str, at: datetime) -> None:
    framework, criterion = field.split(".")
    option = Option.objects.get(criterion__framework__code=framework, criterion__code=criterion, code=code)
    Answer.objects.create(lead=lead, criterion=option.criterion, option=option, answered_at=at)


@pytest.fixture
def demo(now: datetime) -> list[Lead]:
    """A hundred and fifty of the demo's people with what they did and answered, and one who meets everything."""
    random = Random(7)
    companies = Company.objects.bulk_create(invent_companies(random, 50))
    people = invent_people(random, 150, companies, now)
    Lead.objects.bulk_create([person.lead for person in people])
    types = dict(ActivityType.objects.values_list("code", "pk"))
    told = [each for person in people for each in invent_activities(random, person, types, now)]
    ensure_months(each.occurred_at for each in told)
    record_activities(told, source="demo", now=now)
    for criterion in Criterion.objects.filter(framework__code="bant"):
        for person, option in zip(people, criterion.options.all(), strict=False):
            Answer.objects.create(lead=person.lead, criterion=criterion, option=option, answered_at=now - DAY)
    _model_customer(now)
    return [person.lead for person in people]


def _model_customer(now: datetime) -> Lead:
    company = CompanyFactory(employees=400, industry="製造業")
    lead = LeadFactory(
        company=company, department="購買・人事・情報システム部", title_level=TitleLevel.MANAGER, planned_on=soon(now),
        email="model@gmail.com",
    )  # fmt: skip
    answer(lead, "bant.authority", "decides", now - DAY)
    for code in ActivityType.objects.values_list("code", flat=True):
        for number in range(2):
            activity(lead, code, now - DAY, object=f"/products/{number}")
    return lead


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("code", CODES)
def test_a_starter_has_no_remark_on_leads_like_the_demos(
    demo: list[Lead], code: str, language: str, now: datetime
) -> None:
    found, problems = check_document(starter(code, language).document)
    assert found is not None
    assert problems == ()
    assert [(each.name, each.text) for each in findings(found, model=None, now=now)] == []


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("code", CODES)
def test_a_starter_is_complete(code: str, language: str) -> None:
    found, _problems = check_document(starter(code, language).document)
    assert found is not None
    assert {str(group.dimension) for group in found.groups} == {"fit", "engagement", "qualification"}
    assert {rule.answer.criterion for rule in found.rules if rule.answer} == {
        f"bant.{criterion}" for criterion in ("budget", "authority", "need", "timing")
    }
    assert any(min(rule.gives) < 0 for rule in found.rules)
    assert any(rule.decay for rule in found.rules)
    five, _none = check_document({"model": "M", "hot": [five_conditions(language)]})
    assert five is not None
    assert five.hot[0] in found.hot
    assert len(found.hot) == 4


@pytest.mark.parametrize("code", CODES)
def test_who_meets_the_five_conditions_is_hot_by_every_starter_and_so_is_who_asks_for_a_quote(
    code: str, admin: Any, now: datetime
) -> None:
    """Example 1 of the five conditions, and the fast lane: at once, whatever the total."""
    ready = LeadFactory(company=CompanyFactory(employees=100), title_level=TitleLevel.MANAGER, planned_on=soon(now))
    activity(ready, "document_request", now - DAY, object="catalogue")
    for page in ("/products/a", "/products/b"):
        activity(ready, "page_view", now - DAY, object=page)
    answer(ready, "bant.authority", "decides", now - DAY)
    asking, small = LeadFactory(), LeadFactory(company=CompanyFactory(employees=99), title_level=TitleLevel.MANAGER)
    activity(asking, "quote_request", now - DAY, object="quote")
    activity(small, "document_request", now - DAY, object="catalogue")
    model = start_model(name="M", document=starter(code, "en").document, by=admin, now=now)
    publish_version(model=model, by=admin, note="first", now=now)
    run_rescores(now=now)
    assert set(Episode.objects.values_list("lead_id", "definition")) == {
        (ready.pk, "Five conditions"),
        (asking.pk, "Asked for a quote"),
    }


@pytest.mark.parametrize("code", CODES)
def test_answers_give_the_points_of_their_option(code: str, admin: Any, now: datetime) -> None:
    clear, none = LeadFactory(), LeadFactory()
    answer(clear, "bant.need", "clear", now - DAY)
    answer(none, "bant.need", "none", now - DAY)
    model = start_model(name="M", document=starter(code, "en").document, by=admin, now=now)
    publish_version(model=model, by=admin, note="first", now=now)
    run_rescores(now=now)
    points = dict(LeadScore.objects.values_list("lead_id", "qualification"))
    assert (points[clear.pk] > 0, points[none.pk]) == (True, 0)


def test_three_rules_and_twenty_leads_are_enough(publish: Publish, now: datetime) -> None:
    """A small start: every lead scored, the few who are hot known by name."""
    leads = [LeadFactory() for _ in range(20)]
    for lead in leads[:3]:
        activity(lead, "quote_request", now - DAY, object="1")
        activity(lead, "email_open", now - DAY, object="1")
    publish(
        document(
            mail_rule(points=20),
            mail_rule(name="Quote", each={"activity": "quote_request"}, points=60),
            mail_rule(name="Away", each={"activity": "unsubscribe"}, points=-20),
        )
    )
    numbers = VersionNumbers.objects.get()
    assert (numbers.scored, numbers.hot, numbers.bands) == (20, 3, [("hot", 3), ("warm", 0), ("cold", 17)])
    assert set(Episode.objects.values_list("lead_id", flat=True)) == {lead.pk for lead in leads[:3]}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("code", CODES)
def test_a_marketer_puts_a_starter_into_force_but_not_with_other_thresholds(
    code: str, language: str, marketer: User, now: datetime
) -> None:
    raw = starter(code, language).document
    model = start_model(name="Ours", document=raw, by=marketer, now=now)
    assert publish_version(model=model, by=marketer, note="to begin with", now=now).number == 1
    eased = [raw["hot"][0] | {"when": {"score": "total", "op": ">=", "value": 1}}, *raw["hot"][1:]]
    other = start_model(name="Other", document=raw | {"hot": eased}, by=marketer, now=now)
    with pytest.raises(ThresholdsRefusedError):
        publish_version(model=other, by=marketer, note="easier", now=now)
