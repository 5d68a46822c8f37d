from __future__ import annotations

from leads.models import Activity


def recent_activities(lead_id: int, limit: int = 8) -> list[Activity]:
    """What the lead did last, without what does not count."""
    counted = Activity.objects.filter(lead_id=lead_id, is_excluded=False)
    return list(counted.select_related("type").order_by("-occurred_at", "-pk")[:limit])
