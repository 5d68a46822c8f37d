"""What the studio shows: the document as panels of sentences, and for how many leads each rule counts now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

import engine
from engine.nodes import Dimension
from engine.words.phrases import Detail, Language
from scoring.models import LeadScore, ScoringModel, Version
from scoring.queries.documents import document_of
from scoring.queries.validation import language, read_rule
from scoring.queries.words import bounds_in_words, most_of, reader, rule_in_words
from studio.draft.document import Entry, RulePlace, groups_of, rules_of

Key = tuple[str, str]
LASTS = 60  # seconds


def models_with_numbers() -> QuerySet[ScoringModel]:
    """All models, the primary first, with how many leads the version in force has scored."""
    scores = LeadScore.objects.filter(model=OuterRef("pk"), version=OuterRef("current_version")).order_by()
    counted = scores.values("model").annotate(number=Count("pk")).values("number")
    related = ScoringModel.objects.select_related("current_version__published_by", "current_version__job", "draft_by")
    return related.annotate(scored=Coalesce(Subquery(counted), 0)).order_by("-is_primary", "name")


def rule_counts(version: Version | None) -> dict[Key, int]:
    """For how many leads each rule of a version counts now, by group and rule name: one pass over the scores."""
    keys = [(group.name, rule.name) for group in document_of(version).groups for rule in group.rules] if version else []
    if not keys:
        return {}
    counts = {f"rule_{index}": Count("pk", filter=_counts(index)) for index in range(len(keys))}
    found = LeadScore.objects.filter(version=version).aggregate(**counts)
    return {key: found[f"rule_{index}"] for index, key in enumerate(keys)}


def remembered_counts(version: Version | None) -> dict[Key, int]:
    """`rule_counts` as it was less than a minute ago: the studio is drawn after every edit of a draft."""
    if version is None:
        return {}
    key = f"scoring.rules:{version.pk}"
    found: dict[Key, int] | None = cache.get(key)
    if found is None:
        found = rule_counts(version)
        cache.set(key, found, LASTS)
    return found


def _counts(index: int) -> Q:
    return Q(**{f"contributions__{index}__gt": 0}) | Q(**{f"contributions__{index}__lt": 0})


@dataclass(frozen=True, kw_only=True)
class RuleLine:
    """A rule as the studio shows it. A rule that does not parse shows its name and what was written."""

    place: RulePlace
    name: str
    points: int | None
    sentence: str = ""
    subject: str = ""  # the field of the editor that says what the points are for
    details: tuple[Detail, ...] = ()
    disabled: bool = False
    fires: int | None = None
    state: str = ""
    problems: tuple[str, ...] = ()
    hypothesis: str = ""
    owner: str = ""
    review_on: date | None = None
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class GroupPanel:
    index: int
    name: str
    dimension: str
    bounds: str
    rules: list[RuleLine] = field(default_factory=list)
    is_first: bool = False
    is_last: bool = False


def panels(
    document: dict[str, Any],
    *,
    published: Version | None,
    counts: dict[Key, int],
    problems: tuple[engine.Problem, ...] = (),
    today: date | None = None,
) -> dict[str, list[GroupPanel]]:
    """The groups of a document by dimension, every rule with its sentence, its count and what is new about it.

    With `today`, reviews that should have been are marked.
    """
    before, words = _written(published.document) if published else {}, reader()
    columns: dict[str, list[GroupPanel]] = {str(dimension): [] for dimension in Dimension}
    groups = groups_of(document)
    for g, group in enumerate(groups):
        name = str(group.get("name", ""))
        lines = [
            _line(
                words, rule, RulePlace(group=g, rule=r), problems=problems,
                fires=counts.get(_key(name, rule)), state=_state(before, name, rule),
                today=today,
            )
            for r, rule in enumerate(rules_of(group))
        ]  # fmt: skip
        dimension = str(group.get("dimension", ""))
        panel = GroupPanel(
            index=g, name=name, dimension=dimension, bounds=bounds_in_words(words, group), rules=lines,
            is_first=g == 0, is_last=g == len(groups) - 1,
        )  # fmt: skip
        columns.setdefault(dimension if dimension in columns else str(Dimension.ENGAGEMENT), []).append(panel)
    return columns


def _written(document: dict[str, Any]) -> dict[Key, Entry]:
    return {
        (str(group.get("name", "")), str(rule.get("name", ""))): rule
        for group in groups_of(document)
        for rule in rules_of(group)
    }


def _state(before: dict[Key, Entry], group: str, rule: Entry) -> str:
    """What is new about a rule, against the version in force: nothing, `changed` or `new`."""
    old = before.get((group, str(rule.get("name", ""))))
    if not before or old == rule or (old and read_rule(old) == read_rule(rule)):
        return ""
    return "new" if old is None else "changed"


def _key(group: str, rule: Entry) -> Key:
    return group, str(rule.get("name", ""))


def _line(
    words: Language,
    rule: Entry,
    place: RulePlace,
    *,
    problems: tuple[engine.Problem, ...],
    fires: int | None,
    state: str,
    today: date | None,
) -> RuleLine:
    node = read_rule(rule)
    own = tuple(problem.text(language()) for problem in problems if problem.path.startswith(place.path))
    if node is None:
        return RuleLine(place=place, name=str(rule.get("name", "")), points=None, problems=own, state=state)
    return RuleLine(
        place=place,
        name=node.name,
        points=most_of(node),
        sentence=rule_in_words(words, node),
        subject="activity" if node.each else "answer" if node.answer else "when-0-subject",
        details=tuple(words.details(node)),
        disabled=node.disabled,
        fires=fires,
        state=state,
        problems=own,
        hypothesis=node.hypothesis,
        owner=node.owner,
        review_on=node.review_on,
        is_late=bool(today and node.review_on and node.review_on < today),
    )


def newest_versions(model: ScoringModel) -> QuerySet[Version]:
    return model.versions.select_related("published_by", "job").order_by("-number")
