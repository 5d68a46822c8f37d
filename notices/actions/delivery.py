"""Delivering to people: bell and mail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from notices.channels import SENDERS
from notices.mails import digest_for
from notices.models import Delivery, OutboxMessage

LEASE = timedelta(minutes=5)
BACK_OFF = (1, 2, 5, 15, 60, 180, 720)  # minutes after the 1st, 2nd ... failure; after the last we give up


def deliver_due(*, now: datetime, limit: int = 200) -> int:
    """Send what is due. Returns how many messages were taken, so that a caller can go on while there are more."""
    waiting = OutboxMessage.objects.filter(sent_at=None, given_up_at=None, next_at__lte=now)
    waiting.filter(user__is_active=False).update(given_up_at=now)  # a daily mail may be of yesterday
    messages = claim_due(now=now, limit=limit)
    for together in gathered(messages):
        deliver(messages=together, now=now)
    return len(messages)


def gathered(messages: Iterable[OutboxMessage]) -> list[list[OutboxMessage]]:
    """Which messages are sent as one: those of a slot of one person; all others alone."""
    groups: dict[tuple[object, ...], list[OutboxMessage]] = defaultdict(list)
    for message in messages:
        key = (message.pk,) if message.slot is None else (message.user_id, message.slot)
        groups[key].append(message)
    return list(groups.values())


@transaction.atomic
def claim_due(*, now: datetime, limit: int) -> list[OutboxMessage]:
    """Take messages by pushing `next_at` ahead: whoever dies while sending leaves them to be found again."""
    due = OutboxMessage.objects.filter(sent_at=None, given_up_at=None, next_at__lte=now, channel__in=SENDERS).order_by(
        "next_at", "pk"
    )
    locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("user")
    messages = list(locked[:limit])
    if len(messages) == limit:  # the last slot may have been cut in two
        slots = {(message.user_id, message.slot) for message in messages if message.slot is not None}
        for user, slot in slots:
            rest = locked.filter(user=user, slot=slot).exclude(pk__in=[message.pk for message in messages])
            messages += list(rest)
    for message in messages:
        message.next_at, message.attempts = now + LEASE, message.attempts + 1
    OutboxMessage.objects.bulk_update(messages, ["next_at", "attempts"])
    return messages


def deliver(*, messages: Sequence[OutboxMessage], now: datetime) -> bool:
    """Send claimed messages, as one where they are several, and record the attempt. A failure is tried again later."""
    first, problem = messages[0], ""
    try:
        if len(messages) == 1:
            SENDERS[first.channel](first, now)
        else:
            digest_for(messages).send()
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"[:500]
    # After sending, never before: a kill in between repeats the message under its old key, which loses nothing.
    with transaction.atomic():
        Delivery.objects.bulk_create(
            Delivery(message=message, at=now, ok=not problem, error=problem) for message in messages
        )
        open_messages = OutboxMessage.objects.filter(pk__in=[message.pk for message in messages], sent_at=None)
        attempts = max(message.attempts for message in messages)
        if not problem:
            open_messages.update(sent_at=now)
        elif attempts > len(BACK_OFF):
            open_messages.update(given_up_at=now)
        else:
            open_messages.update(next_at=now + timedelta(minutes=BACK_OFF[attempts - 1]))
    return not problem
