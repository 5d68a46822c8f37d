"""Who is close to hot in a way that the points do not say: found every few minutes, and kept for the list."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handoff.models import ComingLead
from handoff.queries.coming import about_to_be, handing_over


def follow_coming(*, now: datetime) -> int:
    """Keep who lacks one condition of a list, or becomes hot by time alone, as they are now. Returns how many."""
    found = {score for model, document in handing_over() for score in about_to_be(model, document, now)}
    with transaction.atomic():
        ComingLead.objects.exclude(pk__in=found).delete()
        ComingLead.objects.bulk_create((ComingLead(pk=score) for score in sorted(found)), ignore_conflicts=True)
    return len(found)
