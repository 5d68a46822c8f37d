"""Leads that people went on from without working on them, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.utils import timezone

from accounts.models import User
from handoff.access import visible_handoffs
from handoff.enums import SkipReason
from handoff.models import HandoffStep
from web.paging import Order

LOOKS_BACK = timedelta(days=30)
ORDER = Order.by("-at")


@dataclass(frozen=True, kw_only=True)
class SkipCount:
    """What one person skipped: how many by the code of each reason, and the mean total of the leads in hundredths."""

    person: User
    by_reason: Mapping[str, int]
    total: int
    mean_score: int

    @property
    def cells(self) -> list[tuple[SkipReason, int]]:
        """A number for each reason, in their order."""
        return [(reason, self.by_reason.get(reason, 0)) for reason in SkipReason]


def standing_steps(*kinds: str) -> QuerySet[HandoffStep]:
    """All steps of these kinds that the person who took them did not undo."""
    undone = HandoffStep.objects.filter(
        Exact(KT("params__step"), OuterRef("kind")), handoff=OuterRef("handoff"), by=OuterRef("by"), kind="undone",
        pk__gt=OuterRef("pk"),
    )  # fmt: skip
    return HandoffStep.objects.filter(~Exists(undone), kind__in=kinds)


def skips() -> QuerySet[HandoffStep]:
    """All skips that were not undone."""
    return standing_steps("skipped")


def skips_of(user: User, now: datetime) -> QuerySet[HandoffStep]:
    """What this person has skipped today: tomorrow each lead has its old place again."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return skips().filter(by=user, at__gte=midnight)


def skipped(
    user: User, now: datetime, *, person: int | None = None, reason: str | None = None
) -> QuerySet[HandoffStep]:
    """The skips of the last 30 days of hand-offs that `user` sees; of one person, for one reason."""
    shown = skips().filter(handoff__in=visible_handoffs(user).values("pk"), at__gte=now - LOOKS_BACK, at__lte=now)
    if person:
        shown = shown.filter(by=person)
    if reason:
        shown = shown.filter(params__skip=reason)
    return shown.select_related("handoff__lead__company", "by").order_by(*ORDER.expressions())


def skip_counts(user: User, now: datetime) -> list[SkipCount]:
    """Per person who skipped anything in the last 30 days, the most first."""
    counted: dict[int, Counter[str]] = {}
    scores: Counter[int] = Counter()
    score = Sum(Cast(KT("params__score"), IntegerField()))
    kinds = skipped(user, now).order_by().values_list("by", KT("params__skip")).annotate(n=Count("pk"), score=score)
    for person, reason, number, total in kinds:
        counted.setdefault(person, Counter())[reason] += number
        scores[person] += total or 0
    people = User.objects.in_bulk(list(counted))
    rows = [
        SkipCount(
            person=people[pk], by_reason=by_reason, total=by_reason.total(), mean_score=scores[pk] // by_reason.total()
        )
        for pk, by_reason in counted.items()
        if pk in people
    ]
    return sorted(rows, key=lambda row: (-row.total, str(row.person)))
