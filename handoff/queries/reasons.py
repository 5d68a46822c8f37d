"""Why a lead is hot, said by the engine: the rules that bring the most points, and what the lead did last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import engine
from engine.nodes import Rule
from engine.words import wording
from engine.words.phrases import Language
from leads.models import Activity
from scoring.models import LeadScore, Version
from scoring.queries.catalog import catalog
from scoring.queries.validation import language

LONGEST = 48  # a condition longer than this is shown by the name of its rule
LOOK_BACK = timedelta(days=90)

_read: dict[tuple[int, datetime], tuple[Rule, ...]] = {}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One rule that counts now; points in hundredths."""

    words: str
    points: int


def scores_of(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], LeadScore]:
    """The current scores of (lead, model) pairs."""
    wanted = set(pairs)
    scores = LeadScore.objects.filter(lead__in={lead for lead, _ in wanted}, model__in={model for _, model in wanted})
    return {(score.lead_id, score.model_id): score for score in scores}


def reasons_of(scores: Iterable[LeadScore], *, limit: int = 2) -> dict[int, list[Reason]]:
    """Per score the strongest rules, in the reader's language. Reads each version and the catalog once."""
    scores = list(scores)
    if not scores:
        return {}
    versions = Version.objects.defer("document").in_bulk({score.version_id for score in scores})
    words = wording(catalog(), language())
    reasons = {}
    for score in scores:
        pairs = zip(score.contributions, _rules(versions[score.version_id]), strict=False)
        strongest = sorted(((points, rule) for points, rule in pairs if points > 0), key=lambda pair: -pair[0])
        reasons[score.pk] = [Reason(words=said(rule, words), points=points) for points, rule in strongest[:limit]]
    return reasons


def said(rule: Rule, words: Language) -> str:
    """What a rule gives its points for, without a capital letter; its own name where that is too long for a row."""
    sentence = rule.name  # of an answer, the name of its question
    if rule.each or rule.when:
        sentence = words.stream(rule.each) if rule.each else words.condition(rule.when) if rule.when else sentence
    return sentence if len(sentence) <= LONGEST else rule.name


def _rules(version: Version) -> tuple[Rule, ...]:
    """The rules of a version in its order, which is the order of the stored contributions.

    Read once a process: a version never changes.
    """
    key = (version.pk, version.published_at)
    if key not in _read:
        document = engine.parse(version.document).document
        _read[key] = tuple(rule for group in document.groups for rule in group.rules) if document else ()
    return _read[key]


def last_activities(leads: Iterable[int], now: datetime) -> dict[int, Activity]:
    """Per lead what it did last, within the last 90 days (older months are not even opened)."""
    counted = Activity.objects.filter(lead__in=list(leads), is_excluded=False)
    recent = counted.filter(occurred_at__gt=now - LOOK_BACK, occurred_at__lte=now)
    newest = recent.select_related("type").order_by("lead_id", "-occurred_at", "-pk").distinct("lead_id")
    return {activity.lead_id: activity for activity in newest}
