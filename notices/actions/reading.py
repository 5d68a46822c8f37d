"""What a person does with their own notices."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from notices.models import MailOptOut, Notice


def mark_read(*, notice: Notice, now: datetime) -> None:
    """Note when it was read first."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now)


def mark_unread(*, notice: Notice) -> None:
    Notice.objects.filter(pk=notice.pk).update(read_at=None)


def mark_all_read(*, by: User, now: datetime) -> int:
    """Returns how many notices were unread."""
    return Notice.objects.filter(user=by, read_at=None, created_at__lte=now).update(read_at=now)


def keep_mail_choice(*, by: User, mails: bool) -> None:
    """Whether this person's notices come by mail as well as under the bell."""
    if mails:
        MailOptOut.objects.filter(user=by).delete()
    else:
        MailOptOut.objects.get_or_create(user=by)
