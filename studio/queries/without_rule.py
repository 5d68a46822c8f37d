"""What would be if one rule of the published version were off: who would no longer be hot, by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import Document
from leads.models import Lead
from leads.models.lead import LeadQuerySet
from scoring.enums import Fate
from scoring.models import ScoringModel
from scoring.queries.documents import check_document, document_of
from studio.draft.document import RulePlace, place_of, rule_at, with_rule_switched
from studio.queries.effect import MovedLead, effect_of

NAMED = 50  # leads of each fate; the number opens the list of all


@dataclass(frozen=True, kw_only=True)
class NamedMove:
    """A lead that would become hot or stop being so; totals in hundredths."""

    lead: Lead
    before: int | None
    after: int


@dataclass(frozen=True, kw_only=True)
class WithoutRule:
    """The numbers are of all leads, the names of those that the reader sees, the highest total of now first."""

    leaving: int
    entering: int
    moves: dict[str, list[NamedMove]] = field(default_factory=dict)


def published_rule(model: ScoringModel, group: str, rule: str) -> tuple[RulePlace, dict[str, Any]] | None:
    """Where the version in force has the rule, and what it says; None where it has none of these names."""
    if model.current_version is None:
        return None
    document = model.current_version.document
    place = place_of(document, group, rule)
    entry = rule_at(document, place) if place else None
    return (place, entry) if place and entry else None


def document_without(model: ScoringModel, place: RulePlace) -> Document:
    """The version in force with the rule off. Raises ValueError where it speaks of what no longer exists."""
    assert model.current_version is not None, "there is a rule"
    raw = model.current_version.document
    entry = rule_at(raw, place)
    if entry is not None and entry.get("disabled") is True:
        return document_of(model.current_version)
    document, problems = check_document(with_rule_switched(raw, place))
    if document is None:
        raise ValueError("; ".join(problem.text("en") for problem in problems))
    return document


def without_rule_of(document: Document, *, model: ScoringModel, visible: LeadQuerySet, now: datetime) -> WithoutRule:
    """The effect of `document` at `now`. Raises EffectTimeoutError."""
    part = effect_of(document, model=model, t=now)
    of_fate: dict[str, list[MovedLead]] = {fate: [] for fate in Fate.values}
    for move in part.moves:
        of_fate[move.fate].append(move)
    return WithoutRule(
        leaving=len(of_fate[Fate.LEAVING]), entering=len(of_fate[Fate.ENTERING]),
        moves={fate: _named(moves, visible) for fate, moves in of_fate.items()},
    )  # fmt: skip


def _named(moves: list[MovedLead], visible: LeadQuerySet) -> list[NamedMove]:
    seen = set(visible.filter(pk__in=[move.lead_id for move in moves]).values_list("pk", flat=True))
    first = sorted((move for move in moves if move.lead_id in seen), key=lambda move: -(move.before or 0))[:NAMED]
    leads = Lead.objects.select_related("company", "owner").in_bulk([move.lead_id for move in first])
    return [NamedMove(lead=leads[move.lead_id], before=move.before, after=move.after) for move in first]
