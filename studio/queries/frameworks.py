"""Where a framework is used, and the group of rules that it becomes in a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from scoring.models import Answer, Criterion, Framework, Option, ScoringModel, Version
from studio.draft.document import Document, Entry, groups_of, unused

FrameworkItem = Framework | Criterion | Option


@dataclass(frozen=True, kw_only=True)
class FrameworkUses:
    """How many answers were given, and the names of the models in which a draft or a version speaks of it."""

    answers: int
    models: list[str]


def uses_of(row: FrameworkItem) -> FrameworkUses:
    """An option is used wherever rules speak of its criterion."""
    match row:
        case Framework():
            answers, criteria = Answer.objects.filter(criterion__framework=row), list(row.criteria.all())
        case Criterion():
            answers, criteria = Answer.objects.filter(criterion=row), [row]
        case Option():
            answers, criteria = Answer.objects.filter(option=row), [row.criterion]
    return FrameworkUses(
        answers=answers.count(), models=models_that_mention([criterion.field for criterion in criteria])
    )


def models_that_mention(fields: list[str]) -> list[str]:
    """Names, by the text of the documents: a field such as "bant.budget" stands in them as it is."""
    if not fields:
        return []
    mentioned = Q()
    for field in fields:
        mentioned |= Q(text__contains=f'"{field}"')
    drafts = ScoringModel.objects.order_by().annotate(text=Cast("draft", TextField()))
    versions = Version.objects.order_by().annotate(text=Cast("document", TextField()))
    names = drafts.filter(mentioned).values_list("name", flat=True)
    return sorted({*names, *versions.filter(mentioned).values_list("model__name", flat=True)})


def rows_of(framework: Framework) -> Iterator[FrameworkItem]:
    """The framework, and each criterion followed by its options."""
    yield framework
    for criterion in framework.criteria.prefetch_related("options"):
        yield criterion
        yield from criterion.options.all()


def group_of(framework: Framework, document: Document) -> Entry:
    """A group with a rule for each question in use: points times weight, counted until one has to ask again."""
    rules: list[Entry] = []
    for criterion in framework.criteria.filter(is_active=True).prefetch_related("options"):
        points = {
            option.code: weighted_points(criterion, option) for option in criterion.options.all() if option.is_active
        }
        if points:
            name = unused(str(criterion), {rule["name"] for rule in rules})
            rule: Entry = {"name": name, "answer": criterion.field, "points": points}
            if criterion.confirm_after_days is not None:
                rule["decay"] = {"window": f"{criterion.confirm_after_days}d"}
            rules.append(rule)
    name = unused(str(framework), {group.get("name") for group in groups_of(document)})
    return {"name": name, "dimension": "qualification", "rules": rules}


def weighted_points(criterion: Criterion, option: Option) -> int | float:
    """Points as the language writes them, whole where they are whole."""
    points = (Decimal(option.points) / 100 * criterion.weight).quantize(Decimal("0.01"))
    return int(points) if points == points.to_integral_value() else float(points)
