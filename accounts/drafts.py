"""Drafts of forms: kept for a day, gone with the form that is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from accounts.models import Draft, User

LASTS = timedelta(hours=24)
LONGEST = 20_000  # characters of all values


def save_draft(
    *, by: User, place: str, about: int, values: Mapping[str, str], now: datetime, longest: int = LONGEST
) -> Draft | None:
    """Keep what is typed in the place of what was; nothing typed, or too much of it, is no draft."""
    if not values or sum(map(len, values.values())) > longest:
        discard_draft(by=by, place=place)
        return None
    kept = {"about": about, "values": dict(values), "saved_at": now}
    return Draft.objects.update_or_create(user=by, place=place, defaults=kept)[0]


def draft_of(user: User, place: str, now: datetime) -> Draft | None:
    """What this person typed there within the last day."""
    return Draft.objects.filter(user=user, place=place, saved_at__gt=now - LASTS).first()


def discard_draft(*, by: User, place: str) -> None:
    Draft.objects.filter(user=by, place=place).delete()


def forget_drafts(*, now: datetime) -> int:
    """Delete what is older than a day. Returns how many."""
    return Draft.objects.filter(saved_at__lte=now - LASTS).delete()[0]


def forget_drafts_about(ids: Collection[int]) -> int:
    """Delete what anybody typed about these leads. Returns how many."""
    return Draft.objects.filter(about__in=ids).delete()[0]
