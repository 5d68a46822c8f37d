from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from notices.access import visible_notices
from notices.models import MailOptOut, Notice

PAGE = 30
MANY = 99
Place = tuple[datetime, int]  # created_at and pk of the last notice of a page


def notices_of(user: User, *, unread: bool, after: Place | None = None) -> QuerySet[Notice]:
    """The newest first; `after` goes on behind a notice (keyset)."""
    found = visible_notices(user)
    if unread:
        found = found.filter(read_at=None)
    if after is not None:
        found = found.filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], pk__lt=after[1]))
    return found.order_by("-created_at", "-pk")


def unread_count(user: User) -> int:
    """How many wait, up to one more than `MANY`: beyond that nobody counts."""
    return visible_notices(user).filter(read_at=None)[: MANY + 1].count()


def wants_mails(user: User) -> bool:
    """Mails come unless somebody turned them off."""
    return not MailOptOut.objects.filter(user=user).exists()
