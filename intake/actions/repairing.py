"""What people decide about a group of what is kept back: repair it, ignore it, call it known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import User
from intake.actions.keeping import repairs_of
from intake.actions.replay import next_events, replay_events
from intake.enums import GroupDecision, KeptState
from intake.errors import IntakeError
from intake.models import KeptEvent, KeptFault, KeptGroup
from intake.payloads import clean_repaired, faults_in, planned_types
from intake.repairs import Repair
from leads.models import ActivityType
from leads.properties import PropertyType

TRIED = 20
REHEARSED = 500


class RepairError(IntakeError):
    """The repair cannot be made; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be done about a group. `new_type` is made first (code, English and Japanese name); `as_text` says that
    the property holds text from now on."""

    repair: Repair
    new_type: tuple[str, str, str] | None = None
    as_text: bool = False


@dataclass(frozen=True, kw_only=True)
class ScoreEffect:
    """What a replay does to scores: how many leads have another one, and the ids of those that become hot."""

    changed: int = 0
    hot: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class ReplayEffect:
    """What a replay would do now. `events` were tried, of `waiting`; `left` still cannot come in."""

    waiting: int
    events: int
    taken: int
    twice: int
    left: int
    leads: int
    first: datetime | None = None
    last: datetime | None = None
    scores: ScoreEffect = field(default_factory=ScoreEffect)


@dataclass(frozen=True, kw_only=True)
class TriedEvent:
    """One event with a repair, without storing anything: what is still wrong, by (code, where); nothing if read."""

    event: KeptEvent
    problems: Sequence[tuple[str, str]]


Scorer = Callable[[Collection[int], datetime], ScoreEffect]
_scorers: list[Scorer] = []


def register_scorer(scorer: Scorer) -> None:
    """Make known who scores leads inside a transaction that is taken back; called once, by the app that scores."""
    _scorers.append(scorer)


@transaction.atomic
def apply_plan(*, group: KeptGroup, plan: Plan, by: User, now: datetime) -> None:
    """Make the repair: the door mends such faults from now on, and what waits can be taken in."""
    if plan.new_type is not None:
        code, english, japanese = plan.new_type
        ActivityType.objects.get_or_create(code=code, defaults={"label_en": english, "label_ja": japanese})
    if plan.as_text:
        code, _dot, name = group.field.partition(".")
        kind = ActivityType.objects.select_for_update().get(code=code)
        kind.property_types = kind.property_types | {name: PropertyType.TEXT.value}
        kind.save(update_fields=["property_types"])
    KeptGroup.objects.filter(pk=group.pk).update(
        repair=plan.repair.as_dict(), decision=GroupDecision.FIXED, decided_at=now, decided_by=by, ignored_above=None
    )
    group.refresh_from_db()


def decide(*, group: KeptGroup, decision: GroupDecision, by: User, now: datetime, above: int | None = None) -> None:
    """Ignore a group until more than `above` come on a day, call it known, or look at it anew."""
    KeptGroup.objects.filter(pk=group.pk).update(
        decision=decision,
        decided_at=now,
        decided_by=by,
        ignored_above=above if decision == GroupDecision.IGNORED else None,
        alarmed_at=None,
    )
    group.refresh_from_db()


class _TakenBackError(Exception):
    """Ends a transaction whose work only was to be looked at."""


def tried(*, group: KeptGroup, plan: Plan, by: User, now: datetime) -> list[TriedEvent]:
    """The newest events of a group read with a repair."""
    found: list[TriedEvent] = []
    with suppress(_TakenBackError), transaction.atomic():
        apply_plan(group=group, plan=plan, by=by, now=now)
        newest = KeptFault.objects.filter(group=group, is_open=True).order_by("-event_id")[:TRIED]
        types, repairs = planned_types(), repairs_of(group.door_id)
        for event in KeptEvent.objects.filter(pk__in=[fault.event_id for fault in newest]).order_by("-pk"):
            cleaned = clean_repaired(event.raw, types, now, "", repairs, received_at=event.received_at)
            problems = [(fault.kind, fault.field) for fault in faults_in(cleaned)]
            found.append(TriedEvent(event=event, problems=problems))
        raise _TakenBackError
    group.refresh_from_db()
    return found


def effect_of(*, group: KeptGroup, plan: Plan | None, by: User, now: datetime) -> ReplayEffect:
    """What a replay would do, found by doing it in a transaction that is taken back: at most REHEARSED events."""
    effects: list[ReplayEffect] = []
    with suppress(_TakenBackError), transaction.atomic():
        if plan is not None:
            apply_plan(group=group, plan=plan, by=by, now=now)
        waiting = KeptFault.objects.filter(group=group, is_open=True).count()
        events = next_events(group, after=0, limit=REHEARSED)
        replay_events(group, events, now=now)
        rows = list(KeptEvent.objects.filter(pk__in=[event.pk for event in events]))
        taken = [row for row in rows if row.state == KeptState.TAKEN]
        leads = {row.lead_id for row in taken if row.lead_id is not None}
        times = [row.occurred_at for row in taken if row.occurred_at is not None]
        effects.append(
            ReplayEffect(
                waiting=waiting,
                events=len(events),
                taken=len(taken),
                twice=sum(row.state == KeptState.TWICE for row in rows),
                left=sum(row.state == KeptState.OPEN for row in rows),
                leads=len(leads),
                first=min(times, default=None),
                last=max(times, default=None),
                scores=_scorers[0](sorted(leads), now) if _scorers and leads else ScoreEffect(),
            )
        )
        raise _TakenBackError
    group.refresh_from_db()
    return effects[0]
