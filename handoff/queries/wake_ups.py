"""What a resting lead waits for besides a date, in the reader's words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from leads.models import ActivityType
from scoring.models import Episode
from web import formats


def waits_for(episode: Episode) -> list[str]:
    """A phrase each: the total that it has to reach, and the activities any of which has to arrive."""
    words = []
    if episode.wake_total is not None:
        words.append(_("the total reaches %(points)s") % {"points": formats.points(episode.wake_total)})
    if episode.wake_types:
        types = ActivityType.objects.filter(pk__in=episode.wake_types).order_by("pk")
        words.append(_("one of these arrives: %(types)s") % {"types": formats.listed(str(kind) for kind in types)})
    return words
