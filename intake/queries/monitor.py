"""What came through the doors in a period, what is kept back, and which door has fallen silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import pgettext_lazy

from intake.database import fetch_named
from intake.enums import GroupDecision
from intake.models import Door, KeptGroup
from intake.statements import DOOR_NUMBERS, EXPECTED_SINCE, OPEN_GROUPS
from web.formats import percent

NEW_FOR = timedelta(days=7)
SILENT_FROM = 10  # so many would have come


class GroupState(models.TextChoices):
    """How a group stands, worked out from what was decided and what came since."""

    FRESH = "new", pgettext_lazy("kept group", "New")
    CAME_BACK = "back", pgettext_lazy("kept group", "Came back")
    WORSE = "worse", pgettext_lazy("kept group", "Got worse")
    KNOWN = "known", pgettext_lazy("kept group", "Known")
    IGNORED = "ignored", pgettext_lazy("kept group", "Ignored")
    FIXED = "fixed", pgettext_lazy("kept group", "Fixed")


TO_REVIEW = (GroupState.FRESH, GroupState.CAME_BACK, GroupState.WORSE)


@dataclass(frozen=True, kw_only=True)
class GroupFacts:
    """A group with what waits in it. `days` are the numbers of the last seven days, the oldest first."""

    group: KeptGroup
    number: int
    first: datetime
    last: datetime
    today: int
    example: int
    days: Sequence[int]
    state: GroupState


@dataclass(frozen=True, kw_only=True)
class DoorNumbers:
    """The equation of a door in a period: received = taken + twice + filtered + kept back."""

    door: Door | None
    received: int = 0
    taken: int = 0
    twice: int = 0
    filtered: int = 0
    kept_back: int = 0
    repaired: int = 0
    last: datetime | None = None
    expected: int = 0

    @property
    def is_silent(self) -> bool:
        return self.expected >= SILENT_FROM

    @property
    def shown_share(self) -> str:
        return percent(100 * self.taken_share) if self.taken_share is not None else ""

    @property
    def taken_share(self) -> float | None:
        """The share of what the door let in and could have been taken; None where nothing came."""
        asked = self.taken + self.kept_back
        return self.taken / asked if asked else None


def groups(*, now: datetime, since: datetime, door: int | None = None) -> list[GroupFacts]:
    """All groups in which something waits, in one statement; those to be looked at first, then the largest."""
    counted = {row[0]: row[1:] for row in fetch_named(OPEN_GROUPS, now=now, since=since)}
    rows = KeptGroup.objects.select_related("door", "decided_by").filter(pk__in=counted)
    if door is not None:
        rows = rows.filter(door=door)
    found = []
    for group in rows:
        number, first, last, today, example, days = counted[group.pk]
        state = state_of(group, first=first, last=last, today=today, now=now)
        found.append(
            GroupFacts(
                group=group, number=number, first=first, last=last, today=today, example=example, days=days, state=state
            )
        )
    return sorted(found, key=lambda facts: (facts.state not in TO_REVIEW, -facts.number, facts.group.pk))


def state_of(group: KeptGroup, *, first: datetime, last: datetime, today: int, now: datetime) -> GroupState:
    """New for a week, then known; what was fixed comes back with the first fault that comes after that."""
    if group.decision == GroupDecision.FIXED:
        came_back = group.decided_at is not None and last > group.decided_at
        return GroupState.CAME_BACK if came_back else GroupState.FIXED
    if group.decision == GroupDecision.IGNORED:
        is_worse = group.ignored_above is not None and today > group.ignored_above
        return GroupState.WORSE if is_worse else GroupState.IGNORED
    if group.decision == GroupDecision.KNOWN or first < now - NEW_FOR:
        return GroupState.KNOWN
    return GroupState.FRESH


def door_numbers(*, begin: datetime, end: datetime, now: datetime) -> list[DoorNumbers]:
    """The equation of each door for what it received from `begin` to before `end`."""
    doors = Door.objects.in_bulk()
    expected = expected_since(now=now)
    return [
        DoorNumbers(
            door=doors[pk], received=received, taken=taken, twice=twice, filtered=filtered, kept_back=kept,
            repaired=repaired, last=last, expected=expected.get(pk, 0),
        )
        for pk, received, taken, twice, filtered, kept, repaired, last in fetch_named(
            DOOR_NUMBERS, begin=begin, end=end
        )
    ]  # fmt: skip


def total(numbers: Sequence[DoorNumbers]) -> DoorNumbers:
    """The equation of all doors together."""
    return DoorNumbers(
        door=None,
        received=sum(row.received for row in numbers),
        taken=sum(row.taken for row in numbers),
        twice=sum(row.twice for row in numbers),
        filtered=sum(row.filtered for row in numbers),
        kept_back=sum(row.kept_back for row in numbers),
        repaired=sum(row.repaired for row in numbers),
        last=max((row.last for row in numbers if row.last), default=None),
    )


def expected_since(*, now: datetime) -> Mapping[int, int]:
    """How much would usually have come through each door since something last did."""
    return {pk: int(expected) for pk, _last, expected in fetch_named(EXPECTED_SINCE, now=now)}
