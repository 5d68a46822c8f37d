"""What a lead that is put aside waits for besides a date, in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from handoff.models import Handoff
from leads.models import ActivityType
from scoring.models import Episode
from scoring.queries.waits import wait_in_words
from web import formats


def waits_for(episode: Episode) -> list[str]:
    """What a resting lead waits for, a phrase each."""
    return wait_words(total=episode.wake_total, types=episode.wake_types, when=episode.wake_when)


def snoozed_for(handoff: Handoff) -> list[str]:
    """What ends a snooze before its time; once it is over, what ended it."""
    if handoff.snoozed_until is None or not handoff.is_open:
        return []
    return wait_words(total=handoff.snooze_total, types=handoff.snooze_types, when=handoff.snooze_when)


def wait_words(
    *, total: int | None = None, types: Sequence[int] | None = None, when: dict[str, Any] | None = None
) -> list[str]:
    """A phrase each: the total that has to be reached, the activities any of which has to arrive, the condition."""
    words = []
    if total is not None:
        words.append(_("the total reaches %(points)s") % {"points": formats.points(total)})
    if types:
        kinds = ActivityType.objects.filter(pk__in=types).order_by("pk")
        words.append(_("one of these arrives: %(types)s") % {"types": formats.listed(str(kind) for kind in kinds)})
    if when is not None:
        words.append(_("this is met: %(condition)s") % {"condition": wait_in_words(when)})
    return words
