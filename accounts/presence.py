"""Who has which page open just now, and who writes there. A hint, kept in the cache alone: every open page renews it.

A person is the key, since few people are at many places: one look at the cache tells all places of everybody.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.cache import cache

from accounts.models import User

STAYS = 28  # seconds; an open page says oftener that it is still open


@dataclass(frozen=True, kw_only=True)
class Present:
    """Somebody at a place."""

    person: User
    since: datetime
    writes: bool = False


def arrive(user: User, place: str, *, writes: bool = False, stays: float = STAYS) -> bool:
    """Note that this person has the place open. Returns whether that is news: they were not there, or did not write."""
    now = time.time()
    places = _read(user.pk, now)
    before = places.get(place)
    places[place] = (now + stays, writes, before[2] if before else now)
    cache.set(_key(user.pk), places, 2 * max(stays, STAYS))
    return before is None or before[1] != writes


def leave(user: User, place: str) -> bool:
    """Note that they have closed it. Returns whether they were there."""
    places = _read(user.pk, time.time())
    was_there = places.pop(place, None) is not None
    if was_there:
        cache.set(_key(user.pk), places, 2 * STAYS)
    return was_there


def present_at(places: Collection[str], people: Iterable[User]) -> dict[str, list[Present]]:
    """Who of `people` is at each of `places`, in the order of `people`; places without anybody are left out."""
    known = {_key(person.pk): person for person in people}
    now, wanted = time.time(), set(places)
    found: dict[str, list[Present]] = {}
    here = cache.get_many(known) if wanted else {}
    for key, person in known.items():
        for place, (until, writes, since) in here.get(key, {}).items():
            if place in wanted and until > now:
                arrived = datetime.fromtimestamp(since, UTC)
                found.setdefault(place, []).append(Present(person=person, since=arrived, writes=writes))
    return found


def _read(user: int, now: float) -> dict[str, tuple[float, bool, float]]:
    places: dict[str, tuple[float, bool, float]] = cache.get(_key(user)) or {}
    return {place: kept for place, kept in places.items() if kept[0] > now}


def _key(user: int) -> str:
    return f"accounts.here:{user}"
