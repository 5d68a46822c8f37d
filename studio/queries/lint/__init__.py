"""What deserves a second look in a document: what cannot matter, what contradicts itself, what the data shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine import Document
from scoring.models import ScoringModel
from studio.queries.lint.contradictions import contradictions
from studio.queries.lint.finding import Finding
from studio.queries.lint.lead_counts import LeadCounts, counts, draft_counts
from studio.queries.lint.lead_data import data_findings
from studio.queries.lint.property_values import property_findings
from studio.queries.lint.rule_values import text_findings

SERIOUS = frozenset({"contradicts", "unreachable"})
"""With these a hot definition, or a part of it, can never be met."""


def findings(
    document: Document, *, model: ScoringModel | None, now: datetime, counted: LeadCounts | None = None
) -> list[Finding]:
    """What the text itself shows first, then what the present leads say, who are counted here unless they were."""
    counted = counted or counts(document, model=model, now=now)
    seen = data_findings(document, counted, model=model, now=now)
    return [*static_findings(document), *property_findings(document), *seen]


def static_findings(document: Document) -> Iterator[Finding]:
    """What can be said without looking at anybody."""
    yield from text_findings(document)
    yield from contradictions(document)


__all__ = ["SERIOUS", "Finding", "LeadCounts", "counts", "draft_counts", "findings", "static_findings"]
