"""What a lead that is put aside waits for, as the steps take it and the history keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from handoff.calendars import wake_instant
from handoff.errors import RefusedError
from handoff.models import Handoff
from leads.models import ActivityType
from scoring.actions import WakeUp
from scoring.models import LeadScore
from scoring.queries.waits import who_meets


def wake_up(
    *, total: int | None, types: Iterable[ActivityType], when: dict[str, Any] | None, at: datetime | None = None
) -> WakeUp:
    """`total` is in whole points, as people type it."""
    points = None if total is None else total * 100
    return WakeUp(at=at, total=points, types=tuple(kind.pk for kind in types), when=when)


def wakes_on(handoff: Handoff, day: date | None, now: datetime) -> datetime | None:
    """When the day begins at the office. Raises RefusedError for one that is not ahead."""
    if day is not None and day <= now.date():
        raise RefusedError(_("The follow-up date must be in the future. Choose tomorrow or later."))
    return None if day is None else wake_instant(handoff.team, day)


def refuse_what_is_met(handoff: Handoff, wake: WakeUp, now: datetime) -> None:
    """What is so already is nothing to wait for. The lead has been scored. Raises RefusedError."""
    score = LeadScore.objects.filter(lead=handoff.lead_id, model=handoff.model_id).first()
    if wake.total is not None and score is not None and score.total >= wake.total:
        words = _("The lead already has %(points)s points. Enter a higher total.")
        raise RefusedError(words % {"points": score.total // 100})
    if wake.when is not None and who_meets({handoff.lead_id: wake.when}, model=handoff.model, now=now):
        raise RefusedError(_("The lead already meets this condition. Enter one that it doesn’t meet yet."))


def shown_waits(wake: WakeUp, day: date | None = None) -> dict[str, Any]:
    """What the history keeps of it."""
    return {
        "wake_on": day.isoformat() if day else "",
        "wake_total": wake.total,
        "wake_types": list(wake.types) or "",
        "wake_when": wake.when,
    }
