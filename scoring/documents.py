"""Scores, their changes and answers as documents of the API. Points are decimals with two places."""

from __future__ import annotations

from typing import Any

from leads.documents import Json as Json
from leads.documents import instant, named
from leads.models import StageChange
from scoring.models import Answer, LeadScore, ScoreChange, ScoringModel, Version

SCORE_FIELDS = (
    "model", "version", "total", "fit", "engagement", "qualification", "adjustments", "temperature", "grade", "stage",
    "is_hot", "scored_at", "next_change_at",
)  # fmt: skip


def points(hundredths: int | None) -> float | None:
    """As the explanation writes them."""
    return None if hundredths is None else hundredths / 100


def score_document(score: LeadScore) -> Json:
    return {
        "model": score.model.name,
        "version": score.version.number,
        "total": points(score.total),
        "fit": points(score.fit),
        "engagement": points(score.engagement),
        "qualification": points(score.qualification),
        "adjustments": points(score.adjustments),
        "temperature": score.temperature,
        "grade": score.grade,
        "stage": score.stage or None,
        "is_hot": score.is_hot,
        "scored_at": instant(score.scored_at),
        "next_change_at": instant(score.next_change_at),
    }


def score_change_document(change: ScoreChange) -> Json:
    return {
        "id": str(change.pk),
        "lead_id": str(change.lead_id),
        "model": change.model.name,
        "version": change.version.number,
        "at": instant(change.at),
        "total": points(change.total),
        "total_before": points(change.total_before),
        "fit": points(change.fit),
        "engagement": points(change.engagement),
        "qualification": points(change.qualification),
        "band": change.band,
        "band_before": change.band_before or None,
        "grade": change.grade,
        "grade_before": change.grade_before or None,
        "stage": change.stage or None,
        "stage_before": change.stage_before or None,
        "hot": list(change.hot),
        "hot_before": list(change.hot_before or []),
    }


def stage_change_document(change: StageChange) -> Json:
    return {
        "id": str(change.pk),
        "lead_id": str(change.lead_id),
        "before": change.before or None,
        "after": change.after,
        "at": instant(change.at),
        "by": named(change.by),
        "reason": change.reason,
        "version": change.version,
    }


def answer_document(answer: Answer, *, is_open: bool) -> Json:
    """An answer; how we know it may say how to reach the lead."""
    return {
        "id": str(answer.pk),
        "lead_id": str(answer.lead_id),
        "criterion": answer.criterion.field,
        "option": answer.option.code,
        "confidence": answer.confidence,
        "evidence": answer.evidence if is_open else None,
        "by": named(answer.by),
        "answered_at": instant(answer.answered_at),
        "recorded_at": instant(answer.recorded_at),
    }


def model_document(model: ScoringModel) -> Json:
    return {
        "id": str(model.pk),
        "name": model.name,
        "is_primary": model.is_primary,
        "hands_over": model.hands_over,
        "current_version": model.current_version.number if model.current_version else None,
        "created_at": instant(model.created_at),
    }


def version_document(version: Version, *, with_rules: bool) -> Json:
    shown: dict[str, Any] = {
        "id": str(version.pk),
        "number": version.number,
        "note": version.note,
        "published_at": instant(version.published_at),
        "published_by": named(version.published_by),
        "is_current": version.pk == version.model.current_version_id,
    }
    return shown | {"document": version.document} if with_rules else shown
