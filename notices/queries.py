from __future__ import annotations

from accounts.models import User
from notices.access import visible_notices
from notices.models import MailOptOut, Notice
from web.paging import FIRST_PAGE, Cursor, Order, Page, page_of

PAGE = 30
MANY = 99
NEWEST = Order.by("-created_at")


def notices_of(user: User, *, unread: bool, cursor: Cursor = FIRST_PAGE) -> Page[Notice]:
    """A page of the notices, the newest first."""
    notices = visible_notices(user)
    return page_of(notices.filter(read_at=None) if unread else notices, NEWEST, cursor, PAGE)


def unread_count(user: User) -> int:
    """How many wait, up to one more than `MANY`: beyond that nobody counts."""
    return visible_notices(user).filter(read_at=None)[: MANY + 1].count()


def wants_mails(user: User) -> bool:
    """Mails come unless somebody turned them off."""
    return not MailOptOut.objects.filter(user=user).exists()
