"""What lint remarks, and what it keeps quiet about: one example and one counter-example a code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

import engine
from leads.models import Activity
from studio.queries.lint import findings, static_findings
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.published import document, mail_rule

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def read(raw: dict[str, Any]) -> engine.Document:
    parsed = engine.parse(raw).document
    assert parsed is not None
    return parsed


def hot_when(*conditions: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"name": "Hot lead", "when": {"all": list(conditions)}}]


def remarks(raw: dict[str, Any], *codes: str) -> list[tuple[str, str]]:
    """(code, path) of what is seen from the text alone."""
    found = [(one.code, one.path) for one in static_findings(read(raw))]
    return [each for each in found if not codes or each[0] in codes]


def when(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


MANY, FEW = when("company.employees", ">=", 100), when("company.employees", "<", 50)
ASKED = {"activity": "document_request", "within": "14d"}
CLEAR = {"answer": "bant.need", "op": "=", "value": "clear"}
CONTRADICTIONS = [
    (MANY, FEW),
    (when("company.employees", ">", 50), when("company.employees", "<", 51)),
    (when("title_level", ">=", "manager"), when("title_level", "=", "staff")),
    (when("country", "=", "Japan"), when("country", "in", ["Germany", "France"])),
    (when("country", "=", "Japan"), {"not": when("country", "=", "Japan")}),
    (when("country", "known"), when("country", "unknown")),
    (when("origin", "=", "marketing"), when("origin", "!=", "marketing")),
    (when("planned_on", "before", "2026-06-01"), when("planned_on", "after", "2026-06-01")),
    (ASKED, ASKED | {"count": {"op": "=", "value": 0}}),
    ({"score": "total", "op": ">=", "value": 70}, {"score": "total", "op": "<", "value": 60}),
    ({"answer": "bant.need", "op": "in", "value": ["clear"]}, {"answer": "bant.need", "op": "=", "value": "none"}),
    (CLEAR, CLEAR | {"value": "none", "within": "30d"}),
    (CLEAR | {"within": "30d"}, {"answer": "bant.need", "op": "unknown", "within": "90d"}),
    (CLEAR, {"answer": "bant.need", "op": "unknown"}),
]
TOGETHER = [
    (MANY, when("company.employees", "<", 500)),
    (when("company.employees", ">", 50), when("company.employees", "<=", 51)),
    (when("title_level", ">=", "manager"), when("title_level", "!=", "director")),
    (when("country", "=", "Japan"), when("country", "in", ["Germany", "Japan"])),
    (when("country", "=", "Japan"), when("country", "starts_with", "J")),
    (when("country", "known"), when("region", "unknown")),
    (when("planned_on", "after", "2026-06-01"), when("planned_on", "before", "2026-06-03")),
    (ASKED, ASKED | {"within": "30d", "count": {"op": "<", "value": 5}}),
    ({"score": "fit", "op": ">=", "value": 10}, {"score": "total", "op": "<", "value": 60}),
    (CLEAR, {"answer": "bant.need", "op": "unknown", "within": "90d"}),
    (CLEAR | {"within": "180d"}, {"not": {"answer": "bant.need", "op": "known", "within": "90d"}}),
    (CLEAR | {"within": "30d"}, CLEAR | {"within": "90d"}),
]


@pytest.mark.parametrize("pair", CONTRADICTIONS)
def test_conditions_that_cannot_hold_together(pair):
    raw = document(mail_rule(), hot=hot_when(*pair))
    assert remarks(raw, "contradicts") == [("contradicts", "hot[0].when")]


@pytest.mark.parametrize("pair", TOGETHER)
def test_conditions_that_can_hold_together(pair):
    assert remarks(document(mail_rule(), hot=hot_when(*pair)), "contradicts") == []


def test_alternatives_contradict_one_by_one_and_both_languages_say_which():
    raw = document(mail_rule(), hot=hot_when({"any": [MANY, when("country", "=", "Japan")]}, FEW))
    (found,) = [one for one in static_findings(read(raw)) if one.code == "contradicts"]
    assert found.text == "“At least 100 employees” and “Fewer than 50 employees” can’t both be met."
    with translation.override("ja"):
        (found,) = [one for one in static_findings(read(raw)) if one.code == "contradicts"]
    assert found.text == "「従業員数が100名以上」と「従業員数が50名未満」は同時に満たせません。"


def test_an_audience_that_leaves_out_what_hot_demands():
    raw = document(mail_rule(), hot=hot_when(MANY))
    assert remarks(raw | {"audience": FEW}, "contradicts") == [("contradicts", "hot[0].when")]
    assert remarks(raw | {"audience": {"any": [FEW, when("country", "=", "Japan")]}}, "contradicts") == []


@pytest.mark.parametrize(
    ("change", "unreachable"),
    [
        ({"max": 60}, True),
        ({"max": 70}, False),
        ({}, False),
        ({"rules": [mail_rule(at_most=3, points=20)]}, True),
        ({"rules": [mail_rule(at_most=4, points=20)]}, False),
        ({"rules": [mail_rule(points=100, repeat="once", cap=50)]}, True),
        ({"rules": [mail_rule(points=100, disabled=True)]}, True),
    ],
)
def test_a_threshold_above_what_the_rules_can_give(change, unreachable):
    raw = document(mail_rule(points=10))
    raw["groups"][0] |= change
    assert bool(remarks(raw, "unreachable")) is unreachable


def test_a_rule_that_takes_points_for_what_hot_demands():
    against = {"name": "Big", "when": MANY, "points": -10}
    each = mail_rule(name="Asked", each={"activity": "document_request"}, points=-1)
    raw = document(mail_rule(), against, each, hot=hot_when(MANY, ASKED))
    assert remarks(raw, "works_against") == [
        ("works_against", "groups[0].rules[1]"),
        ("works_against", "groups[0].rules[2]"),
    ]
    assert remarks(document(mail_rule(), against, hot=hot_when(FEW)), "works_against") == []


def by_answer(**points: float) -> dict[str, Any]:
    return {"name": "Need", "answer": "bant.need", "points": points}


def test_rules_by_answer_are_weighed_by_what_their_answers_give():
    raw = document(mail_rule(at_most=8), by_answer(clear=30, vague=10, none=-5))
    assert remarks(raw) == []
    assert remarks(document(mail_rule(at_most=7), by_answer(clear=30, none=-5)), "unreachable") == [
        ("unreachable", "hot[0].when")
    ]
    twice = document(mail_rule(), by_answer(clear=5), by_answer(clear=5) | {"name": "Again"})
    assert remarks(twice, "duplicate") == [("duplicate", "groups[0].rules[2]")]
    assert remarks(document(mail_rule(), by_answer(clear=0)), "no_points") == [("no_points", "groups[0].rules[1]")]
    assert remarks(document(mail_rule(), by_answer(clear=5, none=-9) | {"cap": 8}), "above_cap") == [
        ("above_cap", "groups[0].rules[1]")
    ]
    assert remarks(document(mail_rule(), by_answer(clear=30), max=20), "shadowed") == [
        ("shadowed", "groups[0].rules[1]")
    ]


def test_a_rule_that_takes_points_for_the_answer_that_hot_demands():
    against = document(mail_rule(), by_answer(clear=-5, vague=5), hot=hot_when(CLEAR))
    assert remarks(against, "works_against") == [("works_against", "groups[0].rules[1]")]
    either = {"answer": "bant.need", "op": "in", "value": ["clear", "vague"]}
    assert remarks(against | {"hot": hot_when(either)}, "works_against") == []


HAND_OVER = {"action": ["hand_over"]}


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ((HAND_OVER, {"action": ["wait", "nurture"]}), True),
        ((HAND_OVER, {"not": HAND_OVER}), True),
        ((HAND_OVER, {"score": "engagement", "op": "<", "value": 60}), True),
        (({"not": HAND_OVER}, {"score": "engagement", "op": ">=", "value": 60}), False),
        ((HAND_OVER, {"action": ["wait", "hand_over"]}), False),
        ((HAND_OVER, {"score": "engagement", "op": "<", "value": 61}), False),
    ],
)
def test_actions_contradict_each_other_and_scores(conditions, expected):
    raw = document(mail_rule(), by_answer(clear=60), hot=hot_when(*conditions)) | {"matrix": {}}
    assert bool(remarks(raw, "contradicts")) is expected


def test_an_action_whose_cells_no_score_reaches():
    raw = document(mail_rule(), hot=hot_when(HAND_OVER)) | {"matrix": {}}
    (found,) = [one for one in static_findings(read(raw)) if one.code == "unreachable"]
    assert found.text == (
        "“The matrix action is “hand off to sales”” can’t be reached: the rules give at most "
        "100 engagement and 0 qualification."
    )
    assert dict(found.numbers) == {"engagement": 100, "qualification": 0}
    assert remarks(raw | {"hot": hot_when({"action": ["hand_over", "qualify"]})}, "unreachable") == []
    assert remarks(raw | {"matrix": {"qualification": {"high": 0, "middle": 0}}}, "unreachable") == []


def test_starters_have_nothing_serious():
    from scoring.starters import starters

    for language in ("ja", "en"):
        for each in starters(language):
            assert remarks(each.document | {"model": "X"}, "contradicts", "unreachable", "works_against") == []


# --- measured --------------------------------------------------------------------------------------------------------


@pytest.fixture
def people(now):
    """Twenty leads: everybody opened two mails, half of them asked for documents."""
    for index in range(20):
        lead = LeadFactory(company=CompanyFactory(employees=10 * index))
        for number in range(2):
            activity(lead, "email_open", now - HOUR * number, object=f"mail-{number}")
        if index % 2:
            activity(lead, "document_request", now - HOUR, object="catalogue")


def measured(now, raw: dict[str, Any], code: str) -> list[tuple[str, dict[str, float]]]:
    return [(one.name, dict(one.numbers)) for one in findings(read(raw), model=None, now=now) if one.code == code]


ASKING = mail_rule(name="Asked", each={"activity": "document_request"}, points=10)


def test_a_rule_of_which_caps_leave_nothing(people, now):
    raw = document(mail_rule(points=30), ASKING, max=50)
    assert measured(now, raw, "swallowed") == [("Asked", {"hidden": 10, "count": 10})]
    assert measured(now, document(mail_rule(points=30), ASKING, max=65), "swallowed") == []
    assert measured(now, document(mail_rule(points=30), ASKING | {"cap": 0}), "swallowed") == [
        ("Asked", {"hidden": 10, "count": 10})
    ]


def test_a_rule_that_gives_most_of_all_points(people, now):
    assert measured(now, document(mail_rule(points=30), ASKING), "dominates") == [("Opened a mail", {"share": 92})]
    assert measured(now, document(mail_rule(points=5), ASKING), "dominates") == []
    assert measured(now, document(mail_rule(points=15)), "dominates") == []


def test_one_act_that_counts_twice(people, now):
    first = {"activity": "email_open", "where": {"field": "object", "op": "=", "value": "mail-0"}}
    second = {"activity": "email_open", "where": {"field": "object", "op": "=", "value": "mail-1"}}
    all_of_them = mail_rule(name="Any act", each={"activity": "any"})
    raw = document(mail_rule(), mail_rule(name="First", each=first), ASKING)
    assert measured(now, raw, "overlap") == [("First", {"both": 20, "own": 20})]
    assert (
        measured(now, document(mail_rule(name="First", each=first), mail_rule(name="Second", each=second)), "overlap")
        == []
    )
    assert measured(now, document(ASKING, all_of_them), "overlap") == [("Any act", {"both": 10, "own": 50})]


def test_a_rule_for_everybody_and_one_for_nobody(people, now):
    nobody = mail_rule(name="No owner", each={"activity": "complaint"})
    raw = document(mail_rule(), nobody, ASKING)
    assert measured(now, raw, "always") == [("Opened a mail", {"leads": 20})]
    assert [name for name, _numbers in measured(now, raw, "never")] == ["No owner", "Hot lead"]


def test_the_number_of_statements_does_not_grow_with_the_rules(people, now):
    def statements(count: int) -> int:
        rules = [mail_rule(name=f"rule {index}") for index in range(count)]
        with CaptureQueriesContext(connection) as captured:
            findings(read(document(*rules)), model=None, now=now)
        return len(captured)

    statements(2)
    assert statements(2) == statements(60) < 10


def test_a_rule_that_wants_a_number_where_text_is_stored(people, now):
    lead = LeadFactory()
    for seconds in ("65", "a minute", 70):
        activity(lead, "page_view", now - HOUR, properties={"seconds": seconds})
    Activity.objects.filter(properties__seconds=65).update(properties={"seconds": "65"})  # stored before it had a type
    long = {"activity": "page_view", "where": {"field": "properties.seconds", "op": ">=", "value": 60}}
    counted = {"all": [long | {"within": "14d"}]}
    raw = document(mail_rule(name="Each", each=long), {"name": "When", "when": counted, "points": 5}, ASKING)
    assert measured(now, raw, "text_for_number") == [("Each", {"count": 2}), ("When", {"count": 2})]
    words = long | {"where": {"field": "properties.seconds", "op": "=", "value": "a minute"}}
    assert measured(now, document(mail_rule(name="Words", each=words)), "text_for_number") == []
