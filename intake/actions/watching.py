"""What nobody has to look for: a door that falls silent, a fault that rises or came back; and what is too old."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import translation

from accounts.enums import Role
from accounts.models import User
from background.transactions import retrying
from intake.database import fetch_named
from intake.enums import GroupDecision
from intake.kept_words import fault_words
from intake.models import Door, KeptEvent, KeptGroup
from intake.queries.monitor import SILENT_FROM, GroupFacts, GroupState, groups
from intake.statements import EXPECTED_SINCE, RISING_GROUPS
from notices.actions.telling import tell

KEPT_FOR = timedelta(days=90)
PRUNED = 10_000  # at a time
RISING_FROM, RISING_TIMES = 10, 3


def kept_until(received_at: datetime) -> datetime:
    """When an event that is kept back is removed, repaired or not."""
    return received_at + KEPT_FOR


@retrying
@transaction.atomic
def prune_kept(*, now: datetime) -> int:
    """Remove the oldest events whose time is over; returns how many. Their receipts go on counting them."""
    old = KeptEvent.objects.filter(received_at__lt=now - KEPT_FOR).order_by("received_at", "pk")
    ids = list(old.values_list("pk", flat=True)[:PRUNED])
    KeptEvent.objects.filter(pk__in=ids).delete()
    return len(ids)


@retrying
@transaction.atomic
def watch_intake(*, now: datetime) -> int:
    """Tell marketing and administrators what got worse, each thing once; returns how many things."""
    return _tell_silence(now) + _tell_rising(now) + _tell_return(now)


def _people() -> list[User]:
    return list(User.objects.filter(role__in=(Role.MARKETER, Role.ADMIN), is_active=True))


def _tell_silence(now: datetime) -> int:
    """Doors through which nothing came for so long that SILENT_FROM events are missing: once until something comes."""
    silent = {pk: (last, number) for pk, last, number in fetch_named(EXPECTED_SINCE, now=now) if number >= SILENT_FROM}
    told = 0
    for door in Door.objects.filter(pk__in=silent).select_for_update():
        last, number = silent[door.pk]
        if door.silence_told_at is not None and door.silence_told_at > last:
            continue
        Door.objects.filter(pk=door.pk).update(silence_told_at=now)
        tell(
            people=_people(), kind="intake.door_silent", key=f"intake.silent:{door.pk}:{last.isoformat()}", now=now,
            params={"door": door.name, "number": int(number), "last_at": last.isoformat()}, url="/intake/",
        )  # fmt: skip
        told += 1
    return told


def _tell_rising(now: datetime) -> int:
    """Faults of which more than RISING_TIMES as many came in an hour as usually in this one; once for a group."""
    rising = dict(fetch_named(RISING_GROUPS, now=now, least=RISING_FROM, times=RISING_TIMES))
    untold = KeptGroup.objects.select_related("door").filter(pk__in=rising, alarmed_at=None)
    chosen = list(untold.exclude(decision=GroupDecision.IGNORED))
    for group in chosen:
        _tell_group(group, "intake.fault_rising", rising[group.pk], now)
    return len(chosen)


def _tell_return(now: datetime) -> int:
    """Groups that came back after a repair, or are more than somebody ignored; once for a decision."""
    untold = Q(alarmed_at=None) | Q(alarmed_at__lt=F("decided_at"))
    waiting = set(KeptGroup.objects.filter(untold).exclude(decided_at=None).values_list("pk", flat=True))
    day = now - timedelta(days=1)
    found: list[GroupFacts] = groups(now=now, since=day) if waiting else []
    back = [facts for facts in found if facts.state in (GroupState.CAME_BACK, GroupState.WORSE)]
    for facts in back:
        if facts.group.pk in waiting:
            _tell_group(facts.group, "intake.fault_back", facts.number, now)
    return sum(facts.group.pk in waiting for facts in back)


def _tell_group(group: KeptGroup, kind: str, number: int, now: datetime) -> None:
    reasons = {}
    for language in ("ja", "en"):
        with translation.override(language):
            reasons[f"reason_{language}"] = fault_words(group.kind, group.field)
    KeptGroup.objects.filter(pk=group.pk).update(alarmed_at=now)
    params = {"door": group.door.name, "number": number} | reasons
    key = f"{kind}:{group.pk}:{group.decided_at.isoformat() if group.decided_at else ''}"
    tell(people=_people(), kind=kind, key=key, now=now, params=params, url=f"/intake/kept/{group.pk}/")
