"""Random documents over the whole rule language, and a random world of leads for them to judge."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.scoring.oracle import Act, Given, Manual, Person

BASE = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
TYPES = ("page_view", "document_request", "email_open", "webinar_attend")
OBJECTS = ("", "/pricing", "/pricing/plans", "catalogue", "news-12")
SPANS = ("1h", "36h", "1d", "7d", "14d", "30d", "90d")
SHIFTS = [timedelta(microseconds=us) for us in (-1, 0, 1)]
ODD_ZONES = ("Asia/Tokyo", "UTC", "America/New_York", "Pacific/Kiritimati")
SCORES = ("total", "fit", "engagement", "qualification")
COMPARISONS = ("=", "!=", ">", ">=", "<", "<=")

FIELDS: dict[str, tuple[str, list[Any]]] = {
    "country": ("text", ["Japan", "Germany", "a%b_c"]),
    "title": ("text", ["課長", "Head of IT", "Manager"]),
    "title_level": ("ordered", ["staff", "lead", "manager", "director", "executive"]),
    "origin": ("choice", ["marketing", "sales"]),
    "channel": ("choice", ["web", "event"]),
    "consent": ("boolean", [True, False]),
    "planned_on": ("date", ["2026-06-14", "2026-06-15", "2026-07-15", "2026-09-13", "2026-09-14"]),
    "created_at": ("datetime", ["2026-06-01", "2026-06-15", "2026-06-14T15:00:00+00:00", "2026-06-15T10:00:00+09:00"]),
    "company.employees": ("number", [0, 99, 100, 320]),
    "company.domain": ("text", ["rival.example", "acme.example"]),
    "custom.budget": ("number", [0, 10.5, 99]),
    "custom.renewal": ("date", ["2026-06-15", "2026-06-30"]),
    "custom.tier": ("choice", ["gold", "silver"]),
    "custom.vip": ("boolean", [True, False]),
    "custom.met_at": ("datetime", ["2026-06-15", "2026-06-15T10:00:00+09:00"]),
    "custom.topic": ("text", ["棚卸し", "inventory", "INVENTORY"]),
    "company.custom.plants": ("number", [1, 3]),
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
    "company.revenue": ("number", [0, 10**10]),
    "company.country": ("text", ["Japan", "Germany"]),
    "company.region": ("text", ["東京", "Bayern"]),
}
OPERATORS = {
    "text": ("=", "!=", "in", "not_in", "contains", "starts_with", "known", "unknown"),
    "choice": ("=", "!=", "in", "not_in", "known", "unknown"),
    "ordered": (*COMPARISONS, "in", "not_in", "known", "unknown"),
    "number": (*COMPARISONS, "in", "not_in", "known", "unknown"),
    "boolean": ("=", "!=", "known", "unknown"),
    "date": ("=", "!=", ">=", "<=", "before", "after", "within_next", "within_last", "known", "unknown"),
    "datetime": ("before", "after", "within_next", "within_last", "known", "unknown"),
}
OPTIONS = {"bant.authority": ["decides", "influences", "none"], "bant.budget": ["approved", "none"]}


# --- documents -------------------------------------------------------------------------------------------------------


@st.composite
def compared(draw: Any, subject: str, name: str, kind: str, values: list[Any]) -> dict[str, Any]:
    op = draw(st.sampled_from(OPERATORS[kind]))
    leaf: dict[str, Any] = {subject: name, "op": op}
    if op in ("within_next", "within_last"):
        leaf["value"] = draw(st.sampled_from(SPANS))
    elif op in ("in", "not_in"):
        leaf["value"] = draw(st.lists(st.sampled_from(values), min_size=1, max_size=3))
    elif op in ("contains", "starts_with"):
        value = draw(st.sampled_from(values))
        leaf["value"] = value[: draw(st.integers(1, len(value)))]
    elif op not in ("known", "unknown"):
        leaf["value"] = draw(st.sampled_from(values))
    return leaf


@st.composite
def field_leaf(draw: Any) -> dict[str, Any]:
    name = draw(st.sampled_from(sorted(FIELDS)))
    return draw(compared("field", name, *FIELDS[name]))


@st.composite
def answer_leaf(draw: Any) -> dict[str, Any]:
    name = draw(st.sampled_from(sorted(OPTIONS)))
    return draw(compared("answer", name, "choice", OPTIONS[name]))


object_leaf = compared("field", "object", "text", [*OBJECTS[1:], "/"]).filter(lambda leaf: leaf["op"] != "unknown")
property_leaf = st.one_of(
    compared("field", "properties.seconds", "number", [0, 10, 30.5]),
    compared("field", "properties.device", "text", ["phone", "desktop"]),
    compared("field", "properties.logged_in", "boolean", [True, False]),
)
where = st.recursive(
    st.one_of(object_leaf, property_leaf),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=3,
)


@st.composite
def stream(draw: Any) -> dict[str, Any]:
    found = {"activity": draw(st.sampled_from((*TYPES, "any")))}
    return found | ({"where": draw(where)} if draw(st.booleans()) else {})


@st.composite
def activity_leaf(draw: Any) -> dict[str, Any]:
    leaf = draw(stream())
    if draw(st.booleans()):
        leaf["within"] = draw(st.sampled_from(SPANS))
    if draw(st.booleans()):
        leaf["distinct"] = "object"
    if draw(st.booleans()):
        leaf["count"] = {"op": draw(st.sampled_from(COMPARISONS)), "value": draw(st.integers(0, 4))}
    return leaf


score_leaf = st.builds(
    lambda score, op, value: {"score": score, "op": op, "value": value},
    st.sampled_from(SCORES),
    st.sampled_from(COMPARISONS),
    st.sampled_from((0, 10, 33.33, 40, 69.99, 70, 100)),
)


SEGMENTS: dict[str, Any] = {
    "big": {
        "any": [
            {"field": "company.employees", "op": ">=", "value": 100},
            {"activity": "webinar_attend", "within": "30d"},
        ]
    },
    "big in Japan": {"all": [{"segment": "big"}, {"not": {"field": "country", "op": "!=", "value": "Japan"}}]},
}
segment_leaf = st.sampled_from(sorted(SEGMENTS)).map(lambda name: {"segment": name})


def condition(*more: Any) -> Any:
    return st.recursive(
        st.one_of(field_leaf(), activity_leaf(), answer_leaf(), segment_leaf, *more),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        ),
        max_leaves=5,
    )


POINTS = st.sampled_from((1, 5, 10, 20, 40, 0.01, 0.03, 0.005, 2.5, 33.33, -5, -20, -0.15, 10_000))
decay = st.one_of(
    st.fixed_dictionaries({"half_life": st.sampled_from(SPANS)}, optional={"window": st.sampled_from(SPANS)}),
    st.fixed_dictionaries({"linear": st.sampled_from(SPANS)}, optional={"window": st.sampled_from(SPANS)}),
    st.fixed_dictionaries({"window": st.sampled_from(SPANS)}),
)
each_rule = st.fixed_dictionaries(
    {"each": stream(), "points": POINTS},
    optional={
        "repeat": st.sampled_from(("every_time", "once", "once_per_object", "once_per_day")),
        "at_most": st.integers(1, 4),
        "cap": st.sampled_from((0, 5, 12.5, 40)),
        "decay": decay,
        "disabled": st.sampled_from((False, False, True)),
    },
)
when_rule = st.fixed_dictionaries(
    {"when": condition(), "points": POINTS},
    optional={"cap": st.sampled_from((5, 12.5)), "disabled": st.sampled_from((False, False, True))},
)
group = st.fixed_dictionaries(
    {
        "dimension": st.sampled_from(("fit", "engagement", "qualification")),
        "rules": st.lists(st.one_of(each_rule, each_rule, when_rule), max_size=5),
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
    },
)
# Where a threshold is offered alone or under `any`, the exit follows from it.
threshold = st.sampled_from((33.33, 70)).map(lambda value: {"score": "total", "op": ">=", "value": value})
by_score = st.one_of(threshold, st.tuples(threshold, condition(score_leaf)).map(lambda parts: {"any": list(parts)}))


@st.composite
def documents(draw: Any) -> dict[str, Any]:
    groups, hots = draw(st.lists(group, min_size=1, max_size=3)), draw(st.lists(hot, max_size=3))
    hots += [{"when": draw(by_score)}] if draw(st.booleans()) else []
    for g, one in enumerate(groups):
        one["name"] = f"group {g}"
        one["rules"] = [rule | {"name": f"rule {g}.{r}"} for r, rule in enumerate(one["rules"])]
    document = {
        "model": "Random",
        "timezone": draw(st.sampled_from(ODD_ZONES)),
        "groups": groups,
        "hot": [one | {"name": f"hot {h}"} for h, one in enumerate(hots)],
    }
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
AGES = [timedelta(hours=h) for h in (0, 1, 36, 24, 7 * 24, 14 * 24, 30 * 24, 60 * 24, 90 * 24)]


CHANNELS = {None: None, "webinar": "webinar", "exhibition": "event", "direct_traffic": "web", "paid_search": "ads"}


def person(dice: random.Random, number: int = 0) -> Person:
    """A lead about whom something is unknown, with activities that like to fall on borders and may arrive late."""
    return Person(
        attributes=_attributes(dice, number),
        activities=[_act(dice) for _ in range(dice.choice((0, 0, 1, 2, 4, 8, 14)))],
        answers=[_given(dice) for _ in range(dice.choice((0, 1, 3)))],
        adjustments=[_manual(dice) for _ in range(dice.choice((0, 0, 1, 2)))],
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
        "country": _maybe(dice, "Japan", "Germany", "a%b_c", "axbyc"),
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
            "company.country": _maybe(dice, "Japan", "Germany"),
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
    return Act(
        type=dice.choice(TYPES),
        occurred_at=when,
        object=dice.choice(OBJECTS),
        properties=present,
        received_at=when + dice.choice(DELAYS),
    )


def _given(dice: random.Random) -> Given:
    criterion = dice.choice(sorted(OPTIONS))
    when = BASE + timedelta(days=dice.choice((-40, -3, -3, 0, 5, 20)))
    option, recorded = dice.choice(OPTIONS[criterion]), when + dice.choice(DELAYS)
    return Given(criterion=criterion, option=option, answered_at=when, recorded_at=recorded)


def _manual(dice: random.Random) -> Manual:
    starts = BASE + timedelta(days=dice.choice((-20, -1, 0, 10)))
    until = dice.choice((None, starts + timedelta(days=14), BASE + timedelta(days=25)))
    return Manual(points=dice.choice((1500, -700, 33)), starts_at=starts, until=until)
