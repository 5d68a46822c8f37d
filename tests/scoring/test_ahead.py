"""What time alone does: the very microsecond at which a verdict turns, and the reason in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone, translation

import engine
from engine import only
from engine.measures import day
from scoring.models import Adjustment, Answer, Criterion
from scoring.queries import ahead as looking
from scoring.queries.catalog import catalog
from scoring.queries.documents import document_of
from scoring.queries.prepared_statement import prepared
from scoring.queries.sources import now_sources
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.published import document, mail_rule
from tests.scoring.explained import explanation_of

HAND_OVER = {"action": ["hand_over"]}
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
    assert turn.why == "points decay"
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
    assert turn.why == "“Document request” becomes older than 14 days"
    with translation.override("ja"):
        assert look(lead, model, now).first("cools").why == "「資料請求」から14日が過ぎる"


def test_a_planned_date_that_comes_near_heats_the_lead(publish, now):
    lead = LeadFactory(planned_on=(now + 100 * DAY).date())
    near = {"field": "planned_on", "op": "within_next", "value": "90d"}
    model = publish(document(mail_rule(), hot=[{"name": "Near", "when": near}]))
    turn = look(lead, model, now).first("heats")
    assert (is_hot(lead, model, turn.at - TICK), is_hot(lead, model, turn.at)) == ([False], [True])
    assert turn.why == "“Planned start is within the next 90 days” is met"


BUDGET = {"name": "Budget", "answer": "bant.budget", "points": {"approved": 80, "none": -10}}


def answer(lead, option, at):
    criterion = Criterion.objects.get(framework__code="bant", code="budget")
    chosen = criterion.options.get(code=option)
    return Answer.objects.create(lead=lead, criterion=criterion, option=chosen, answered_at=at)


def test_an_answer_that_fades_falls_below_at_the_microsecond_that_the_engine_says(publish, now):
    lead = LeadFactory()
    answer(lead, "approved", now - 3 * DAY)
    model = publish(document(BUDGET | {"decay": {"half_life": "60d"}}))
    turn = look(lead, model, now).first("cools")
    assert (is_hot(lead, model, turn.at - TICK), is_hot(lead, model, turn.at)) == ([True], [False])
    assert turn.why == "points decay"
    assert now + 8 * DAY < turn.at < now + 9 * DAY


def test_an_answer_that_leaves_the_window_of_its_rule_is_the_reason(publish, now):
    lead = LeadFactory()
    answer(lead, "approved", now - 3 * DAY)
    model = publish(document(BUDGET | {"decay": {"window": "30d"}}))
    turn = look(lead, model, now).first("cools")
    assert turn.at == now + 27 * DAY + TICK
    assert turn.why == "the answer to “BANT: Budget” leaves the 30 days window of rule “Budget”"


def test_a_newer_answer_dated_ahead_is_the_reason(publish, now):
    lead = LeadFactory()
    answer(lead, "approved", now - 3 * DAY)
    answer(lead, "none", now + 5 * DAY)
    model = publish(document(BUDGET | {"decay": {"window": "30d"}}))
    turn = look(lead, model, now).first("cools")
    assert (turn.at, turn.why) == (now + 5 * DAY, "the newer answer to “BANT: Budget” takes effect")


def test_an_answer_that_becomes_too_old_for_a_condition_is_the_reason_and_then_what_is_missing(publish, now):
    lead = LeadFactory()
    answer(lead, "approved", now - 3 * DAY)
    fresh = {"answer": "bant.budget", "op": "=", "value": "approved", "within": "14d"}
    model = publish(document(BUDGET, hot=[{"name": "Fresh", "when": fresh}]))
    turn = look(lead, model, now).first("cools")
    assert (turn.at, turn.why) == (now + 11 * DAY + TICK, "the answer to “BANT: Budget” becomes older than 14 days")
    (before,), (after,) = (explanation_of(lead=lead, model=model, at=at)["hot"] for at in (turn.at - TICK, turn.at))
    assert (before["met"], before["missing"]) == (True, [])
    (missing,) = after["missing"]
    on = day(timezone.localtime(now - 3 * DAY).date(), "en")
    assert missing["gap"] == f"BANT: Budget was last answered “Budget approved” on {on}. Ask again."


def test_the_action_of_the_matrix_turns_with_the_scores_of_its_cells(publish, now):
    """Engagement fades below 60, with which the cell and its action are another; then it is what is missing."""
    lead = LeadFactory()
    activity(lead, "email_open", now)
    raw = document(mail_rule(points=64, decay={"half_life": "60d"}), hot=[{"name": "Hand", "when": HAND_OVER}])
    raw["groups"].append({"name": "BANT", "dimension": "qualification", "rules": [BUDGET]})
    answer(lead, "approved", now - 3 * DAY)
    model = publish(raw | {"matrix": {}})
    turn = look(lead, model, now).first("cools")
    assert (is_hot(lead, model, turn.at - TICK), is_hot(lead, model, turn.at)) == ([True], [False])
    assert turn.why == "“Engagement score of 60 or more” is no longer met"
    told = explanation_of(lead=lead, model=model, at=turn.at)
    assert told["matrix"]["action"] != "hand_over"
    assert [(each["text"], each["short_by"]) for each in told["hot"][0]["missing"]] == [
        ("Engagement score of 60 or more", 0.01)
    ]
    assert told["hot"][0]["one_short"]


def test_a_prepared_walk_says_what_the_statement_says_at_each_instant(publish, now):
    """Answers' ages, what is read once and the matrix move with t as everything else does."""
    lead = LeadFactory()
    for days in range(6):
        activity(lead, "email_open", now - days * DAY, object=f"mail-{days}")
    for option, at in (("approved", -3), ("none", 20), ("approved", 41)):
        answer(lead, option, now + at * DAY)
    young = {"answer": "bant.budget", "op": "known", "within": "14d"}
    raw = document(
        mail_rule(points=12, decay={"half_life": "20d"}),
        mail_rule(name="Lately", points=3, at_most=4, decay={"window": "10d"}),
        BUDGET | {"decay": {"linear": "60d", "window": "50d"}},
        {"name": "Young", "when": young, "points": 7},
        hot=[{"name": "Hand", "when": {"any": [HAND_OVER, {"all": [young, {"action": ["qualify"]}]}]}}],
    )
    raw["groups"][0]["inactivity"] = {"after": "12d", "half_life": "15d"}
    raw["groups"].append({"name": "BANT", "dimension": "qualification", "rules": [BUDGET | {"name": "Again"}]})
    rules = document_of(publish(raw | {"matrix": {"engagement": {"high": 50}}}).current_version)
    sources, known = now_sources(scope=only([lead.pk]), model=None), catalog()
    asked = looking.questions(rules, known)

    def compiled(at):
        return engine.compile_document(rules, known, sources=sources, t=at, conditions=asked)

    columns = ("total", "hot", "holds", "matches", "points", "qualification", "next_change_at")
    seen = set()
    with prepared(compiled(now), columns) as run:
        for hours in range(0, 90 * 24, 31):
            at = now + timedelta(hours=hours, microseconds=hours)
            with prepared(compiled(at), columns) as alone:
                assert run(at) == alone(at)
            seen.add((run(at)["total"], tuple(run(at)["hot"]), tuple(run(at)["matches"])))
    assert len(seen) > 20


def test_points_by_hand_that_end_are_the_reason(publish, now):
    lead = LeadFactory()
    model = publish(document(mail_rule()))
    Adjustment.objects.create(lead=lead, model=model, points=8000, reason="fair", starts_at=now, until=now + 5 * DAY)
    found = look(lead, model, now)
    assert (found.first("cools").at, found.first("cools").why) == (now + 5 * DAY, "a manual adjustment starts or ends")
    assert [total for _at, total in found.curve if _at in (now + 5 * DAY - TICK, now + 5 * DAY)] == [8000, 0]


def test_nothing_turns_where_nothing_moves(publish, now):
    lead = LeadFactory()
    activity(lead, "email_open", now)
    model = publish(document(mail_rule()))
    found = look(lead, model, now)
    assert (found.turns, found.seen_until, {total for _at, total in found.curve}) == ([], found.until, {500})


@pytest.mark.parametrize("steps", [0, 3, looking.STEPS])
def test_a_busy_lead_is_told_the_same_instant_when_it_cools_by_strides_as_by_steps(publish, now, monkeypatch, steps):
    lead = LeadFactory()
    for number in range(60):
        activity(lead, "email_open", now - number * DAY / 3, object=f"mail-{number}")
    model = publish(
        document(mail_rule(points=2, decay={"half_life": "30d"}), mail_rule(name="Lately", decay={"window": "20d"}))
    )
    monkeypatch.setattr(looking, "STEPS", steps)
    found = look(lead, model, now)
    turn = found.first("cools")
    assert (is_hot(lead, model, turn.at - TICK), is_hot(lead, model, turn.at)) == ([True], [False])
    assert turn.text.startswith("Falls below 70 on ")


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
    with django_assert_max_num_queries(200):
        look(lead, model, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'walk%'")
        assert cursor.fetchone() == (0,)


def test_a_stage_is_reached_and_lost_by_time_alone_with_the_reason(publish, now):
    planned = (now + 40 * DAY).date()
    lead = LeadFactory(planned_on=planned)
    activity(lead, "document_request", now - 10 * DAY)
    soon = {"field": "planned_on", "op": "within_next", "value": "30d"}
    rules = {"mql": {"activity": "document_request", "within": "14d"}, "sql": soon}
    model = publish(document(mail_rule()) | {"stages": rules})

    def stage(at):
        return explanation_of(lead=lead, model=model, at=at)["stage"]

    lost, reached, gone = look(lead, model, now).turns
    assert (lost.kind, lost.name, lost.at) == ("stage_no_longer_met", "MQL", now + 4 * DAY + TICK)
    assert lost.text.startswith("No longer meets the rule for MQL from ")
    assert lost.text.endswith(" (“Document request” becomes older than 14 days).")
    assert (reached.kind, reached.name) == ("stage_met", "SQL")
    assert reached.why == "“Planned start is within the next 30 days” is met"
    assert (stage(reached.at - TICK), stage(reached.at)) == ("", "sql")
    assert (gone.kind, stage(gone.at - TICK), stage(gone.at)) == ("stage_no_longer_met", "sql", "")
