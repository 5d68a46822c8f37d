"""What is found about ordered rules, against looking at every lead there could be."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from engine import parse_condition
from engine.nodes import Condition
from handoff.policy.lint import Finding, findings_of
from handoff.queries.lint import lint

pytestmark = pytest.mark.django_db

T = datetime(2026, 7, 1, tzinfo=UTC)
EMPLOYEES = (None, *range(12))
REGIONS = (None, "Kanto", "Kansai", "Tohoku")
ANYWHERE = (*REGIONS, "Elsewhere")  # a free text
LEVELS = (None, "staff", "lead", "manager", "director", "executive")
RANK = {level: rank for rank, level in enumerate(LEVELS)}


def node(raw: dict[str, Any] | None) -> Condition | None:
    if raw is None:
        return None
    condition, problems = parse_condition(raw)
    assert condition is not None, problems
    return condition


def found(*rules: dict[str, Any] | None, takes: list[bool] | None = None) -> list[Finding] | None:
    return lint([node(rule) for rule in rules], takes or [True] * len(rules), T)


def employees(op: str, value: int) -> dict[str, Any]:
    return {"field": "company.employees", "op": op, "value": value}


def test_a_rule_whose_leads_are_all_taken_above_is_unreachable() -> None:
    assert found(employees(">=", 100), employees(">=", 300)) == [Finding(place=1, code="unreachable", other=0)]


def test_two_rules_together_can_hide_a_third() -> None:
    rules = (employees(">=", 100), employees("<", 100), {"field": "company.employees", "op": "known"})
    assert found(*rules) == [Finding(place=2, code="unreachable", other=0)]


def test_what_is_unknown_keeps_a_rule_reachable() -> None:
    assert found(employees(">=", 100), employees("<", 100), None) == [Finding(place=2, code="overlap", other=0)]


def test_a_rule_that_nobody_can_meet_is_named() -> None:
    both = {"all": [employees(">=", 300), employees("<", 100)]}
    assert found(both, employees(">=", 1)) == [Finding(place=0, code="never")]


def test_a_rule_that_lets_some_of_its_leads_pass_hides_nothing() -> None:
    assert found(None, employees(">=", 300), takes=[False, True]) == []
    assert found(None, employees(">=", 300)) == [Finding(place=1, code="unreachable", other=0)]


def test_counts_scores_and_answers_are_told_apart_too() -> None:
    prices = {"activity": "price_view", "count": {"op": ">=", "value": 2}}
    more = {"activity": "price_view", "count": {"op": ">=", "value": 5}}
    assert found(prices, more) == [Finding(place=1, code="unreachable", other=0)]
    high = {"score": "total", "op": ">=", "value": 70}
    higher = {"score": "total", "op": ">=", "value": 90}
    assert found(higher, high) == [Finding(place=1, code="overlap", other=0)]
    assert found(high, {"score": "total", "op": ">", "value": 100}) == [Finding(place=1, code="never")]


def test_texts_that_are_looked_for_in_parts_can_hold_several() -> None:
    web, tokyo = ({"field": "department", "op": "contains", "value": word} for word in ("Web", "Tokyo"))
    assert found({"all": [web, tokyo]}, web) == [Finding(place=1, code="overlap", other=0)]


def test_rules_that_look_at_too_much_are_left_unchecked() -> None:
    fields = ("name", "title", "department", "region", "email", "campaign", "phone", "company.name", "company.domain")
    wide = {"all": [{"field": field, "op": "contains", "value": "x"} for field in fields]}
    assert found(wide) is None


def _random_rule(chance: random.Random, depth: int = 0) -> dict[str, Any]:
    if depth < 2 and chance.random() < 0.4:
        parts = [_random_rule(chance, depth + 1) for _part in range(chance.randint(1, 3))]
        return {chance.choice(["all", "any"]): parts}
    if depth < 3 and chance.random() < 0.15:
        return {"not": _random_rule(chance, depth + 1)}
    field = chance.choice(["employees", "region", "level"])
    if field == "employees":
        return employees(chance.choice([">=", ">", "<=", "<", "=", "!="]), chance.randint(1, 10))
    if field == "level":
        op = chance.choice([">=", "<", "=", "known"])
        value = {} if op == "known" else {"value": chance.choice(LEVELS[1:])}
        return {"field": "title_level", "op": op, **value}
    if chance.random() < 0.3:
        return {"field": "region", "op": "in", "value": chance.sample(REGIONS[1:], 2)}
    return {"field": "region", "op": chance.choice(["=", "!="]), "value": chance.choice(REGIONS[1:])}


def _holds(rule: dict[str, Any], lead: dict[str, Any]) -> bool | None:
    """Whether a lead meets a rule, None where it cannot be said: by the plainest reading there is."""
    if "not" in rule:
        inner = _holds(rule["not"], lead)
        return None if inner is None else not inner
    if "all" in rule or "any" in rule:
        parts = [_holds(part, lead) for part in rule.get("all", rule.get("any"))]
        if "all" in rule:
            return False if False in parts else None if None in parts else True
        return True if True in parts else None if None in parts else False
    value = lead[rule["field"]]
    if rule["op"] == "known":
        return value is not None
    if value is None:
        return None
    if rule["field"] == "title_level":
        value, wanted = RANK[value], RANK[rule["value"]]
    else:
        wanted = rule["value"]
    compare = {
        ">=": lambda: value >= wanted, ">": lambda: value > wanted, "<=": lambda: value <= wanted,
        "<": lambda: value < wanted, "=": lambda: value == wanted, "!=": lambda: value != wanted,
        "in": lambda: value in wanted,
    }  # fmt: skip
    return bool(compare[rule["op"]]())


SEEDS = [pytest.param(seed, marks=[pytest.mark.deep] if seed >= 8 else []) for seed in range(50)]


@pytest.mark.parametrize("seed", SEEDS)
def test_ten_random_rule_lists_are_found_as_by_looking_at_every_lead(seed: int) -> None:
    """No miss and no false alarm, over every lead of 12 sizes, 4 regions, 5 levels and what is unknown."""
    chance = random.Random(seed)
    everybody = [
        {"company.employees": size, "region": region, "title_level": level}
        for size, region, level in product(EMPLOYEES, ANYWHERE, LEVELS)
    ]
    for _list in range(10):
        rules = [_random_rule(chance) for _rule in range(chance.randint(2, 6))]
        takes = [chance.random() < 0.8 for _rule in rules]
        expected = findings_of([[_holds(rule, lead) is True for rule in rules] for lead in everybody], takes)
        assert found(*rules, takes=takes) == expected, rules
