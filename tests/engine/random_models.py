"""Random documents over the whole rule language, and a random world of leads for them to judge."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from engine.matrix import MatrixAction
from tests.engine.oracle import Act, Given, Manual, Person

BASE = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
TYPES = ("page_view", "document_request", "email_open", "webinar_attend", "unsubscribe")
OBJECTS = ("", "/pricing", "/pricing/plans", "catalogue", "news-12")
SPANS = ("1h", "36h", "1d", "7d", "14d", "30d", "90d")
SHIFTS = [timedelta(microseconds=us) for us in (-1, 0, 1)]
ODD_ZONES = ("Asia/Tokyo", "UTC", "America/New_York", "Pacific/Kiritimati")
SCORES = ("total", "fit", "engagement", "qualification")
COMPARISONS = ("=", "!=", ">", ">=", "<", "<=")

FIELDS: dict[str, tuple[str, list[Any]]] = {
    "country": ("text", ["JP", "DE", "a%b_c"]),
    "title": ("text", ["課長", "Head of IT", "Manager"]),
    "title_level": ("ordered", ["staff", "lead", "manager", "director", "executive"]),
    "origin": ("choice", ["marketing", "sales"]),
    "channel": ("choice", ["web", "event"]),
    "consent": ("boolean", [True, False]),
    "planned_on": ("date", ["2026-06-14", "2026-06-15", "2026-07-15", "2026-09-13", "2026-09-14"]),
    "created_at": ("datetime", ["2026-06-01", "2026-06-15", "2026-06-14T15:00:00+00:00", "2026-06-15T10:00:00+09:00"]),
    "company.employees": ("integer", [0, 99, 100, 320]),
    "company.domain": ("text", ["rival.example", "acme.example"]),
    "custom.budget": ("decimal", [0, 10.5, 99]),
    "custom.renewal": ("date", ["2026-06-15", "2026-06-30"]),
    "custom.tier": ("choice", ["gold", "silver"]),
    "custom.vip": ("boolean", [True, False]),
    "custom.met_at": ("datetime", ["2026-06-15", "2026-06-15T10:00:00+09:00"]),
    "custom.topic": ("text", ["棚卸し", "inventory", "INVENTORY"]),
    "company.custom.plants": ("integer", [1, 3]),
    "email": ("text", ["@acme.example", "lead1", "x"]),
    "external_id": ("text", ["E-1", "E-"]),
    "name": ("text", ["山田", "Ann"]),
    "department": ("text", ["営業部", "IT"]),
    "phone": ("text", ["03-", "+49"]),
    "language": ("text", ["ja", "en"]),
    "region": ("text", ["東京", "Bayern"]),
    "campaign": ("text", ["spring%", "spring"]),
    "source": ("choice", ["webinar", "exhibition", "direct_traffic"]),
    "stage": ("choice", ["inquiry", "mql", "customer"]),
    "company.name": ("text", ["株式会社アクメ", "Acme"]),
    "company.industry": ("text", ["manufacturing", "it"]),
    "company.revenue": ("integer", [0, 10**10]),
    "company.country": ("text", ["JP", "DE"]),
    "company.region": ("text", ["東京", "Bayern"]),
}
OPERATORS = {
    "text": ("=", "!=", "in", "not_in", "contains", "starts_with", "known", "unknown"),
    "choice": ("=", "!=", "in", "not_in", "known", "unknown"),
    "ordered": (*COMPARISONS, "in", "not_in", "known", "unknown"),
    "integer": (*COMPARISONS, "in", "not_in", "known", "unknown"),
    "decimal": (*COMPARISONS, "in", "not_in", "known", "unknown"),
    "boolean": ("=", "!=", "known", "unknown"),
    "date": ("=", "!=", ">=", "<=", "before", "after", "within_next", "within_last", "known", "unknown"),
    "datetime": ("before", "after", "within_next", "within_last", "known", "unknown"),
}
OPTIONS = {"bant.authority": ["decides", "influences", "none"], "bant.budget": ["approved", "none"]}


# --- documents -------------------------------------------------------------------------------------------------------


def comparisons(subject: str, name: str, kind: str, values: list[Any]) -> list[dict[str, Any]]:
    """Leaves with every operator of the kind, three of each, as they are and denied."""
    found = []
    for op in OPERATORS[kind]:
        for place in range(3):
            leaf = {subject: name, "op": op} | _value(op, values, place)
            found += [leaf, {"not": leaf}]
    return found


def _value(op: str, values: list[Any], place: int) -> dict[str, Any]:
    value = values[place % len(values)]
    if op in ("known", "unknown"):
        return {}
    if op in ("within_next", "within_last"):
        return {"value": SPANS[(len(values) + 3 * place) % len(SPANS)]}
    if op in ("in", "not_in"):
        return {"value": [value, values[0], values[-1]][: place + 1]}
    if op in ("contains", "starts_with"):
        return {"value": value[: place + 1] if op == "starts_with" else value[-place - 1 :]}
    return {"value": value}


def leaves(subject: str, subjects: dict[str, tuple[str, list[Any]]]) -> list[dict[str, Any]]:
    return [leaf for name, (kind, values) in subjects.items() for leaf in comparisons(subject, name, kind, values)]


def _within(leaf: dict[str, Any], length: str) -> dict[str, Any]:
    inner = leaf.get("not")
    return {"not": inner | {"within": length}} if inner else leaf | {"within": length}


FIELD_LEAVES = leaves("field", FIELDS)
ANSWER_LEAVES = leaves("answer", {name: ("choice", options) for name, options in OPTIONS.items()})
ANSWER_LEAVES += [_within(leaf, SPANS[place % len(SPANS)]) for place, leaf in enumerate(ANSWER_LEAVES)]
OBJECT_LEAVES = [
    leaf
    for leaf in comparisons("field", "object", "text", [*OBJECTS[1:], "/"])
    if (leaf.get("not") or leaf)["op"] != "unknown"
]
PROPERTY_LEAVES = leaves(
    "field",
    {
        "properties.seconds": ("decimal", [0, 10, 30.5]),
        "properties.device": ("text", ["phone", "desktop"]),
        "properties.logged_in": ("boolean", [True, False]),
    },
)
# Half of all fields are text; every kind is to come up as often.
field_leaf = st.one_of(
    *(
        st.sampled_from(leaves("field", {name: own for name, own in FIELDS.items() if own[0] == kind}))
        for kind in OPERATORS
    )
)
answer_leaf = st.sampled_from(ANSWER_LEAVES)
where = st.recursive(
    st.one_of(st.sampled_from(OBJECT_LEAVES), st.sampled_from(PROPERTY_LEAVES)),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=3,
)


stream = st.fixed_dictionaries({"activity": st.sampled_from((*TYPES, "any"))}, optional={"where": where})
counted = st.sampled_from([{"op": op, "value": value} for op in COMPARISONS for value in range(5)])
activity_leaf = st.fixed_dictionaries(
    {"activity": st.sampled_from((*TYPES, "any"))},
    optional={"where": where, "within": st.sampled_from(SPANS), "distinct": st.just("object"), "count": counted},
)
score_leaf = st.sampled_from(
    [
        {"score": score, "op": op, "value": value}
        for score in SCORES
        for op in COMPARISONS
        for value in (0, 10, 33.33, 40, 69.99, 70, 100)
    ]
)

SEGMENTS: dict[str, Any] = {
    "big": {
        "any": [
            {"field": "company.employees", "op": ">=", "value": 100},
            {"activity": "webinar_attend", "within": "30d"},
        ]
    },
    "big in Japan": {"all": [{"segment": "big"}, {"not": {"field": "country", "op": "!=", "value": "JP"}}]},
}
segment_leaf = st.sampled_from(sorted(SEGMENTS)).map(lambda name: {"segment": name})
plain_leaf = st.one_of(field_leaf, field_leaf, activity_leaf, activity_leaf, answer_leaf, segment_leaf)


ACTION_LEAVES = [{"action": list(one)} for size in (1, 2, 3) for one in combinations(map(str, MatrixAction), size)]
action_leaf = st.sampled_from(ACTION_LEAVES)
refused = action_leaf.map(lambda leaf: {"not": leaf})
LEVELS = [{"high": 60, "middle": 30}, {"high": 33.33, "middle": 4.5}, {"middle": 0}, {"high": 30, "middle": 3}]
matrix = st.fixed_dictionaries(
    {},
    optional={
        "engagement": st.sampled_from(LEVELS),
        "qualification": st.sampled_from(LEVELS),
        "actions": st.just([{"engagement": "middle", "qualification": "low", "action": "wait"}]),  # all remain
    },
)


def condition(*more: Any) -> Any:
    return st.recursive(
        st.one_of(plain_leaf, *more * 4),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        ),
        max_leaves=6,
    )


by_action = st.one_of(action_leaf, refused, condition(score_leaf, action_leaf, action_leaf))
CAPS = st.sampled_from((0, 5, 12.5, 40))
POINTS = st.sampled_from((1, 5, 10, 20, 40, 0.01, 0.03, 0.005, 2.5, 33.33, -5, -20, -0.15, 10_000))
decay = st.one_of(
    st.fixed_dictionaries({"half_life": st.sampled_from(SPANS)}, optional={"window": st.sampled_from(SPANS)}),
    st.fixed_dictionaries({"linear": st.sampled_from(SPANS)}, optional={"window": st.sampled_from(SPANS)}),
    st.fixed_dictionaries({"window": st.sampled_from(SPANS)}),
)
each_rule = st.fixed_dictionaries(
    {"each": stream, "points": POINTS},
    optional={
        "repeat": st.sampled_from(("every_time", "once", "once_per_object", "once_per_day")),
        "at_most": st.integers(1, 4),
        "cap": CAPS,
        "decay": decay,
        "disabled": st.sampled_from((False, False, True)),
    },
)
when_rule = st.fixed_dictionaries(
    {"when": condition(), "points": POINTS},
    optional={"cap": st.sampled_from((5, 12.5)), "disabled": st.sampled_from((False, False, True))},
)


def answer_rules(name: str) -> Any:
    """Some options of a criterion, each with its own points: a rule may give and take."""
    points = st.lists(st.sampled_from(OPTIONS[name]), min_size=1, unique=True).flatmap(
        lambda options: st.fixed_dictionaries(dict.fromkeys(options, st.one_of(POINTS, st.just(0))))
    )
    return st.fixed_dictionaries(
        {"answer": st.just(name), "points": points},
        optional={"cap": CAPS, "decay": decay, "disabled": st.sampled_from((False, False, True))},
    )


answer_rule = st.one_of(*(answer_rules(name) for name in sorted(OPTIONS)))
rule = st.one_of(each_rule, each_rule, when_rule, when_rule, answer_rule)
group = st.fixed_dictionaries(
    {
        "dimension": st.sampled_from(("fit", "engagement", "qualification")),
        "rules": st.one_of(st.lists(rule, min_size=2, max_size=8), st.lists(rule, max_size=2)),
    },
    optional={
        "min": st.sampled_from((-20, 0, 3)),
        "max": st.sampled_from((10, 33.33, 60)),
        "inactivity": st.fixed_dictionaries({"after": st.sampled_from(SPANS), "half_life": st.sampled_from(SPANS)}),
    },
)
hot = st.fixed_dictionaries(
    {"when": condition(score_leaf)},
    optional={
        "exit": st.sampled_from(({"total": 33.33}, {"total": 0}, {"total": -1})),
        "grace": st.sampled_from(SPANS),
        "again": st.booleans(),
    },
)
# Where a threshold is offered alone or under `any`, the exit follows from it.
threshold = st.sampled_from((33.33, 70)).map(lambda value: {"score": "total", "op": ">=", "value": value})
by_score = st.one_of(threshold, st.tuples(threshold, condition(score_leaf)).map(lambda parts: {"any": list(parts)}))
hot_by_score = st.fixed_dictionaries({"when": by_score}, optional={"exit": st.just({"total": 33.33})})


def _looks_at_the_stage(node: Any) -> bool:
    if isinstance(node, list):
        return any(map(_looks_at_the_stage, node))
    return isinstance(node, dict) and (node.get("field") == "stage" or any(map(_looks_at_the_stage, node.values())))


stages = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("mql", "sql"),
        st.one_of(score_leaf, condition(score_leaf)).filter(lambda node: not _looks_at_the_stage(node)),
    ),
)


@st.composite
def documents(draw: Any) -> dict[str, Any]:
    groups, hots = draw(st.lists(group, min_size=1, max_size=3)), draw(st.lists(hot, max_size=3))
    hots += [draw(hot_by_score)] if draw(st.booleans()) else []
    for g, one in enumerate(groups):
        one["name"] = f"group {g}"
        one["rules"] = [rule | {"name": f"rule {g}.{r}"} for r, rule in enumerate(one["rules"])]
    document = {
        "model": "Random",
        "timezone": draw(st.sampled_from(ODD_ZONES)),
        "groups": groups,
        "hot": [one | {"name": f"hot {h}"} for h, one in enumerate(hots)],
    }
    if draw(st.booleans()):
        document["matrix"] = draw(matrix)
        one = {"name": "by the matrix", "when": draw(by_action)}
        document["hot"].append(one)
    if draw(st.booleans()):
        document["stages"] = draw(stages)
        if "matrix" in document and draw(st.booleans()):
            document["stages"]["sql"] = draw(by_action.filter(lambda node: not _looks_at_the_stage(node)))
    if draw(st.integers(0, 4)) == 0:
        document["audience"] = draw(condition())
    if draw(st.booleans()):
        document["bands"] = {"hot": 33.33, "warm": 10}
    if draw(st.booleans()):
        document["grades"] = {"fit": {"A": 12.5, "B": 5}, "engagement": {"1": 33.33, "2": 0.01}}
    return document


def instants() -> Any:
    steps = [timedelta(), timedelta(hours=5, microseconds=1), timedelta(days=14), timedelta(days=30, seconds=-1)]
    return st.sampled_from([BASE + step + shift for step in steps for shift in SHIFTS])


# --- a world ---------------------------------------------------------------------------------------------------------

DELAYS = [timedelta(), timedelta(), timedelta(hours=1), timedelta(days=3), timedelta(days=20), timedelta(days=-30)]
LATER = [timedelta(), timedelta(minutes=1), timedelta(days=3), timedelta(days=20)]
AGES = [timedelta(hours=h) for h in (0, 1, 36, 24, 7 * 24, 14 * 24, 30 * 24, 60 * 24, 90 * 24)]


CHANNELS = {None: None, "webinar": "webinar", "exhibition": "event", "direct_traffic": "web", "paid_search": "ads"}


def person(dice: random.Random, number: int = 0) -> Person:
    """A lead about whom something is unknown, with activities that like to fall on borders and may arrive late."""
    return Person(
        attributes=_attributes(dice, number),
        activities=[_act(dice) for _ in range(dice.choice((0, 0, 1, 2, 4, 8, 14)))],
        answers=[_given(dice) for _ in range(dice.choice((0, 1, 3)))],
        adjustments=[_manual(dice) for _ in range(dice.choice((0, 0, 1, 2)))],
        waits_for=("page_view",),
        resting_since=_maybe(dice, *(BASE - age + shift for age in AGES for shift in SHIFTS)),
    )


def _maybe(dice: random.Random, *values: Any) -> Any:
    return dice.choice((None, *values))


def _attributes(dice: random.Random, number: int) -> dict[str, Any]:
    source = dice.choice(sorted(CHANNELS, key=str))
    found = {
        "email": _maybe(dice, f"lead{number}@acme.example", f"x{number}@rival.example"),
        "external_id": _maybe(dice, f"E-{number}"),
        "name": _maybe(dice, "山田 太郎", "Ann Lee"),
        "department": _maybe(dice, "営業部", "IT", ""),
        "phone": _maybe(dice, "03-5550-0001", "+49 30 1"),
        "language": _maybe(dice, "ja", "en"),
        "region": _maybe(dice, "東京", "Bayern"),
        "campaign": _maybe(dice, "spring%2026", "spring-2026"),
        "source": source,
        "channel": CHANNELS[source],
        "stage": dice.choice(("inquiry", "mql", "customer", "nurture")),
        "country": _maybe(dice, "JP", "DE", "a%b_c", "axbyc"),
        "title": _maybe(dice, "課長", "製造部 課長", "Head of IT"),
        "title_level": _maybe(dice, 1, 2, 3, 4, 5),
        "origin": dice.choice(("marketing", "sales")),
        "consent": _maybe(dice, True, False),
        "planned_on": _maybe(dice, *(date(2026, 6, 15) + timedelta(days=d) for d in (-1, 0, 1, 30, 90, 91))),
        "created_at": BASE - dice.choice(AGES) + dice.choice(SHIFTS),
        "custom.budget": _maybe(dice, 0, Decimal("10.5"), 99),
        "custom.renewal": _maybe(dice, date(2026, 6, 15), date(2026, 6, 29), date(2026, 7, 1)),
        "custom.tier": _maybe(dice, "gold", "silver", ""),
        "custom.vip": _maybe(dice, True, False),
        "custom.met_at": _maybe(dice, *(BASE - age + shift for age in AGES[:5] for shift in SHIFTS)),
        "custom.topic": _maybe(dice, "棚卸し", "stock and inventory", ""),
    }
    if dice.random() < 0.7:
        found |= {
            "company.employees": _maybe(dice, 0, 99, 100, 320),
            "company.domain": _maybe(dice, "rival.example", "acme.example"),
            "company.custom.plants": _maybe(dice, 1, 3),
            "company.name": dice.choice(("株式会社アクメ", "Acme")),
            "company.industry": _maybe(dice, "manufacturing", "it"),
            "company.revenue": _maybe(dice, 0, 10**10, 10**12),
            "company.country": _maybe(dice, "JP", "DE"),
            "company.region": _maybe(dice, "東京", "Bayern"),
        }
    return found


def _act(dice: random.Random) -> Act:
    when = BASE - dice.choice(AGES) + dice.choice(SHIFTS)
    if dice.random() < 0.5:
        when = BASE - timedelta(seconds=dice.randrange(-40 * 86_400, 120 * 86_400), microseconds=dice.randrange(10**6))
    properties = {
        "seconds": dice.choice((None, 0, 10, 30.5, "10")),
        "device": dice.choice((None, "", "phone", "desktop", 3)),
        "logged_in": dice.choice((None, True, False, "true")),
    }
    present = {name: value for name, value in properties.items() if dice.random() < 0.6}
    received = when + dice.choice(DELAYS)
    excluded = received + dice.choice(LATER) if dice.random() < 0.15 else None
    return Act(
        type=dice.choice(TYPES),
        occurred_at=when,
        object=dice.choice(OBJECTS),
        properties=present,
        received_at=received,
        excluded_at=excluded,
        counted_again_at=excluded + dice.choice(LATER) if excluded and dice.random() < 0.3 else None,
    )


def _given(dice: random.Random) -> Given:
    criterion = dice.choice(sorted(OPTIONS))
    when = BASE + timedelta(days=dice.choice((-40, -3, -3, 0, 5, 20)))
    if dice.random() < 0.6:
        when = BASE - dice.choice(AGES) + dice.choice(SHIFTS)
    option, recorded = dice.choice(OPTIONS[criterion]), when + dice.choice(DELAYS)
    return Given(criterion=criterion, option=option, answered_at=when, recorded_at=recorded)


def _manual(dice: random.Random) -> Manual:
    starts = BASE + timedelta(days=dice.choice((-20, -1, 0, 10)))
    until = dice.choice((None, starts + timedelta(days=14), BASE + timedelta(days=25)))
    return Manual(points=dice.choice((1500, -700, 33)), starts_at=starts, until=until)
