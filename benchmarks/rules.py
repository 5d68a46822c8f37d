"""A model of 40 rules, 20 about behaviour and 20 about attributes, with every kind of decay, repeat and limit."""

from __future__ import annotations

from typing import Any

TYPES = [
    "page_view", "price_view", "compare_view", "case_view", "email_open", "email_click", "document_request",
    "whitepaper_download", "webinar_attend", "event_attend", "business_card", "survey_answer", "trial_start",
    "demo_request", "quote_request", "chat_question",
]  # fmt: skip
DECAYS: list[dict[str, str] | None] = [{"half_life": "30d"}, {"window": "90d"}, {"linear": "60d"}, None]
LEVELS = ["staff", "lead", "manager", "director", "executive"]


def document(factor: int = 1) -> dict[str, Any]:
    """The model; `factor` multiplies all behaviour points, so that 2 changes every score that is not 0."""
    return {
        "model": "Default",
        "groups": [
            {"name": "Interest", "dimension": "engagement", "max": 60, "rules": _behaviour(factor)},
            {"name": "Company", "dimension": "fit", "max": 40, "rules": _attributes()},
        ],
        "hot": [
            {
                "name": "Hot lead",
                "exit": {"total": 60},
                "when": {
                    "any": [
                        {"score": "total", "op": ">=", "value": 70},
                        {
                            "all": [
                                {"activity": "document_request", "within": "14d"},
                                {"activity": "page_view", "distinct": "object", "count": {"op": ">=", "value": 2}},
                                {"field": "company.employees", "op": ">=", "value": 100},
                                {"field": "planned_on", "op": "within_next", "value": "90d"},
                            ]
                        },
                    ]
                },
            }
        ],
    }


def _behaviour(factor: int) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    for number, code in enumerate(TYPES):
        rule: dict[str, Any] = {"name": f"Did {code}", "each": {"activity": code}, "points": (1 + number % 7) * factor}
        if decay := DECAYS[number % 4]:
            rule["decay"] = decay
        if number in (4, 6):
            rule["repeat"] = "once_per_object"
        if number == 0:
            rule["repeat"] = "once_per_day"
        if number in (8, 13):  # one that fades, one that does not
            rule["at_most"] = 3
        if number == 8:
            rule["cap"] = 20 * factor
        rules.append(rule)
    for number, code in enumerate(TYPES[:4]):
        when = {"activity": code, "within": f"{14 * (number + 1)}d", "count": {"op": ">=", "value": 2}}
        rules.append({"name": f"Often {code}", "when": when, "points": 3 * factor})
    return rules


def _attributes() -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []

    def rule(points: int, **when: Any) -> None:
        rules.append({"name": f"Attribute {len(rules) + 1}", "when": when, "points": points})

    for number, level in enumerate(LEVELS):
        rule(number, field="title_level", op="=", value=level)
    for size in (10, 50, 100, 300, 1000):
        rule(2, field="company.employees", op=">=", value=size)
    for industry in ("IT", "manufacturing", "retail", "finance"):
        rule(3, field="company.industry", op="=", value=industry)
    for region in ("Tokyo", "Osaka", "Aichi"):
        rule(1, field="region", op="=", value=region)
    rule(4, field="planned_on", op="within_next", value="90d")
    rule(2, field="language", op="=", value="ja")
    rule(-5, field="title_level", op="unknown")
    return rules
