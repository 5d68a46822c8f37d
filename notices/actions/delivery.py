"""Delivering to people: bell and mail."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from notices.channels import SENDERS
from notices.models import Delivery, OutboxMessage

LEASE = timedelta(minutes=5)
BACK_OFF = (1, 2, 5, 15, 60, 180, 720)  # minutes after the 1st, 2nd ... failure; after the last we give up


def deliver_due(*, now: datetime, limit: int = 200) -> int:
    """Send what is due. Returns how many messages were taken, so that a caller can go on while there are more."""
    messages = claim_due(now=now, limit=limit)
    for message in messages:
        deliver(message=message, now=now)
    return len(messages)


@transaction.atomic
def claim_due(*, now: datetime, limit: int) -> list[OutboxMessage]:
    """Take messages by pushing `next_at` ahead: whoever dies while sending leaves them to be found again."""
    due = OutboxMessage.objects.filter(sent_at=None, given_up_at=None, next_at__lte=now, channel__in=SENDERS).order_by(
        "next_at", "pk"
    )
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
