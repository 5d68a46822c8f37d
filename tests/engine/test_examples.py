"""Worked examples of the requirements that the engine alone decides."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from engine import ScoreRow, Sources, explain, only
from engine.explanation import MatrixPlace
from engine.matrix import MatrixAction, MatrixLevel
from scoring.models import ScoringModel
from tests.engine.oracle import Act, Given, Manual, Person
from tests.engine.world import catalog, document, score, settle

JST = ZoneInfo("Asia/Tokyo")
T = datetime(2026, 6, 1, 10, 0, tzinfo=JST)
HOT_CONDITIONS = {
    "all": [
        {"activity": "document_request", "within": "14d"},
        {
            "activity": "page_view",
            "where": {"field": "object", "op": "starts_with", "value": "/products/"},
            "distinct": "object",
            "count": {"op": ">=", "value": 2},
        },
        {"field": "company.employees", "op": ">=", "value": 100},
        {"field": "title_level", "op": ">=", "value": "manager"},
        {"answer": "bant.authority", "op": "in", "value": ["decides"]},
        {"field": "planned_on", "op": "within_next", "value": "90d"},
    ]
}


def model(*rules: dict[str, Any], **rest: Any) -> dict[str, Any]:
    group = {"name": "Interest", "dimension": "engagement", "rules": list(rules)} | rest.pop("group", {})
    return {"model": "Default", "groups": [group]} | rest


def row_of(raw: dict[str, Any], who: Person, t: datetime, **sources: Any) -> ScoreRow:
    (pk,) = settle([who])
    return score(raw, t, sources=Sources(scope=only([pk]), **sources))[pk]


def candidate(**changes: Any) -> Person:
    """Who meets all of S51 on 1 June 2026, 10:00 in Tokyo."""
    pages = changes.pop("pages", ["/products/a", "/products/b"])
    return Person(
        attributes={"title_level": 3, "company.employees": 100, "planned_on": date(2026, 8, 30)} | changes,
        activities=[
            Act("document_request", T),
            *(Act("page_view", T - timedelta(days=20, hours=i), page) for i, page in enumerate(pages)),
        ],
        answers=[Given("bant.authority", "decides", T - timedelta(days=1))],
    )


S51 = model(hot=[{"name": "Hot lead", "when": HOT_CONDITIONS}])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "t", "hot"),
    [
        (candidate(), T, True),
        (candidate(), T + timedelta(days=14), True),
        (candidate(), datetime(2026, 6, 15, 10, 0, 1, tzinfo=JST), False),
        (candidate(**{"company.employees": 99}), T, False),
        (candidate(pages=["/products/a", "/products/a"]), T, False),
        (candidate(**{"company.employees": None}), T, False),
        (candidate(planned_on=date(2026, 8, 31)), T, False),
    ],
    ids=["all six", "14 days later", "one second more", "99 employees", "same page twice", "unknown size", "too far"],
)
def test_1_the_hot_conditions_of_s51(who: Person, t: datetime, hot: bool) -> None:
    assert row_of(S51, who, t).hot == [hot]


@pytest.mark.django_db
def test_1_the_lead_stops_being_hot_just_after_the_two_weeks() -> None:
    row = row_of(S51, candidate(), T + timedelta(days=3))
    assert row.next_change_at == T + timedelta(days=14, microseconds=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("total", "hot", "holds"),
    [(69, False, True), (70, True, True), (71, True, True), (61, False, True), (60, False, False)],
)
def test_2_hot_from_70_and_no_longer_at_60(total: int, hot: bool, holds: bool) -> None:
    raw = model(hot=[{"name": "Hot 70", "when": {"score": "total", "op": ">=", "value": 70}}])
    mine = ScoringModel.objects.create(name="Default")
    (pk,) = settle([Person(adjustments=[Manual(total * 100, T, None)])], mine)
    row = score(raw, T, sources=Sources(model=mine.pk))[pk]
    assert (row.total, row.hot, row.holds) == (total * 100, [hot], [holds])


OPENED = {
    "name": "Opened mail",
    "each": {"activity": "email_open"},
    "points": 5,
    "repeat": "once_per_object",
    "cap": 20,
}


@pytest.mark.django_db
@pytest.mark.parametrize(("mails", "points"), [(["may"] * 5, 500), (["1", "2", "3", "4", "5"], 2000)])
def test_5_the_same_mail_opened_five_times_counts_once_and_five_mails_up_to_the_cap(
    mails: list[str], points: int
) -> None:
    """The same mail opened 5 times under "once per object": counted once; 5 different mails: 5 times, up to the cap."""
    who = Person(activities=[Act("email_open", T - timedelta(hours=i), mail) for i, mail in enumerate(mails)])
    row = row_of(model(OPENED), who, T)
    assert (row.points, row.total) == ([points], points)


FADING = [
    {"name": "Asked", "each": {"activity": "document_request"}, "points": 12, "decay": {"half_life": "30d"}, "cap": 18},
    {"name": "Came", "each": {"activity": "webinar_attend"}, "points": 9, "decay": {"linear": "60d"}},
    {"name": "Complained", "each": {"activity": "complaint"}, "points": -4, "decay": {"half_life": "7d"}},
    {
        "name": "Read",
        "when": {"activity": "page_view", "within": "14d", "count": {"op": ">=", "value": 2}},
        "points": 3,
    },
]


@pytest.mark.django_db
def test_6_the_cap_applies_after_decay_and_the_lines_sum_to_the_total_at_1000_random_instants() -> None:
    """25 leads at 40 instants; every fourth time one of them is explained line by line."""
    dice = random.Random(6)
    kinds = ("document_request", "webinar_attend", "complaint", "page_view")
    mine = ScoringModel.objects.create(name="Default")
    people = [
        Person(
            activities=[Act(dice.choice(kinds), T + timedelta(seconds=dice.randrange(90 * 86_400))) for _ in range(25)],
            adjustments=[Manual(1500, T, T + timedelta(days=14))],
        )
        for _ in range(25)
    ]
    ids = settle(people, mine)
    raw = model(*FADING, group={"max": 20, "inactivity": {"after": "5d", "half_life": "10d"}})
    seen, names, sources = document(raw), catalog(), Sources(model=mine.pk)
    for turn in range(40):
        t = T + timedelta(seconds=dice.randrange(150 * 86_400))
        rows = score(raw, t, sources=sources, catalog_=names)
        for row in rows.values():
            (group,) = row.group_points
            assert group <= 2000
            assert sum(row.points) == row.group_uncapped[0]
            assert row.total == min(max(group + row.adjustments, 0), 10_000)
        if turn % 4 == 0:
            pk = dice.choice(ids)
            said = explain(seen, names, sources=sources, t=t, lead=pk, connection=connection)
            assert said is not None
            assert sum(line.points for line in said.lines) == said.total == rows[pk].total
            for rule in said.groups[0].rules:
                if rule.when is None:
                    assert sum(evidence.points for evidence in rule.evidence) == rule.uncapped


MATRIX = {"engagement": {"high": 60, "middle": 30}, "qualification": {"high": 60, "middle": 30}}


@pytest.mark.django_db
def test_19_framework_answers_worth_80_with_engagement_35_are_the_nurture_more_cell_not_the_queue() -> None:
    """Framework answers worth 80 with engagement 35: the "nurture more" cell, not the queue."""
    worth = {"bant.budget": ("approved", 30), "bant.authority": ("decides", 30), "bant.need": ("clear", 20)}
    rules = [{"name": code, "answer": code, "points": {option: points}} for code, (option, points) in worth.items()]
    raw = model(
        {"name": "Read", "each": {"activity": "page_view"}, "points": 35},
        matrix=MATRIX,
        hot=[{"name": "Hand over", "when": {"action": ["hand_over"]}}],
    )
    raw["groups"].append({"name": "BANT", "dimension": "qualification", "rules": rules})
    answers = [Given(code, option, T) for code, (option, _) in worth.items()]
    (pk,) = settle([Person(activities=[Act("page_view", T)], answers=answers)])
    said = explain(document(raw), catalog(), sources=Sources(), t=T, lead=pk, connection=connection)
    assert said is not None
    assert (said.qualification, said.engagement, said.band) == (8000, 3500, "hot")
    assert said.matrix == MatrixPlace(
        engagement=MatrixLevel.MIDDLE,
        qualification=MatrixLevel.HIGH,
        action=MatrixAction.NURTURE_MORE,
        text="engagement medium, qualification high: step up nurturing",
    )
    assert [hot.met for hot in said.hot] == [False]
    keen = Person(activities=[Act("page_view", T), Act("page_view", T)], answers=answers)
    assert row_of(raw, keen, T).hot == [True]


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "points"), [(0, 4000), (15, 2828), (30, 2000), (90, 500)])
def test_7_a_half_life_of_30_days_is_exact_whatever_ran_or_did_not(days: int, points: int) -> None:
    rule = {"name": "Demo", "each": {"activity": "demo_request"}, "points": 40, "decay": {"half_life": "30d"}}
    row = row_of(model(rule), Person(activities=[Act("demo_request", T)]), T + timedelta(days=days))
    assert row.total == points


@pytest.mark.django_db
def test_8_shared_activities_under_a_cap_are_recomputed_not_added() -> None:
    """A has 50, B has 100, three activities are the same act: together they reach the cap of 120, or less, not 150."""
    rule = {"name": "Mail", "each": {"activity": "email_click"}, "points": 10, "repeat": "once_per_object", "cap": 120}
    raw = model(rule)
    of_a = [Act("email_click", T - timedelta(days=i), f"mail {i}") for i in range(5)]
    of_b = [Act("email_click", T - timedelta(days=i), f"mail {i}") for i in range(2, 12)]
    a, b, both = settle([Person(activities=of_a), Person(activities=of_b), Person(activities=of_a + of_b)])
    rows = score(raw, T)
    assert [rows[pk].points for pk in (a, b, both)] == [[5000], [10000], [12000]]


@pytest.mark.django_db
def test_12_plus_15_met_at_the_fair_vanishes_on_time() -> None:
    mine = ScoringModel.objects.create(name="Default")
    until = T + timedelta(days=14)
    (pk,) = settle([Person(adjustments=[Manual(1500, T, until)])], mine)
    last = until - timedelta(microseconds=1)
    totals = [score(model(), t, sources=Sources(model=mine.pk))[pk].total for t in (T, last, until)]
    assert totals == [1500, 1500, 0]
    assert score(model(), T, sources=Sources(model=mine.pk))[pk].next_change_at == until


@pytest.mark.django_db
def test_a_lead_without_a_matching_rule_scores_0_and_has_a_row() -> None:
    (pk,) = settle([Person()])
    row = score(model(OPENED), datetime(2026, 6, 1, tzinfo=UTC))[pk]
    assert (row.total, row.points, row.band, row.grade, row.next_change_at) == (0, [0], "cold", "C3", None)
