"""The document of `explain --json` and of the API: an explanation as JSON-ready data.

Points are numbers with two decimals, instants ISO 8601 with the offset of the model's time zone. Programs read this:
names and order stay.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.explanation import (
    AdjustmentPoints,
    AnswerEvidence,
    ConditionVerdict,
    Evidence,
    Explanation,
    GroupPoints,
    HotVerdict,
    MissingCondition,
    RulePoints,
    StageVerdict,
    SumLine,
)
from scoring.queries.ahead import Ahead
from scoring.queries.causes import Turn
from scoring.queries.explain import LeadExplanation

Json = dict[str, Any]


def lead_explanation_json(lead_explanation: LeadExplanation) -> Json:
    """The whole document. `note` and `ahead` stand in it where there are any."""
    document = explanation_json(lead_explanation.explanation)
    document |= {"known_at": instant_json(lead_explanation.known_at), "in_force": lead_explanation.in_force}
    if lead_explanation.note:
        document["note"] = lead_explanation.note
    if lead_explanation.ahead:
        document["ahead"] = ahead_json(lead_explanation.ahead)
    return document


def explanation_json(explanation: Explanation) -> Json:
    lead, matrix = explanation.lead, explanation.matrix
    return {
        "lead": {"id": str(lead.pk), "email": lead.email, "external_id": lead.external_id},
        "model": explanation.model,
        "version": explanation.version,
        "at": explanation.at.isoformat(),
        "inside_audience": explanation.inside_audience,
        "total": decimal_points(explanation.total),
        "fit": decimal_points(explanation.fit),
        "engagement": decimal_points(explanation.engagement),
        "qualification": decimal_points(explanation.qualification),
        "band": explanation.band,
        "grade": explanation.grade,
        "matrix": matrix and {name: str(value) for name, value in asdict(matrix).items()},
        "groups": [group_json(group) for group in explanation.groups],
        "adjustments": [adjustment_json(adjustment) for adjustment in explanation.adjustments],
        "lines": [line_json(line) for line in explanation.lines],
        "hot": [hot_json(verdict) for verdict in explanation.hot],
        "stage": explanation.stage,
        "stages": [stage_json(verdict) for verdict in explanation.stages],
        "next_change_at": instant_json(explanation.next_change_at),
    }


def group_json(group: GroupPoints) -> Json:
    return {
        "name": group.name,
        "dimension": str(group.dimension),
        "text": group.text,
        "uncapped": decimal_points(group.uncapped),
        "points": decimal_points(group.points),
        "rules": [rule_json(rule) for rule in group.rules],
    }


def rule_json(rule: RulePoints) -> Json:
    document = {
        "name": rule.name,
        "text": rule.text,
        "full": decimal_points(rule.full),
        "uncapped": decimal_points(rule.uncapped),
        "points": decimal_points(rule.points),
        "evidence": [evidence_json(evidence) for evidence in rule.evidence],
    }
    if rule.when is not None:
        document["conditions"] = conditions_json(rule.when)
    return document


def evidence_json(evidence: Evidence) -> Json:
    points = {"full": decimal_points(evidence.full), "points": decimal_points(evidence.points)}
    if isinstance(evidence, AnswerEvidence):
        return {
            "answer": evidence.answer,
            "option": evidence.option,
            "text": evidence.text,
            "answered_at": evidence.answered_at.isoformat(),
            "by": evidence.by,
            **points,
            "expires_at": instant_json(evidence.expires_at),
        }
    occurred_at = evidence.occurred_at.isoformat()
    return {"activity": evidence.activity, "object": evidence.object, "occurred_at": occurred_at, **points}


def conditions_json(when: ConditionVerdict) -> list[Json]:
    """The single conditions, one after the other, however they are joined."""
    return [
        {"text": verdict.text, "met": verdict.met, "expires_at": instant_json(verdict.expires_at)}
        for verdict in when.leaves()
    ]


def adjustment_json(adjustment: AdjustmentPoints) -> Json:
    return {
        "reason": adjustment.reason,
        "by": adjustment.by,
        "until": instant_json(adjustment.until),
        "points": decimal_points(adjustment.points),
    }


def line_json(line: SumLine) -> Json:
    return {
        "kind": line.kind,
        "name": line.name,
        "path": line.path,
        "text": line.text,
        "points": decimal_points(line.points),
    }


def hot_json(verdict: HotVerdict) -> Json:
    return {
        "name": verdict.name,
        "text": verdict.text,
        "met": verdict.met,
        "holds": verdict.met or (verdict.holds and verdict.since is not None),
        "since": instant_json(verdict.since),
        "conditions": conditions_json(verdict.when),
        "one_short": verdict.one_short,
        "missing": [missing_json(missing) for missing in verdict.missing],
    }


def stage_json(verdict: StageVerdict) -> Json:
    return {
        "stage": verdict.stage,
        "text": verdict.text,
        "met": verdict.met,
        "conditions": conditions_json(verdict.when),
        "one_short": verdict.one_short,
        "missing": [missing_json(missing) for missing in verdict.missing],
    }


def missing_json(missing: MissingCondition) -> Json:
    short_by = None if missing.short_by is None else float(missing.short_by)
    return {"text": missing.text, "gap": missing.gap, "short_by": short_by}


def ahead_json(ahead: Ahead) -> Json:
    zone = ZoneInfo(ahead.zone)

    def local(instant: datetime) -> str:
        return instant.astimezone(zone).isoformat()

    def first(kind: str) -> str | None:
        turn = ahead.first(kind)
        return local(turn.at) if turn else None

    def turn_json(turn: Turn) -> Json:
        return {"at": local(turn.at), "kind": turn.kind, "name": turn.name, "why": turn.why, "text": turn.text}

    return {
        "until": local(ahead.until),
        "seen_until": local(ahead.seen_until),
        **{f"{kind}_at": first(kind) for kind in ("cools", "heats", "band_changes")},
        "turns": [turn_json(turn) for turn in ahead.turns],
        "curve": [{"at": local(instant), "total": decimal_points(total)} for instant, total in ahead.curve],
    }


def decimal_points(hundredths: int) -> float:
    return round(hundredths / 100, 2)


def instant_json(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
