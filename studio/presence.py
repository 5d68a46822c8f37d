"""Who has the rules of a model open just now."""

from __future__ import annotations

from accounts import presence
from accounts.models import User
from scoring import policies
from scoring.models import ScoringModel

STAYS = 40  # seconds: a page says every 15 that it is still open


def arrive(model: ScoringModel, user: User) -> None:
    """Note for STAYS seconds that this person has the model open."""
    presence.arrive(user, _place(model), stays=STAYS)


def others_at(model: ScoringModel, user: User) -> list[User]:
    """The other people who may edit the model and have it open, by name."""
    editors = User.objects.filter(is_active=True, role__in=policies.EDITORS).exclude(pk=user.pk).order_by("name")
    place = _place(model)
    return [other.person for other in presence.present_at([place], editors).get(place, [])]


def _place(model: ScoringModel) -> str:
    return f"scoring.model:{model.pk}"
