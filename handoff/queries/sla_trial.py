"""A draft of the SLA, tried on the hand-offs of the last quarter: what would have been missed, and what was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Min

from accounts.models import User
from handoff.access import visible_handoffs
from handoff.calendars import calendar_of_team, clock_of
from handoff.enums import Counts, Promise
from handoff.errors import NeverOpenError
from handoff.models import Deadline, Handoff
from handoff.policy.sla import Sla, Terms
from handoff.promises import due_at
from handoff.queries.pauses import pauses_of
from handoff.queries.sla_terms import places_of
from handoff.routing import SKIPPED
from handoff.sla_words import policy_name

QUARTER = timedelta(days=91)
MOST_ASKED = 300  # hand-offs of the newest, where conditions are asked: each asks the engine what was known then
MOST = 20_000


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A promise of a hand-off under the draft, and whether it was missed then (None: it was not promised)."""

    handoff: Handoff
    promise: Promise
    policy: str
    due_at: datetime
    would_miss: bool
    missed: bool | None


@dataclass(frozen=True, kw_only=True)
class Trial:
    promises: list[Tried] = field(default_factory=list)
    handoffs: int = 0
    missed: int = 0
    """How many of their deadlines were missed, also those that the draft does not set."""
    is_cut: bool = False
    """There were more hand-offs than were looked at."""

    @property
    def worse(self) -> list[Tried]:
        """Would have been missed, and were not."""
        return [tried for tried in self.promises if tried.would_miss and not tried.missed]

    @property
    def better(self) -> list[Tried]:
        """Were missed, and would not have been."""
        return [tried for tried in self.promises if tried.missed and not tried.would_miss]

    @property
    def would_miss(self) -> int:
        return sum(tried.would_miss for tried in self.promises)


def try_sla(sla: Sla, user: User, now: datetime) -> Trial:
    """Every hand-off of the last quarter that this person sees, under the policy that it would have met then.

    Calendars are those of today; contacts and results are what happened.
    """
    asks = any(policy.when is not None for policy in sla.policies)
    most = MOST_ASKED if asks else MOST
    recent = visible_handoffs(user).filter(queued_at__gt=now - QUARTER, queued_at__lte=now)
    tried_at = Min("contacts__at")
    rows = recent.exclude(routed_by__in=SKIPPED).select_related("lead__company", "team", "owner", "model")
    handoffs = list(rows.annotate(tried_at=tried_at).order_by("-queued_at", "-pk")[: most + 1])
    chosen = handoffs[:most]
    missed = _missed(chosen, now)
    return Trial(
        promises=list(_tried(sla, chosen, _places(sla, chosen) if asks else {}, missed, now)),
        handoffs=len(chosen),
        missed=sum(missed.values()),
        is_cut=len(handoffs) > most,
    )


def _places(sla: Sla, handoffs: Sequence[Handoff]) -> dict[int, int]:
    """The place of the policy that each hand-off would have met when it was queued, as known then."""
    places: dict[int, int] = {}
    ordered = sorted(handoffs, key=lambda row: (row.model_id, row.queued_at))
    for (_model, at), together in groupby(ordered, key=lambda row: (row.model_id, row.queued_at)):
        rows = list(together)
        found = places_of(sla, [row.lead_id for row in rows], model=rows[0].model, at=at, known_at=at)
        places |= {row.pk: found[row.lead_id] for row in rows}
    return places


def _tried(
    sla: Sla, handoffs: Sequence[Handoff], places: dict[int, int], missed: dict[tuple[int, str], bool], now: datetime
) -> Iterator[Tried]:
    clocks = {team: clock_of(calendar_of_team(team)) for team in {row.team for row in handoffs}}
    pauses = pauses_of(handoffs)
    for handoff in handoffs:
        place = places.get(handoff.pk, len(sla.policies) - 1)
        for promise in (Promise.FIRST_CONTACT, Promise.RESULT):
            terms = sla.policies[place].promises.get(promise)
            start, end = _span(handoff, promise, terms)
            if terms is None or start is None:
                continue
            kept_out = pauses[handoff.pk] if promise == Promise.RESULT else ()
            with suppress(NeverOpenError):
                due = due_at(
                    clock=clocks[handoff.team], mode=terms.mode, amount=terms.amount, start=start, pauses=kept_out
                )
                yield Tried(
                    handoff=handoff, promise=promise, policy=policy_name(sla, place), due_at=due,
                    would_miss=(end or now) > due, missed=missed.get((handoff.pk, promise)),
                )  # fmt: skip


def _span(handoff: Handoff, promise: Promise, terms: Terms | None) -> tuple[datetime | None, datetime | None]:
    """When the time of a promise began, and when it was kept or no longer owed."""
    if promise == Promise.RESULT:
        return handoff.contacted_at, handoff.closed_at
    contact = handoff.contacted_at
    if terms is not None and terms.counts == Counts.ATTEMPT:
        contact = handoff.tried_at or contact  # type: ignore[attr-defined]  # annotated above
    return handoff.queued_at, contact or handoff.closed_at


def _missed(handoffs: Iterable[Handoff], now: datetime) -> dict[tuple[int, str], bool]:
    """Of each promise that was made whether it was missed."""
    rows = Deadline.objects.filter(handoff__in=list(handoffs)).values_list(
        "handoff", "promise", "due_at", "met_at", "cancelled_at"
    )
    return {(handoff, promise): (met or gone or now) > due for handoff, promise, due, met, gone in rows}
