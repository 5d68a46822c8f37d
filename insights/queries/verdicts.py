"""Where the rules were wrong: leads they called hot and sales rejected, and leads that bought without having been hot.

Nobody keeps this register: it is what hand-offs and outcomes say (S46). A lead that bought before there were rules, or
bought again, is no verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from handoff.enums import HandoffState, OutcomeResult
from handoff.models import Handoff, Outcome, RejectReason
from insights.periods import Period
from leads.access import visible_leads
from scoring.models import Episode, ScoreChange, Version
from web.shares import Share

_HAD_BEEN_HOT = Exists(Episode.objects.filter(lead=OuterRef("lead"), started_at__lte=OuterRef("decided_at")))


@dataclass(frozen=True, kw_only=True)
class VerdictSummary:
    """`accepted` is the precision of the rules, as sales sees it; `foreseen` their recall among buyers."""

    accepted: Share
    foreseen: Share

    @property
    def rejected(self) -> int:
        return self.accepted.of - self.accepted.number

    @property
    def missed(self) -> int:
        return self.foreseen.of - self.foreseen.number


def rejected(user: User, *, period: Period, reason: str = "") -> QuerySet[Handoff, Any]:
    """Hand-offs that sales rejected in the period, of leads that `user` sees; `reason` is the code of one."""
    handoffs = _decided(user, period).filter(state=HandoffState.REJECTED)
    if reason:
        handoffs = handoffs.filter(reject_reason__code=reason)
    return handoffs.select_related("lead__company", "reject_reason", "owner", "model", "episode__version")


def missed(user: User, *, period: Period) -> QuerySet[Outcome, Any]:
    """First purchases in the period of leads that had never been hot.

    `band_before`, `total_before` and `changed_at` are the newest kept change of the score before, None for a lead that
    never had one.
    """
    before = ScoreChange.objects.filter(
        lead=OuterRef("lead"), model__is_primary=True, at__lte=OuterRef("decided_at")
    ).order_by("-at", "-pk")
    kept = {name: Subquery(before.values(column)[:1]) for name, column in
            (("band_before", "band"), ("total_before", "total"), ("changed_at", "at"))}  # fmt: skip
    return _bought(user, period).filter(~_HAD_BEEN_HOT).annotate(**kept).select_related("lead__company")


def summary(user: User, *, period: Period) -> VerdictSummary:
    """How often rules and sales agreed in the period, over the leads that `user` sees."""
    decided = _decided(user, period).aggregate(
        all=Count("pk"), good=Count("pk", filter=~Q(state=HandoffState.REJECTED))
    )
    bought = _bought(user, period).aggregate(all=Count("pk"), hot=Count("pk", filter=_HAD_BEEN_HOT))
    return VerdictSummary(
        accepted=Share(number=decided["good"], of=decided["all"]),
        foreseen=Share(number=bought["hot"], of=bought["all"]),
    )


def reasons(user: User, *, period: Period) -> list[tuple[RejectReason, int]]:
    """Why sales rejected, the most frequent first."""
    counted = dict(
        rejected(user, period=period).order_by().values_list("reject_reason").annotate(number=Count("pk")).values_list(
            "reject_reason", "number"
        )
    )  # fmt: skip
    known = RejectReason.objects.in_bulk([pk for pk in counted if pk])
    pairs = [(reason, counted[pk]) for pk, reason in known.items()]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0].code))


def _decided(user: User, period: Period) -> QuerySet[Handoff, Any]:
    handoffs = Handoff.objects.filter(lead__in=visible_leads(user)).exclude(decided_at=None)
    return handoffs.filter(period.holds("decided_at"))


def _bought(user: User, period: Period) -> QuerySet[Outcome, Any]:
    """First purchases in the period, since there are rules."""
    first = Version.objects.aggregate(at=Min("published_at"))["at"]
    if first is None:
        return Outcome.objects.none()
    won = Outcome.objects.filter(result=OutcomeResult.WON)
    earlier = won.filter(lead=OuterRef("lead"), decided_at__lt=OuterRef("decided_at"))
    bought = won.filter(period.holds("decided_at"), lead__in=visible_leads(user), decided_at__gte=first)
    return bought.filter(~Exists(earlier))
