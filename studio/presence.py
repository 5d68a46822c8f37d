"""Who has the rules of a model open just now. A hint, kept in the cache alone: every open page renews it."""

from __future__ import annotations

from django.core.cache import cache

from accounts.models import User
from scoring import policies
from scoring.models import ScoringModel

STAYS = 40  # seconds: a page says every 15 that it is still open


def arrive(model: ScoringModel, user: User) -> None:
    """Note for STAYS seconds that this person has the model open."""
    cache.set(_key(model, user.pk), 1, STAYS)


def others_at(model: ScoringModel, user: User) -> list[User]:
    """The other people who may edit the model and have it open, by name."""
    editors = User.objects.filter(is_active=True, role__in=policies.EDITORS).exclude(pk=user.pk).order_by("name")
    known = {_key(model, editor.pk): editor for editor in editors}
    here = cache.get_many(known)
    return [editor for key, editor in known.items() if key in here]


def _key(model: ScoringModel, user: int) -> str:
    return f"scoring.here:{model.pk}:{user}"
