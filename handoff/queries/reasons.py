"""Why to call a lead now: what it did these days, and the rules that bring the most points, said by the engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max

import engine
from engine.nodes import Rule
from engine.words import wording
from engine.words.phrases import Language
from leads.models import Activity, ActivityType
from scoring.models import LeadScore, Version
from scoring.queries.catalog import catalog
from scoring.queries.validation import language

LONGEST = 48  # a condition longer than this is shown by the name of its rule
LOOK_BACK = timedelta(days=90)
THESE_DAYS = timedelta(days=7)

GroupedRules = tuple[tuple[str, Rule], ...]
_read: dict[tuple[int, datetime], GroupedRules] = {}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One rule that counts now; points in hundredths."""

    words: str
    points: int


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What a lead did these days: one type of activity, how often, and when last."""

    words: str
    number: int
    last_at: datetime


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
        pairs = zip(score.contributions, grouped_rules(versions[score.version_id]), strict=False)
        speaking = ((points, rule) for points, (_group, rule) in pairs if points > 0)
        strongest = sorted(speaking, key=lambda pair: -pair[0])
        reasons[score.pk] = [Reason(words=said(rule, words), points=points) for points, rule in strongest[:limit]]
    return reasons


def said(rule: Rule, words: Language) -> str:
    """What a rule gives its points for, without a capital letter; its own name where that is too long for a row."""
    sentence = rule.name  # of an answer, the name of its question
    if rule.each or rule.when:
        sentence = words.stream(rule.each) if rule.each else words.condition(rule.when) if rule.when else sentence
    return sentence if len(sentence) <= LONGEST else rule.name


def grouped_rules(version: Version) -> GroupedRules:
    """The rules of a version, each with the name of its group, in the order of the stored contributions.

    Read once a process: a version never changes.
    """
    key = (version.pk, version.published_at)
    if key not in _read:
        document = engine.parse(version.document).document
        groups = document.groups if document else ()
        _read[key] = tuple((group.name, rule) for group in groups for rule in group.rules)
    return _read[key]


def deeds_of(leads: Iterable[int], now: datetime, *, limit: int = 2) -> dict[int, list[Deed]]:
    """Per lead its signs of interest of the last seven days by type, the newest first."""
    counted = Activity.objects.filter(lead__in=list(leads), is_excluded=False, type__is_interest=True)
    recent = counted.filter(occurred_at__gt=now - THESE_DAYS, occurred_at__lte=now).order_by()
    rows = recent.values_list("lead_id", "type_id").annotate(number=Count("pk"), last_at=Max("occurred_at"))
    found = sorted(rows, key=lambda row: row[3], reverse=True)
    types = ActivityType.objects.in_bulk({type_id for _lead, type_id, _number, _last_at in found})
    deeds: dict[int, list[Deed]] = defaultdict(list)
    for lead, type_id, number, last_at in found:
        if len(deeds[lead]) < limit:
            deeds[lead].append(Deed(words=str(types[type_id]), number=number, last_at=last_at))
    return deeds


def last_activities(leads: Iterable[int], now: datetime) -> dict[int, Activity]:
    """Per lead what it did last, within the last 90 days (older months are not even opened)."""
    counted = Activity.objects.filter(lead__in=list(leads), is_excluded=False)
    recent = counted.filter(occurred_at__gt=now - LOOK_BACK, occurred_at__lte=now)
    newest = recent.select_related("type").order_by("lead_id", "-occurred_at", "-pk").distinct("lead_id")
    return {activity.lead_id: activity for activity in newest}
