"""What time alone does: the very microsecond at which a verdict turns, and the reason in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import translation

from scoring.engine import only
from scoring.models import Adjustment
from scoring.queries import ahead as looking
from scoring.queries.documents import document_of
from scoring.queries.explain import explanation_of
from scoring.queries.sources import now_sources
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.scoring.conftest import document, mail_rule

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
pytestmark = pytest.mark.django_db


def look(lead, model, at):
    return looking.look_ahead(document_of(model.current_version), now_sources(scope=only([lead.pk]), model=model), at)


def is_hot(lead, model, at):
    return [each["met"] for each in explanation_of(lead=lead, model=model, at=at)["hot"]]


def test_fading_points_fall_below_at_the_microsecond_that_the_engine_says(publish, now):
    lead = LeadFactory()
    for index in range(9):
        activity(lead, "email_open", now - index * timedelta(hours=7, microseconds=1), object=f"mail-{index}")
    model = publish(document(mail_rule(points=10, decay={"half_life": "30d"})))
    turn = look(lead, model, now).first("cools")
    assert (is_hot(lead, model, turn.at - TICK), is_hot(lead, model, turn.at)) == ([True], [False])
    assert turn.why == "points fade"
    assert turn.text.startswith("Falls below 70 on ")


def test_a_window_that_ends_is_the_reason(publish, now):
    lead, asked = LeadFactory(company=CompanyFactory(employees=120)), now - 10 * DAY
    activity(lead, "document_request", asked)
    five = {
        "all": [
            {"activity": "document_request", "within": "14d"},
            {"field": "company.employees", "op": ">=", "value": 100},
        ]
    }
    model = publish(document(mail_rule(), hot=[{"name": "Five", "when": five}]))
    found = look(lead, model, now)
    turn = found.first("cools")
    assert (turn.at, found.first("heats")) == (asked + 14 * DAY + TICK, None)
    assert turn.why == "“Document request” leaves its window of 14 days"
    with translation.override("ja"):
        assert look(lead, model, now).first("cools").why == "「資料請求」が14日の対象期間を外れる"


def test_a_planned_date_that_comes_near_heats_the_lead(publish, now):
    lead = LeadFactory(planned_on=(now + 100 * DAY).date())
    near = {"field": "planned_on", "op": "within_next", "value": "90d"}
    model = publish(document(mail_rule(), hot=[{"name": "Near", "when": near}]))
    turn = look(lead, model, now).first("heats")
    assert (is_hot(lead, model, turn.at - TICK), is_hot(lead, model, turn.at)) == ([False], [True])
    assert turn.why == "“Planned introduction is within the next 90 days” becomes true"


def test_points_by_hand_that_end_are_the_reason(publish, now):
    lead = LeadFactory()
    model = publish(document(mail_rule()))
    Adjustment.objects.create(lead=lead, model=model, points=8000, reason="fair", starts_at=now, until=now + 5 * DAY)
    found = look(lead, model, now)
    assert (found.first("cools").at, found.first("cools").why) == (now + 5 * DAY, "points given by hand begin or end")
    assert [total for _at, total in found.curve if _at in (now + 5 * DAY - TICK, now + 5 * DAY)] == [8000, 0]


def test_nothing_turns_where_nothing_moves(publish, now):
    lead = LeadFactory()
    activity(lead, "email_open", now)
    model = publish(document(mail_rule()))
    found = look(lead, model, now)
    assert (found.turns, found.seen_until, {total for _at, total in found.curve}) == ([], found.until, {500})


def test_from_the_past_the_sequel_is_left_out(publish, now):
    lead = LeadFactory()
    activity(lead, "email_open", now - 20 * DAY, object="then")
    activity(lead, "email_open", now - 10 * DAY, object="later")
    model = publish(document(mail_rule()), at=now - 30 * DAY, score=False)
    ahead = explanation_of(lead=lead, model=model, at=now - 15 * DAY, with_ahead=True)["ahead"]
    assert {each["total"] for each in ahead["curve"]} == {5.0}


def test_every_step_is_one_exchange_and_the_plan_is_put_away(publish, now, django_assert_max_num_queries):
    lead = LeadFactory()
    for index in range(9):
        activity(lead, "email_open", now - index * DAY, object=f"mail-{index}")
    model = publish(document(mail_rule(points=10, decay={"half_life": "30d"})))
    with django_assert_max_num_queries(looking.STEPS):
        look(lead, model, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'walk%'")
        assert cursor.fetchone() == (0,)
