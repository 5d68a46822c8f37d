"""One statement, whatever the scope, the source of rows, the size of the document and the text in it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

import engine
from engine import Relation, Sources, among, between, explain, only
from engine.explanation import ActivityEvidence, ConditionVerdict, ExplainedLead
from engine.sql import compiler
from leads.actions import ensure_months
from leads.models import Activity, Company, Lead
from scoring.models import Adjustment, ScoringModel
from tests.engine.oracle import Act, Given, Manual, Person
from tests.engine.world import catalog, document, score, settle

JST = ZoneInfo("Asia/Tokyo")
T = datetime(2026, 6, 1, 10, 0, tzinfo=JST)
pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def model(*rules: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"model": "Default", "groups": [{"name": "All", "dimension": "fit", "rules": list(rules)}]} | rest


def when(condition: dict[str, Any], points: int = 10, name: str = "rule") -> dict[str, Any]:
    return {"name": name, "when": condition, "points": points}


JAPAN = when({"field": "country", "op": "=", "value": "Japan"})


def people(*countries: str) -> list[int]:
    return settle([Person(attributes={"country": country}) for country in countries])


def test_any_scope_gives_the_same_rows() -> None:
    ids = people("Japan", "Germany", "Japan")
    everyone = score(model(JAPAN), T)
    assert [everyone[pk].total for pk in ids] == [1000, 0, 1000]
    scopes = [
        (only(ids[:2]), ids[:2]),
        (between(ids[1], ids[2]), ids[1:]),
        (among(Lead.objects.filter(country="Japan")), [ids[0], ids[2]]),
        (among(Lead.objects.filter(country__icontains="%an%", name="50% {off}")), []),
        (only([]), []),
    ]
    for scope, expected in scopes:
        rows = score(model(JAPAN), T, sources=Sources(scope=scope))
        assert rows == {pk: everyone[pk] for pk in expected}


def test_anonymous_leads_score_too() -> None:
    (pk,) = settle([Person(activities=[Act("page_view", T)])])
    Lead.objects.filter(pk=pk).update(is_anonymous=True)
    assert score(model({"name": "Seen", "each": {"activity": "page_view"}, "points": 3}), T)[pk].total == 300


def test_a_value_is_never_sql_and_no_wildcard() -> None:
    nasty = ["'; DROP TABLE leads_lead; --", "100%", "a_c", "%s", "%(p0)s", "{}", "\\", '"']
    ids = people(*nasty, "abc")
    for pk, text in zip(ids, nasty, strict=False):
        rows = score(model(when({"field": "country", "op": "contains", "value": text})), T)
        assert [key for key, row in rows.items() if row.total] == [pk]


@pytest.mark.parametrize("hostile", ["a'b", "x') --", "%(p0)s", "ключ", "a b"])
def test_a_property_name_is_never_sql(hostile: str) -> None:
    where = {"field": f"properties.{hostile}", "op": "known"}
    seen, problems = engine.parse_condition({"activity": "page_view", "where": where})
    assert seen is not None, problems
    assert [problem.code for problem in engine.check_condition(seen, catalog())] == ["unknown_where_field"]


def test_what_arrived_later_was_not_known() -> None:
    late = Act("page_view", T - DAY, received_at=T + DAY)
    (pk,) = settle([Person(activities=[late, Act("page_view", T - 2 * DAY)])])
    raw = model({"name": "Seen", "each": {"activity": "page_view"}, "points": 3})
    totals = [score(raw, T, sources=Sources(known_at=known))[pk].total for known in (None, T, T + DAY)]
    assert totals == [600, 300, 600]


@pytest.mark.parametrize(
    ("rules", "months"),
    [
        ([{"decay": {"window": "20d"}}], ["202605", "202606"]),
        ([{"decay": {"window": "20d"}, "repeat": "once_per_day"}], ["202605", "202606"]),
        ([{"decay": {"window": "20d"}}, {"decay": {"linear": "45d"}}], ["202604", "202605", "202606"]),
        ([{"decay": {"window": "20d"}}, {}], ["202603", "202604", "202605", "202606"]),
    ],
)
def test_months_before_all_that_is_asked_are_not_read(rules: list[dict[str, Any]], months: list[str]) -> None:
    ensure_months([T - number * 30 * DAY for number in range(4)])
    seen = [{"name": str(number), "each": {"activity": "page_view"}, "points": 3} for number in range(len(rules))]
    raw = document(model(*(one | rule for one, rule in zip(seen, rules, strict=True))))
    compiled = engine.compile_document(raw, catalog(), sources=Sources(scope=between(1, 9)), t=T, next_change=False)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {compiled.sql}", compiled.parameters)
        plan = "".join(line for (line,) in cursor.fetchall())
    assert sorted(set(re.findall(r"leads_activity_(20260[3-6])", plan))) == months


def test_what_a_window_has_left_behind_may_count_for_another_rule() -> None:
    """Of one type by several rules, and of the n newest, each looks back as far as it does alone."""
    acts = [Act("page_view", T - days * DAY) for days in (1, 5, 40, 80)]
    (pk,) = settle([Person(activities=acts)])
    each = {"each": {"activity": "page_view"}}
    short, long, ever = {"decay": {"window": "3d"}}, {"decay": {"window": "60d"}}, {}
    rules = [{"name": str(number), "points": 1} | each | rest for number, rest in enumerate([short, long, ever])]
    newest = [{"name": f"newest {n}", "points": 10, "at_most": 2} | each | rest for n, rest in enumerate([short, long])]
    row = score(model(*rules, *newest), T)[pk]
    assert row.points == [100, 300, 400, 1000, 2000]


def test_attributes_can_come_from_elsewhere() -> None:
    """As of t: any SELECT with the columns of the table."""
    (pk,) = people("Germany")
    past = "(SELECT id, %(old)s::text AS country, company_id, source_id FROM leads_lead WHERE id <= %(last)s)"
    history = Relation(text=past, parameters={"old": "Japan", "last": pk})  # type: ignore[arg-type]
    rows = score(model(JAPAN), T, sources=Sources(lead=history, scope=only([pk])))
    assert rows[pk].total == 1000


def test_sources_name_the_tables_of_the_models() -> None:
    sources = Sources()
    tables = {"lead": Lead, "company": Company, "activity": Activity, "adjustment": Adjustment}
    for name, owner in tables.items():
        assert getattr(sources, name).text == owner._meta.db_table


def test_outside_the_audience_everything_is_0_and_nothing_hot() -> None:
    mine = ScoringModel.objects.create(name="Pilot")
    pilots = {"field": "country", "op": "=", "value": "Japan"}
    raw = model(
        when({"field": "stage", "op": "=", "value": "inquiry"}, 80),
        audience=pilots,
        hot=[{"name": "Hot", "when": {"field": "stage", "op": "known"}, "exit": {"total": 1}}],
    )
    raw["groups"][0]["min"] = 5
    manual = [Manual(700, T - DAY, None)]
    inside, outside = settle(
        [Person(attributes={"country": c}, adjustments=manual) for c in ("Japan", "Germany")], mine
    )
    rows = score(raw, T, sources=Sources(model=mine.pk))
    assert (rows[inside].total, rows[inside].hot, rows[inside].holds) == (8700, [True], [True])
    cold = rows[outside]
    assert (cold.inside, cold.total, cold.fit, cold.adjustments, cold.points) == (False, 0, 0, 0, [0])
    assert (cold.group_points, cold.hot, cold.holds) == ([0], [False], [False])


def test_a_document_with_10000_leaves_is_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    def leaf(number: int) -> dict[str, Any]:
        return {"activity": "page_view", "within": f"{number % 3000 + 1}h", "count": {"op": ">=", "value": number % 7}}

    rules = [when({"any": [leaf(50 * r + i) for i in range(50)]}, 1, f"rule {r}") for r in range(150)]
    rules += [
        {
            "name": f"fading {r}",
            "each": {"activity": "page_view"},
            "points": 1,
            "decay": {"half_life": f"{r + 1}d"},
            "repeat": "once_per_object",
            "at_most": r + 1,
        }
        for r in range(50)
    ]
    (pk,) = settle([Person(activities=[Act("page_view", T - DAY, "x")])])
    row = score(model(*rules), T)[pk]
    assert sum(row.points[:150]) == 150 * 100
    assert row.points[150] == 50


def test_the_wide_shape_says_the_same_as_the_narrow_one(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = model(
        {"name": "a", "each": {"activity": "page_view"}, "points": 7, "decay": {"half_life": "3d"}, "cap": 9},
        {"name": "b", "each": {"activity": "any"}, "points": -1, "decay": {"linear": "9d", "window": "5d"}},
        when({"activity": "page_view", "within": "4d", "distinct": "object", "count": {"op": ">=", "value": 2}}),
        hot=[
            {
                "name": "Hot",
                "when": {"any": [{"score": "total", "op": ">", "value": 5}, {"activity": "webinar_attend"}]},
            }
        ],
    )
    acts = [Act("page_view", T - DAY * n, f"page {n % 3}") for n in range(8)]
    settle([Person(activities=acts), Person(activities=acts[:2]), Person()])
    narrow = score(raw, T)
    monkeypatch.setattr(compiler, "NARROW", 0)
    assert score(raw, T) == narrow


def test_sweeping_at_every_next_change_follows_a_fading_score_without_a_storm() -> None:
    """40 points that halve every 30 days change their whole points 35 times in 90 days."""
    rule = {"name": "Demo", "each": {"activity": "demo_request"}, "points": 40, "decay": {"half_life": "30d"}}
    seen, wakes = swept(model(rule), [Act("demo_request", T)], days=90)
    assert seen == list(range(40, 4, -1))
    assert wakes <= 4 * len(seen)


def test_several_fading_rules_are_swept_at_most_7_times_for_a_visible_change() -> None:
    """Every activity is rounded by itself, so that a whole point is approached more carefully the more there are."""
    rules = [
        {"name": "Asked", "each": {"activity": "document_request"}, "points": 20, "decay": {"half_life": "30d"}},
        {"name": "Came", "each": {"activity": "webinar_attend"}, "points": 30, "decay": {"linear": "60d"}},
    ]
    acts = [Act("document_request", T - 3 * DAY), Act("document_request", T - 1.3 * DAY), Act("webinar_attend", T)]
    seen, wakes = swept(model(*rules), acts, days=14)
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) > 14
    assert wakes <= 7 * len(seen)


def swept(raw: dict[str, Any], activities: list[Act], *, days: int) -> tuple[list[int], int]:
    """The whole points that sweeps meet, which come once a minute at most, and how many sweeps it takes."""
    (pk,), names = settle([Person(activities=activities)]), catalog()
    t, seen, wakes = T, [], 0
    while t is not None and t < T + days * DAY:
        row = score(raw, t, catalog_=names)[pk]
        seen += [row.total // 100] if row.total // 100 not in seen[-1:] else []
        t, wakes = row.next_change_at and max(row.next_change_at, t + DAY / 1440), wakes + 1  # type: ignore[assignment]
    return seen, wakes


def test_an_activity_ahead_of_t_changes_what_inactivity_leaves() -> None:
    quiet = {"after": "90d", "half_life": "14d"}
    raw = {"model": "Default", "groups": [{"name": "All", "dimension": "fit", "min": 3, "inactivity": quiet}]}
    (pk,) = settle([Person(activities=[Act("page_view", T + DAY)])])
    assert score(raw, T)[pk].next_change_at == T + DAY


def test_extra_conditions_are_decided_beside_the_scores() -> None:
    ids = people("Japan", "Germany")
    segment, _ = engine.parse_condition({"all": [JAPAN["when"], {"score": "total", "op": ">=", "value": 10}]})
    assert segment is not None
    rows = score(model(JAPAN), T, conditions=[segment])
    assert [rows[pk].matches for pk in ids] == [[True], [False]]


def test_an_explanation_has_the_evidence_and_the_expiry_of_each_condition() -> None:
    mine = ScoringModel.objects.create(name="Default")
    raw = {
        "model": "Default",
        "groups": [
            {
                "name": "Interest",
                "dimension": "engagement",
                "max": 25,
                "rules": [
                    {
                        "name": "Asked",
                        "each": {"activity": "document_request"},
                        "points": 20,
                        "repeat": "once_per_object",
                        "decay": {"half_life": "30d"},
                    },
                    when({"activity": "page_view", "within": "14d", "count": {"op": ">=", "value": 2}}, 5, "Read"),
                ],
            }
        ],
        "hot": [
            {
                "name": "Hot",
                "when": {
                    "all": [
                        {"score": "total", "op": ">=", "value": 30},
                        {"field": "planned_on", "op": "within_next", "value": "90d"},
                        {"answer": "bant.authority", "op": "=", "value": "decides"},
                    ]
                },
            }
        ],
    }
    acts = [
        Act("document_request", T, "catalogue"),
        Act("document_request", T - DAY, "catalogue"),
        Act("document_request", T - 30 * DAY, "prices"),
        *(Act("page_view", T - n * DAY) for n in (1, 3, 5)),
    ]
    who = Person(
        attributes={"planned_on": date(2026, 8, 1)},
        activities=acts,
        answers=[Given("bant.authority", "decides", T)],
        adjustments=[Manual(1500, T - DAY, T + 13 * DAY)],
    )
    (pk,) = settle([who], mine)
    Lead.objects.filter(pk=pk).update(email="sato@acme.example")
    said = explain(
        document(raw),
        catalog(),
        sources=Sources(model=mine.pk),
        t=T,
        lead=pk,
        connection=connection,
        annotations=engine.Annotations(version=7, hot_since={"Hot": T - DAY}),
    )
    assert said is not None
    assert said.lead == ExplainedLead(pk=pk, email="sato@acme.example", external_id="")
    assert (said.version, said.at.isoformat(), said.total) == (7, "2026-06-01T10:00:00+09:00", 4000)
    assert said.band == "warm"
    (group,) = said.groups
    assert (group.uncapped, group.points) == (3500, 2500)
    asked, read = group.rules
    request = ActivityEvidence(activity="document_request", object="catalogue", occurred_at=T, full=2000, points=2000)
    assert asked.evidence == (request, replace(request, object="prices", occurred_at=T - 30 * DAY, points=1000))
    until = datetime.fromisoformat("2026-06-12T10:00:00+09:00")
    text = "At least 2 page views in the last 14 days"
    assert read.when == ConditionVerdict(text=text, met=True, expires_at=until)
    assert [(line.kind, line.points) for line in said.lines] == [
        ("rule", 4000),
        ("decay", -1000),
        ("rule", 500),
        ("max", -1000),
        ("adjustment", 1500),
    ]
    (hot,) = said.hot
    assert (hot.met, hot.since) == (True, T - DAY)
    until = datetime.fromisoformat("2026-08-02T00:00:00+09:00")
    assert [condition.expires_at for condition in hot.when.leaves()] == [None, until, None]
    assert said.next_change_at is not None


def test_who_does_not_exist_has_no_explanation() -> None:
    assert explain(document(model()), catalog(), sources=Sources(), t=T, lead=10**9, connection=connection) is None
