"""Who else has a hand-off open, and who writes there."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.enums import Role
from accounts.models import User
from accounts.presence import Present, present_at
from handoff.models import Handoff


def place_of(handoff: Handoff) -> str:
    return f"handoff:{handoff.pk}"


def others_at(handoffs: Iterable[Handoff], reader: User) -> dict[int, list[Present]]:
    """Per hand-off the other people there, by name; external staff are shown nobody."""
    places = {place_of(handoff): handoff.pk for handoff in handoffs}
    if reader.role == Role.OUTSOURCED or not places:
        return {}
    others = User.objects.filter(is_active=True).exclude(pk=reader.pk).only("name", "email")
    return {places[place]: people for place, people in present_at(places, others).items()}
