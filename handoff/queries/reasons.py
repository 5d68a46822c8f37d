"""Why a lead is hot, in the names that marketing gave its rules: the strongest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring.models import LeadScore, Version


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One rule that counts now; points in hundredths."""

    name: str
    points: int


def scores_of(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], LeadScore]:
    """The current scores of (lead, model) pairs."""
    wanted = set(pairs)
    found = LeadScore.objects.filter(lead__in={lead for lead, _ in wanted}, model__in={model for _, model in wanted})
    return {(score.lead_id, score.model_id): score for score in found}


def reasons_of(scores: Iterable[LeadScore], *, limit: int = 2) -> dict[int, list[Reason]]:
    """Per score the rules that bring the most points. Reads each version's document once."""
    scores = list(scores)
    versions = Version.objects.in_bulk({score.version_id for score in scores})
    names = {pk: rule_names(version.document) for pk, version in versions.items()}
    return {score.pk: _strongest(names[score.version_id], score.contributions, limit) for score in scores}


def rule_names(document: Mapping[str, Any]) -> list[str]:
    """The rules of a version in its order, which is the order of the stored contributions."""
    return [str(rule.get("name", "")) for group in document.get("groups", []) for rule in group.get("rules", [])]


def _strongest(names: list[str], contributions: Sequence[Any], limit: int) -> list[Reason]:
    counted = [
        Reason(name=name, points=points) for name, points in zip(names, contributions, strict=False) if points > 0
    ]
    return sorted(counted, key=lambda reason: -reason.points)[:limit]
