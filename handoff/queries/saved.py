from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.enums import Role
from accounts.models import User
from handoff.access import SEES_ALL
from leads.models import SavedFilter
from leads.queries.saved import saved_filters

QUEUE_PAGE = "queue"


def saved_views(user: User) -> QuerySet[SavedFilter]:
    """One's own views of the queue, and those that the team or whoever sees every team shares; by name."""
    views = saved_filters(user, QUEUE_PAGE)
    if user.role in SEES_ALL:
        return views
    if user.role == Role.OUTSOURCED:
        return views.filter(user=user)
    return views.filter(Q(user=user) | Q(user__team=user.team_id) | Q(user__role__in=SEES_ALL))
