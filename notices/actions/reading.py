"""What a person does with their own notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from django.db import transaction

from accounts.models import User
from notices.models import MailPreference, Notice, TopicPreference


def mark_read(*, notice: Notice, now: datetime) -> None:
    """Note when it was read first."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now)


def mark_unread(*, notice: Notice) -> None:
    Notice.objects.filter(pk=notice.pk).update(read_at=None)


def mark_all_read(*, by: User, now: datetime) -> int:
    """Returns how many notices were unread."""
    return Notice.objects.filter(user=by, read_at=None, created_at__lte=now).update(read_at=now)


def keep_mail_choice(*, by: User, mails: bool) -> None:
    """Whether this person's notices come by mail at all; what was chosen for topics and times stays."""
    MailPreference.objects.update_or_create(user=by, defaults={"mails": mails})


@transaction.atomic
def keep_preferences(
    *,
    by: User,
    ways: Mapping[str, str],
    mails: bool,
    quiet_from: time | None,
    quiet_until: time | None,
    digest_at: time,
) -> None:
    """How this person is told of each topic, and when mails may come. Counts for what is told from now on."""
    hours = {"quiet_from": quiet_from, "quiet_until": quiet_until, "digest_at": digest_at}
    MailPreference.objects.update_or_create(user=by, defaults={"mails": mails, **hours})
    for topic, way in ways.items():
        TopicPreference.objects.update_or_create(user=by, topic=topic, defaults={"way": way})
