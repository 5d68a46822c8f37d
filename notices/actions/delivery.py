"""Telling people: written with the fact, delivered later, at least once with a key that makes it once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from notices.channels import SENDERS
from notices.enums import Channel
from notices.models import Delivery, MailOptOut, Notice, OutboxMessage

LEASE = timedelta(minutes=5)
BACK_OFF = (1, 2, 5, 15, 60, 180, 720)  # minutes after the 1st, 2nd ... failure; after the last we give up
BOTH = (Channel.IN_APP, Channel.EMAIL)


def tell(
    *,
    people: Iterable[User],
    kind: str,
    key: str,
    now: datetime,
    params: Mapping[str, Any] | None = None,
    url: str = "",
    channels: Iterable[Channel] = BOTH,
) -> None:
    """Write outbox rows in the caller's transaction. A `key` reaches a person once per channel."""
    chosen, people = list(channels), list(people)
    without_mail = set(MailOptOut.objects.filter(user__in=people).values_list("user_id", flat=True))
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                channel=channel, user=person, kind=kind, params=dict(params or {}), url=url,
                dedupe_key=f"{key}:{person.pk}", created_at=now, next_at=now,
            )
            for person in people
            for channel in chosen
            if channel != Channel.EMAIL or person.pk not in without_mail
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def deliver_due(*, now: datetime, limit: int = 200) -> int:
    """Send what is due. Returns how many messages were taken, so that a caller can go on while there are more."""
    messages = claim_due(now=now, limit=limit)
    for message in messages:
        deliver(message=message, now=now)
    return len(messages)


@transaction.atomic
def claim_due(*, now: datetime, limit: int) -> list[OutboxMessage]:
    """Take messages by pushing `next_at` ahead: whoever dies while sending leaves them to be found again."""
    due = OutboxMessage.objects.filter(sent_at=None, given_up_at=None, next_at__lte=now).order_by("next_at", "pk")
    messages = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("user")[:limit])
    for message in messages:
        message.next_at, message.attempts = now + LEASE, message.attempts + 1
    OutboxMessage.objects.bulk_update(messages, ["next_at", "attempts"])
    return messages


def deliver(*, message: OutboxMessage, now: datetime) -> bool:
    """Send one claimed message and record the attempt. A failure waits and is tried again."""
    problem = ""
    try:
        SENDERS[message.channel](message, now)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"[:500]
    # After sending, never before: a kill in between repeats the message under its old key, which loses nothing.
    with transaction.atomic():
        Delivery.objects.create(message=message, at=now, ok=not problem, error=problem)
        open_message = OutboxMessage.objects.filter(pk=message.pk, sent_at=None)
        if not problem:
            open_message.update(sent_at=now)
        elif message.attempts > len(BACK_OFF):
            open_message.update(given_up_at=now)
        else:
            open_message.update(next_at=now + timedelta(minutes=BACK_OFF[message.attempts - 1]))
    return not problem


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
