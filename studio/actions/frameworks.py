"""Frameworks of one's own and the shipped ones. Codes stay, since rules and answers speak of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.policies import require
from scoring import policies
from scoring.models import Criterion, Framework, Option
from studio.errors import StudioError
from studio.queries.frameworks import FrameworkItem, uses_of


class InUseError(StudioError):
    """Answers or rules speak of it: it can be switched off, not deleted."""

    def __init__(self, row: FrameworkItem, *, answers: int, models: list[str]) -> None:
        super().__init__(str(row))
        self.row, self.answers, self.models = row, answers, models


@dataclass(kw_only=True)
class ItemChange:
    """A row that exists, and what it is to say."""

    row: FrameworkItem
    values: dict[str, Any]


@dataclass(kw_only=True)
class ItemAddition:
    """A criterion of the framework, or an option of the `criterion`, at the end."""

    values: dict[str, Any]
    criterion: Criterion | None = None


@dataclass(kw_only=True)
class FrameworkEdits:
    changes: list[ItemChange] = field(default_factory=list)
    additions: list[ItemAddition] = field(default_factory=list)


@transaction.atomic
def start_framework(*, code: str, label_en: str, label_ja: str, by: User) -> Framework:
    """One without questions yet."""
    require(by, policies.EDIT_RULES)
    return Framework.objects.create(code=code, label_en=label_en, label_ja=label_ja)


@transaction.atomic
def edit_framework(*, framework: Framework, edits: FrameworkEdits, by: User) -> None:
    """Give rows their names, points, weights and ages, switch them on or off, and add what is new."""
    require(by, policies.EDIT_RULES)
    for change in edits.changes:
        differing = {name: value for name, value in change.values.items() if getattr(change.row, name) != value}
        for name, value in differing.items():
            setattr(change.row, name, value)
        if differing:
            change.row.save(update_fields=list(differing))
    for addition in edits.additions:
        if addition.criterion:
            last = addition.criterion.options.count()
            Option.objects.create(criterion=addition.criterion, position=last, **addition.values)
        else:
            Criterion.objects.create(framework=framework, position=framework.criteria.count(), **addition.values)


@transaction.atomic
def move_row(*, row: Criterion | Option, by_places: int, by: User) -> None:
    """Up or down among its neighbours, as far as they reach."""
    require(by, policies.EDIT_RULES)
    siblings = row.framework.criteria.all() if isinstance(row, Criterion) else row.criterion.options.all()
    rows: list[Any] = list(siblings)
    index = rows.index(row)
    rows.insert(max(0, index + by_places), rows.pop(index))
    for position, sibling in enumerate(rows):
        if sibling.position != position:
            sibling.position = position
            sibling.save(update_fields=["position"])


@transaction.atomic
def delete_row(*, row: FrameworkItem, by: User) -> None:
    """Take a framework, criterion or option out. Raises InUseError when answers or rules speak of it."""
    require(by, policies.EDIT_RULES)
    uses = uses_of(row)
    if uses.answers or uses.models:
        raise InUseError(row, answers=uses.answers, models=uses.models)
    row.delete()
