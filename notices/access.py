from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from notices.models import Notice


def visible_notices(user: User) -> QuerySet[Notice]:
    """Everybody reads their own notices, and nobody else's."""
    return Notice.objects.filter(user=user)


def notice_for(user: User, pk: int) -> Notice:
    """Raises Http404 for a notice of somebody else."""
    notice = visible_notices(user).filter(pk=pk).first()
    if notice is None:
        raise Http404
    return notice
