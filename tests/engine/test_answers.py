"""Points by the newest answer, answers that become too old to count, and the decision matrix."""

# ruff: noqa: E501 - tables are read line by line

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

import engine
from accounts.models import User
from engine import ScoreRow, Sources, describe, only
from engine.explanation import AnswerEvidence
from scoring.models import Answer
from tests.engine.oracle import Given, Person
from tests.engine.small_catalog import small_catalog
from tests.engine.test_check import CRITERION, condition
from tests.engine.world import catalog, document, score, settle

T = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
BUDGET = {"name": "Budget", "answer": "bant.budget", "points": {"approved": 25, "planned": 10, "none": -10}}
NAMES = small_catalog(activities=[], criteria=[CRITERION])


def model(*rules: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"model": "m", "groups": [{"name": "BANT", "dimension": "qualification", "rules": list(rules)}]} | rest


def given(option: str, age: timedelta = timedelta(), criterion: str = "bant.budget") -> Given:
    return Given(criterion, option, T - age)


def row_of(raw: dict[str, Any], *answers: Given, at: datetime = T) -> ScoreRow:
    (pk,) = settle([Person(answers=list(answers))])
    return score(raw, at, sources=Sources(scope=only([pk])))[pk]


def points(rule: dict[str, Any], *answers: Given) -> int:
    return row_of(model(rule), *answers).points[0]


@pytest.mark.django_db
def test_an_answer_that_gives_nothing_is_explained_by_no_evidence() -> None:
    (pk,) = settle([Person(answers=[given("approved")])])
    raw = model(BUDGET | {"points": {"approved": 0, "none": 0}})
    said = engine.explain(document(raw), catalog(), sources=Sources(), t=T, lead=pk, connection=connection)
    assert said is not None
    assert (said.total, said.groups[0].rules[0].evidence) == (0, ())


# --- the language


def of_rule(**changes: Any) -> list[tuple[str, str]]:
    found = engine.parse(model(BUDGET | changes)).problems
    return [(problem.path.removeprefix("groups[0].rules[0]").lstrip("."), problem.code) for problem in found]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"decay": {"half_life": "180d", "window": "1d"}, "cap": 20}, []),
        ({"points": {True: 5, False: -5, "partly": 1}}, []),
        ({"points": 20}, [("points", "not_points_by_option")]),
        ({"points": {}}, [("points", "empty_list")]),
        ({"points": {"approved": "x", "none": 20_000, 3: 1}}, [("points.approved", "not_a_number"), ("points.none", "out_of_range"), ("points.3", "not_text")]),
        ({"points": {True: 5, "yes": 1}}, [("points.yes", "duplicate_name")]),
        ({"answer": None}, [("answer", "not_text")]),
        ({"each": {"activity": "page_view"}}, [("", "each_or_when")]),
        ({"repeat": "once", "at_most": 2}, [("repeat", "only_with_each"), ("at_most", "only_with_each")]),
    ],
)  # fmt: skip
def test_a_rule_by_answer_is_read_with_all_its_problems(changes: dict[str, Any], expected: list[Any]) -> None:
    assert of_rule(**changes) == expected


def test_points_are_missing_where_they_are_missing() -> None:
    found = engine.parse(model({"name": "Budget", "answer": "bant.budget"})).problems
    assert [(problem.path, problem.code) for problem in found] == [("groups[0].rules[0].points", "missing")]


def test_a_condition_takes_no_decay() -> None:
    rule = {"name": "x", "when": {"answer": "a.b", "op": "known"}, "points": 1, "decay": {"window": "3d"}}
    assert [problem.code for problem in engine.parse(model(rule)).problems] == ["only_what_fades"]


def test_a_document_is_the_same_in_whatever_order_its_options_were_stored() -> None:
    turned = BUDGET | {"points": dict(reversed(BUDGET["points"].items()))}
    assert engine.parse(model(BUDGET)).document == engine.parse(model(turned)).document


def test_dump_writes_what_was_read() -> None:
    rule = BUDGET | {"decay": {"window": "180d"}}
    actions = [{"engagement": "low", "qualification": "high", "action": "qualify"}]
    levels = {"high": 60, "middle": 30}
    raw = model(
        rule,
        {"name": "Decides", "when": {"answer": "bant.authority", "op": "in", "value": ["decides"], "within": "180d"}, "points": 5},
        matrix={"engagement": levels, "qualification": {"high": 50, "middle": 20.5}, "actions": actions},
        hot=[{"name": "Hot", "when": {"action": ["hand_over", "qualify"]}}],
    )  # fmt: skip
    assert engine.dump(document(raw)) == raw


def checked(raw: dict[str, Any]) -> list[tuple[str, str]]:
    found = engine.check(document(raw), NAMES)
    assert all("{" not in problem.text("en") + problem.text("ja") for problem in found)
    return [(problem.path, problem.code) for problem in found]


def test_options_and_criteria_have_to_exist() -> None:
    rule = {"name": "a", "answer": "bant.authority", "points": {"decides": 5, "maybe": 1}}
    assert checked(model(rule)) == [("groups[0].rules[0].points.maybe", "unknown_option")]
    assert checked(model(rule | {"answer": "bant.luck"})) == [("groups[0].rules[0].answer", "unknown_criterion")]


def test_an_action_is_for_hot_definitions_of_models_with_a_matrix() -> None:
    hot = [{"name": "h", "when": {"not": {"action": ["wait"]}}}]
    assert checked(model(hot=hot)) == [("hot[0].when.not.action", "no_matrix")]
    assert checked(model(hot=hot, matrix={})) == []
    never = {"actions": [{"engagement": "low", "qualification": "low", "action": "nurture"}]}
    assert checked(model(hot=hot, matrix=never)) == [("hot[0].when.not.action", "action_nowhere")]
    rule = {"name": "r", "when": {"action": ["wait"]}, "points": 1}
    assert checked(model(rule, matrix={})) == [("groups[0].rules[0].when.action", "score_in_rule")]
    alone = engine.check_condition(condition({"action": ["wait"]}), NAMES)
    assert [problem.code for problem in alone] == ["no_matrix"]


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ({"engagement": {"high": 20, "middle": 30}}, [("matrix.engagement", "thresholds_rise")]),
        ({"fit": {}}, [("matrix.fit", "unknown_key")]),
        ({"actions": [{"engagement": "high"}]}, [("matrix.actions[0].qualification", "missing"), ("matrix.actions[0].action", "missing")]),
        ({"actions": [{"engagement": "top", "qualification": "low", "action": "sing"}]}, [("matrix.actions[0].engagement", "not_a_choice"), ("matrix.actions[0].action", "not_a_choice")]),
        ({"actions": [{"engagement": "low", "qualification": "low", "action": "wait"}] * 2}, [("matrix.actions[1]", "duplicate_cell")]),
    ],
)  # fmt: skip
def test_a_matrix_is_refused_for(matrix: Any, expected: list[tuple[str, str]]) -> None:
    assert [(problem.path, problem.code) for problem in engine.parse(model(matrix=matrix)).problems] == expected


def test_they_say_themselves_in_both_languages() -> None:
    raw = {"name": "a", "answer": "bant.authority", "points": {"decides": 25}, "decay": {"half_life": "180d"}}
    (rule,) = document(model(raw)).rules
    assert describe(rule, NAMES, "en") == "by answer (Authority): decides +25, halves every 180 days"
    assert describe(rule, NAMES, "ja") == "「決裁権」の回答に応じて：決裁者 +25点（180日ごとに半減）"
    leaf = condition({"answer": "bant.authority", "op": "in", "value": ["decides"], "within": "180d"})
    assert describe(leaf, NAMES, "en") == "Authority answered “decides” in the last 180 days"
    assert describe(leaf, NAMES, "ja") == "決裁権の回答が「決裁者」（180日以内の回答）"
    action = condition({"action": ["hand_over", "qualify"]})
    assert describe(action, NAMES, "en") == "The matrix action is “hand off to sales” or “qualify by phone”"
    assert describe(action, NAMES, "ja") == "判断マトリクスの対応が「営業に引き渡す」または「ヒアリングで見極める」"


# --- the numbers


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "answers", "expected"),
    [
        (BUDGET, [], 0),
        (BUDGET, [given("approved")], 2500),
        (BUDGET, [given("approved", 2 * DAY), given("none", DAY)], -1000),
        (BUDGET, [given("approved", DAY), given("none", -DAY)], 2500),
        (BUDGET | {"points": {"approved": 25}}, [given("none")], 0),
        (BUDGET | {"cap": 20}, [given("approved")], 2000),
        (BUDGET | {"cap": 5}, [given("none")], -500),
        (BUDGET | {"decay": {"half_life": "30d"}}, [given("approved", 60 * DAY)], 625),
        (BUDGET | {"decay": {"half_life": "30d"}}, [given("none", 30 * DAY)], -500),
        (BUDGET | {"decay": {"linear": "100d"}}, [given("approved", 25 * DAY)], 1875),
        (BUDGET | {"decay": {"window": "30d"}}, [given("approved", 30 * DAY)], 2500),
        (BUDGET | {"decay": {"window": "30d"}}, [given("approved", 30 * DAY + TICK)], 0),
        (BUDGET | {"points": {"approved": 0.01}, "decay": {"linear": "2d"}}, [given("approved", DAY)], 1),
        (BUDGET | {"disabled": True}, [given("approved")], 0),
    ],
)  # fmt: skip
def test_the_newest_answer_gives_its_points(rule: dict[str, Any], answers: list[Given], expected: int) -> None:
    assert points(rule, *answers) == expected


@pytest.mark.django_db
def test_an_answer_older_than_asked_for_is_unknown() -> None:
    def met(op: str, *answers: Given, negated: bool = False, **value: Any) -> bool:
        leaf = {"answer": "bant.budget", "op": op, "within": "30d", **value}
        return row_of(model(hot=[{"name": "h", "when": {"not": leaf} if negated else leaf}]), *answers).hot[0]

    fresh, old = given("approved", 30 * DAY), given("approved", 30 * DAY + TICK)
    assert met("in", fresh, value=["approved"]) is True
    assert met("in", old, value=["approved"]) is False
    assert met("in", old, value=["approved"], negated=True) is False
    assert (met("known", old), met("unknown", old), met("unknown", fresh)) == (False, True, False)


@pytest.mark.django_db
def test_the_next_change_is_when_the_answer_leaves_its_window() -> None:
    window = BUDGET | {"decay": {"window": "30d"}}
    assert row_of(model(window), given("approved", DAY)).next_change_at == T + 29 * DAY + TICK
    assert row_of(model(BUDGET), given("approved", DAY)).next_change_at is None
    assert row_of(model(BUDGET), given("approved", -DAY)).next_change_at == T + DAY
    leaf = {"answer": "bant.budget", "op": "known", "within": "30d"}
    hot = model(hot=[{"name": "h", "when": leaf}])
    assert row_of(hot, given("approved", DAY)).next_change_at == T + 29 * DAY + TICK


@pytest.mark.django_db
def test_without_a_question_about_answers_nobody_reads_them() -> None:
    rule = {"name": "Seen", "each": {"activity": "page_view"}, "points": 1}
    plain = engine.compile_document(document(model(rule)), catalog(), sources=Sources(), t=T)
    asked = engine.compile_document(document(model(BUDGET)), catalog(), sources=Sources(), t=T)
    assert "scoring_answer" not in plain.sql
    assert "scoring_answer" in asked.sql
    assert "at0" not in asked.sql


@pytest.mark.django_db
def test_the_explanation_shows_which_answer_gives_what_until_when() -> None:
    aya = User.objects.create_user(email="aya@acme.example", name="Aya")
    (pk,) = settle([Person(answers=[given("approved", 15 * DAY), given("none", 20 * DAY)])])
    Answer.objects.filter(option__code="approved").update(by=aya)
    raw = model(BUDGET | {"decay": {"linear": "30d"}}, BUDGET | {"name": "None of it", "points": {"planned": 5}})
    leaf = {"answer": "bant.budget", "op": "known", "within": "30d"}
    said = engine.explain(
        document(raw | {"hot": [{"name": "h", "when": leaf}]}), catalog(), sources=Sources(), t=T, lead=pk,
        connection=connection, annotations=engine.Annotations(person=lambda pk: "Aya" if pk == aya.pk else None),
    )  # fmt: skip
    assert said is not None
    first, second = said.groups[0].rules
    assert first.evidence == (
        AnswerEvidence(
            answer="bant.budget",
            option="approved",
            text="Budget: Budget approved",
            answered_at=T - 15 * DAY,
            by="Aya",
            full=2500,
            points=1250,
            expires_at=T + 15 * DAY,
        ),
    )
    assert second.evidence == ()
    assert said.hot[0].when.expires_at == T + 15 * DAY
    assert said.at.isoformat() == "2026-06-01T10:00:00+09:00"
    assert said.matrix is None


@pytest.mark.django_db
@pytest.mark.parametrize(("engagement", "met"), [(59.99, False), (60, True)])
def test_an_action_holds_exactly_between_its_thresholds(engagement: float, met: bool) -> None:
    raw = model(
        {"name": "Budget", "answer": "bant.budget", "points": {"approved": 60}},
        matrix={},
        hot=[{"name": "h", "when": {"action": ["hand_over"]}}],
    )
    sure = {"name": "s", "when": {"answer": "bant.budget", "op": "known"}, "points": engagement}
    raw["groups"].append({"name": "e", "dimension": "engagement", "rules": [sure]})
    assert row_of(raw, given("approved")).hot == [met]


@pytest.mark.django_db
def test_a_fractional_threshold_of_the_matrix_is_a_change_to_wait_for() -> None:
    rule = {"name": "Budget", "answer": "bant.budget", "points": {"approved": 40}, "decay": {"linear": "40d"}}
    levels = {"high": 30.5, "middle": 10}
    for at in (T + n * DAY / 4 for n in range(20, 44)):
        row = row_of(model(rule, matrix={"qualification": levels}), given("approved"), at=at)
        crossing = T + timedelta(days=9.5)
        assert at > crossing or (
            row.next_change_at is not None and row.next_change_at <= crossing + timedelta(minutes=15)
        )
