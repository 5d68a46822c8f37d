from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import User
from leads.models import SavedFilter

LEADS = "leads"


def saved_filters(user: User, page: str = LEADS) -> QuerySet[SavedFilter]:
    """One's own and what others share, by name."""
    seen = SavedFilter.objects.filter(Q(user=user) | Q(is_shared=True), page=page)
    return seen.select_related("user").order_by("name", "pk")
