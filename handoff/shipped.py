"""What a new installation starts with: a Japanese office calendar, two promises (S76, S77), coded reasons."""

from __future__ import annotations

from typing import Any

from django.apps.registry import Apps

REJECT_REASONS = [
    ("not_expected", "Doesn’t match our definition", "想定と異なるリード", "nurture"),
    ("too_early", "Too early, still gathering information", "時期尚早（情報収集段階）", "nurture"),
    ("too_late", "We followed up too late", "初動が遅れた", "nurture"),
    ("no_budget", "No budget", "予算がない", "nurture"),
    ("no_need", "No need", "ニーズがない", "nurture"),
    ("wrong_person", "Not the right contact", "検討の担当ではない方だった", "nurture"),
    ("unreachable", "Couldn’t be reached", "連絡がつかない", "nurture"),
    ("chose_rival", "Chose a competitor", "他社に決定済み", "disqualified"),
    ("competitor", "Is a competitor", "競合他社からの問い合わせ", "disqualified"),
    ("duplicate", "Duplicate", "重複", "disqualified"),
]
LOST_REASONS = [
    ("price", "Too expensive", "価格が合わない"),
    ("chose_rival", "Chose a competitor", "他社に決定"),
    ("no_budget", "No budget", "予算がない"),
    ("no_need", "No need after all", "必要がなくなった"),
    ("postponed", "Postponed", "検討が延期になった"),
    ("missing_function", "Doesn’t meet the requirements", "要件を満たさない"),
    ("not_expected", "Was never a fitting lead", "もともと対象に合わないリードだった"),
    ("too_late", "We followed up too late", "初動が遅れた"),
    ("other", "Other reason", "その他の理由"),
]
ROUTING: dict[str, Any] = {
    "rules": [
        {"name": "", "to": {"aim": "owner", "away": "team"}},
        {"name": "", "to": {"aim": "colleague", "away": "next"}},
        {"name": "", "to": {"aim": "lead_team"}},
    ],
    "pools": [],
    "otherwise": None,
}


GATES: dict[str, Any] = {"gates": [], "ownership": {"shared": 40, "sales": 70}}
SLA: dict[str, Any] = {
    "policies": [
        {
            "name": "",
            "first_contact": {
                "amount": 3,
                "mode": "business_days",
                "counts": "conversation",
                "ladder": [{"percent": 80, "do": "owner"}, {"percent": 100, "do": "managers"}],
            },
            "result": {
                "amount": 48,
                "mode": "elapsed_hours",
                "ladder": [{"percent": 80, "do": "owner"}, {"percent": 100, "do": "managers"}],
            },
        }
    ]
}


# Whose framework is promising while the interest is not there yet is nurtured (S26); where the framework is not known,
# the hot definition decides alone.
OUTCOMES: dict[str, Any] = {
    "reasons": {code: effect for code, _english, _japanese, effect in REJECT_REASONS},
    "cells": [
        {"engagement": engagement, "qualification": qualification, "do": "nurture"}
        for qualification in ("high", "middle")
        for engagement in ("middle", "low")
    ],
    "requests": "hand_over",
}


SECTIONS = {"gates": GATES, "routing": ROUTING, "sla": SLA, "outcomes": OUTCOMES}


def ship(apps: Apps) -> None:
    """Add the rows to an installation that has none of them; `apps` gives the models as a migration knows them."""
    apps.get_model("handoff", "Calendar").objects.create(name="Tokyo", is_default=True)
    versions = apps.get_model("handoff", "PolicyVersion").objects
    for name, document in SECTIONS.items():
        section = apps.get_model("handoff", "Policy").objects.create(section=name)
        section.current = versions.create(policy=section, number=1, document=document)
        section.save()
    reason = apps.get_model("handoff", "RejectReason")
    reason.objects.bulk_create(
        reason(code=code, label_en=english, label_ja=japanese, effect=effect)
        for code, english, japanese, effect in REJECT_REASONS
    )
    lost = apps.get_model("handoff", "LostReason")
    lost.objects.bulk_create(
        lost(code=code, label_en=english, label_ja=japanese) for code, english, japanese in LOST_REASONS
    )
