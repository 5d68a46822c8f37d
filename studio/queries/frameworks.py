"""Where a framework is used, and the group of rules that it becomes in a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, TextField
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
        answers=answers.count(), models=_models_that_mention([criterion.field for criterion in criteria])
    )


def _models_that_mention(fields: list[str]) -> list[str]:
    """By the text of the documents: a name such as "bant.budget" stands in them as it is."""
    if not fields:
        return []
    spoken = Q()
    for field in fields:
        spoken |= Q(written__contains=f'"{field}"')
    drafts = _written(ScoringModel.objects.all(), "draft").filter(spoken).values_list("name", flat=True)
    versions = _written(Version.objects.all(), "document").filter(spoken).values_list("model__name", flat=True)
    return sorted({*drafts, *versions})


def _written(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.order_by().annotate(written=Cast(column, TextField()))
    return found


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
        points = {option.code: _number(criterion, option) for option in criterion.options.all() if option.is_active}
        if points:
            name = unused(str(criterion), {rule["name"] for rule in rules})
            rules.append({"name": name, "answer": criterion.field, "points": points, **_aging(criterion)})
    name = unused(str(framework), {group.get("name") for group in groups_of(document)})
    return {"name": name, "dimension": "qualification", "rules": rules}


def _number(criterion: Criterion, option: Option) -> int | float:
    points = (Decimal(option.points) / 100 * criterion.weight).quantize(Decimal("0.01"))
    return int(points) if points == points.to_integral_value() else float(points)


def _aging(criterion: Criterion) -> dict[str, Any]:
    days = criterion.confirm_after_days
    return {} if days is None else {"decay": {"window": f"{days}d"}}
