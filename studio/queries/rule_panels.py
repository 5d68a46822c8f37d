"""What the studio shows: the document as panels of sentences, and for how many leads each rule counts now."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from django.core.cache import cache
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

import engine
from engine.nodes import Dimension
from engine.words.phrases import Language
from engine.words.speech import RuleDetail
from scoring.models import LeadScore, ScoringModel, Version
from scoring.queries.documents import document_of
from scoring.queries.validation import language, read_rule
from scoring.queries.words import bounds_in_words, most_of, reader, rule_in_words
from studio.draft.document import Document, Entry, RulePlace, digest_of, groups_of, rules_of

RuleName = tuple[str, str]  # of the group, and of the rule in it
LASTS = 60  # seconds


def models_with_numbers() -> QuerySet[ScoringModel]:
    """All models, the primary first, with how many leads the version in force has scored."""
    scores = LeadScore.objects.filter(model=OuterRef("pk"), version=OuterRef("current_version")).order_by()
    counted = scores.values("model").annotate(number=Count("pk")).values("number")
    related = ScoringModel.objects.select_related("current_version__published_by", "current_version__job", "draft_by")
    return related.annotate(scored=Coalesce(Subquery(counted), 0)).order_by("-is_primary", "name")


def rule_counts(version: Version | None) -> dict[RuleName, int]:
    """For how many leads each rule of a version counts now, by group and rule name: one pass over the scores."""
    keys = [(group.name, rule.name) for group in document_of(version).groups for rule in group.rules] if version else []
    if not keys:
        return {}
    counts = {}
    for index in range(len(keys)):
        counting = Q(**{f"contributions__{index}__gt": 0}) | Q(**{f"contributions__{index}__lt": 0})
        counts[f"rule_{index}"] = Count("pk", filter=counting)
    numbers = LeadScore.objects.filter(version=version).aggregate(**counts)
    return {key: numbers[f"rule_{index}"] for index, key in enumerate(keys)}


def remembered_counts(version: Version | None) -> dict[RuleName, int]:
    """`rule_counts` as it was less than a minute ago, kept for what the version says: each edit draws the studio."""
    if version is None:
        return {}
    key = f"scoring.rules:{version.pk}:{digest_of(version.document)}"
    counts: dict[RuleName, int] | None = cache.get(key)
    if counts is None:
        counts = rule_counts(version)
        cache.set(key, counts, LASTS)
    return counts


@dataclass(frozen=True, kw_only=True)
class RuleLine:
    """A rule as the studio shows it. A rule that does not parse shows its name and what was written."""

    place: RulePlace
    name: str
    points: int | None
    sentence: str = ""
    subject: str = ""  # the field of the editor that says what the points are for
    details: tuple[RuleDetail, ...] = ()
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
    bounds: str
    rules: list[RuleLine] = field(default_factory=list)
    is_first: bool = False
    is_last: bool = False


def panels(
    document: Document,
    *,
    published: Version | None,
    counts: dict[RuleName, int],
    problems: tuple[engine.Problem, ...] = (),
    today: date | None = None,
) -> dict[str, list[GroupPanel]]:
    """The groups of a document by dimension, every rule with its sentence, its count and what is new about it.

    With `today`, reviews that should have been are marked.
    """
    in_force = _rules_by_name(published.document) if published else {}
    columns: dict[str, list[GroupPanel]] = {str(dimension): [] for dimension in Dimension}
    words, groups = reader(), groups_of(document)
    for group_index, group in enumerate(groups):
        lines = []
        for rule_index, rule in enumerate(rules_of(group)):
            name, place = _rule_name(group, rule), RulePlace(group=group_index, rule=rule_index)
            line = rule_line(words, rule, place, today)
            fires = None if line.points is None else counts.get(name)
            state = rule_state(rule, in_force.get(name)) if in_force else ""
            own = tuple(problem.text(language()) for problem in problems if problem.path.startswith(place.path))
            lines.append(replace(line, problems=own, state=state, fires=fires))
        panel = GroupPanel(
            index=group_index, name=str(group.get("name", "")), bounds=bounds_in_words(words, group), rules=lines,
            is_first=group_index == 0, is_last=group_index == len(groups) - 1,
        )  # fmt: skip
        columns.get(str(group.get("dimension", "")), columns[Dimension.ENGAGEMENT]).append(panel)
    return columns


def _rule_name(group: Entry, rule: Entry) -> RuleName:
    return str(group.get("name", "")), str(rule.get("name", ""))


def _rules_by_name(document: Document) -> dict[RuleName, Entry]:
    return {_rule_name(group, rule): rule for group in groups_of(document) for rule in rules_of(group)}


def rule_state(rule: Entry, in_force: Entry | None) -> str:
    """What is new about a rule, against the one of its name in force: nothing, `changed` or `new`."""
    if in_force is None:
        return "new"
    return "" if rule == in_force or read_rule(rule) == read_rule(in_force) else "changed"


def rule_line(words: Language, rule: Entry, place: RulePlace, today: date | None) -> RuleLine:
    """A rule in words; only its name where it does not parse."""
    node = read_rule(rule)
    if node is None:
        return RuleLine(place=place, name=str(rule.get("name", "")), points=None)
    return RuleLine(
        place=place,
        name=node.name,
        points=most_of(node),
        sentence=rule_in_words(words, node),
        subject="activity" if node.each else "answer" if node.answer else "when-0-subject",
        details=tuple(words.details(node)),
        disabled=node.disabled,
        hypothesis=node.hypothesis,
        owner=node.owner,
        review_on=node.review_on,
        is_late=bool(today and node.review_on and node.review_on < today),
    )


def newest_versions(model: ScoringModel) -> QuerySet[Version]:
    return model.versions.select_related("published_by", "job").order_by("-number")
