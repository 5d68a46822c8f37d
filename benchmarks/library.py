"""What we do not do either: a rules library, lead by lead. GoRules' zen-engine over facts that are loaded already."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import zen

from benchmarks.data import execute
from benchmarks.rules import LEVELS, TYPES

DAY = timedelta(days=1)
ZONE = ZoneInfo("Asia/Tokyo")  # of the model, whose documents do not name one
FACTS = """
SELECT lead.id, lead.title_level, lead.region, lead.language, lead.planned_on, company.employees, company.industry,
    (SELECT json_agg(json_build_object('type', type.code, 'object', act.object,
                                       'age', date_part('epoch', %(now)s - act.occurred_at) / 86400)
                     ORDER BY act.occurred_at DESC)
     FROM leads_activity AS act JOIN leads_activitytype AS type ON type.id = act.type_id
     WHERE act.lead_id = lead.id AND act.occurred_at <= %(now)s)
FROM leads_lead AS lead LEFT JOIN leads_company AS company ON company.id = lead.company_id
WHERE lead.id = ANY(%(ids)s)"""


class Library:
    """The benchmark's model as one expression node, and the facts of some leads."""

    def __init__(self, document: dict[str, Any], leads: list[int], now: datetime) -> None:
        rules = [rule for group in document["groups"] for rule in group["rules"]]
        expressions = [
            {"id": f"e{place}", "key": f"rule{place}", "value": _expression(rule, place)}
            for place, rule in enumerate(rules)
        ]
        nodes: list[dict[str, object]] = [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "rules", "type": "expressionNode", "name": "rules", "content": {"expressions": expressions}},
            {"id": "out", "type": "outputNode", "name": "out"},
        ]
        places: dict[str, object] = {"position": {"x": 0, "y": 0}}
        edges = [("in", "rules"), ("rules", "out")]
        content = {
            "nodes": [node | places for node in nodes],
            "edges": [{"id": a + b, "sourceId": a, "targetId": b, "type": "edge"} for a, b in edges],
        }
        self.decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(json.dumps(content)))
        rows = execute(FACTS, {"now": now, "ids": leads})
        self.facts = [_facts(row, rules, now) for row in rows]

    def score(self) -> list[dict[str, int]]:
        """Every rule's hundredths for every lead."""
        return [self.decision.evaluate(facts)["result"] for facts in self.facts]


def _facts(row: tuple[Any, ...], rules: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    _pk, level, region, language, planned, employees, industry, acts = row
    by_type: dict[str, list[dict[str, Any]]] = {code: [] for code in TYPES}
    for act in acts or []:
        day = (now - act["age"] * DAY).astimezone(ZONE).date()
        by_type.setdefault(act["type"], []).append(act | {"day": str(day)})
    return {
        "title_level": level, "region": region, "language": language, "employees": employees, "industry": industry,
        "planned_in": None if planned is None else (planned - now.date()).days,
        "acts": by_type,
        "kept": {f"rule{place}": _kept(rule, by_type) for place, rule in enumerate(rules) if "each" in rule},
    }  # fmt: skip


def _kept(rule: dict[str, Any], by_type: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """What the repeat policy leaves of a lead's activities, which come newest first."""
    acts = by_type[rule["each"]["activity"]]
    if unit := {"once_per_object": "object", "once_per_day": "day"}.get(rule.get("repeat", "")):
        acts = list({act[unit]: act for act in reversed(acts)}.values())[::-1]
    return acts[: rule.get("at_most")]


def _expression(rule: dict[str, Any], place: int) -> str:
    points = rule["points"] * 100
    if "when" in rule:
        return f"({_condition(rule['when'])}) ? {points} : 0"
    total = f"sum(map(kept.rule{place}, {_factor(rule.get('decay'), points)}))"
    return f"min([{total}, {rule['cap'] * 100}])" if "cap" in rule else total


def _factor(decay: dict[str, str] | None, points: int) -> str:
    match decay:
        case {"half_life": length}:
            return f"round({points} * 0.5 ^ (#.age / {length[:-1]}))"
        case {"linear": length}:
            return f"#.age >= {length[:-1]} ? 0 : round({points} * (1 - #.age / {length[:-1]}))"
        case {"window": length}:
            return f"#.age <= {length[:-1]} ? {points} : 0"
        case _:
            return f"{points}"


def _condition(when: dict[str, Any]) -> str:
    if "activity" in when:
        return f"count(acts.{when['activity']}, #.age <= {when['within'][:-1]}) >= 2"
    name = when["field"].rpartition(".")[2]
    match when["op"]:
        case "unknown":
            return f"{name} == null"
        case "within_next":
            return "planned_in != null and planned_in >= 0 and planned_in <= 90"
        case ">=":
            return f"{name} != null and {name} >= {when['value']}"
        case _:
            value = LEVELS.index(when["value"]) + 1 if name == "title_level" else json.dumps(when["value"])
            return f"{name} != null and {name} == {value}"
