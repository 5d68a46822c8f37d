"""What administrators do with destinations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from accounts.models import User
from notices.actions.outgoing import answer_to, give_up_waiting, record_answer, take
from notices.enums import Channel, DestinationKind
from notices.models import Delivery, Destination, OutboxMessage
from notices.outgoing.addresses import parse_address
from notices.outgoing.sealing import seal
from notices.outgoing.signing import new_secret

OVERLAP = timedelta(days=1)  # during which the former signing secret signs as well


@transaction.atomic
def save_destination(
    *,
    destination: Destination,
    by: User,
    now: datetime,
    address: str = "",
    secret: str = "",
    topics: Sequence[str] = (),
    **fields: Any,
) -> str:
    """Make or change a destination. What is empty of `address` and `secret` stays as it is.

    Returns the signing secret of a new web hook, which can be read this once only, else "".
    """
    made = ""
    if destination.kind == DestinationKind.WEBHOOK and not destination.secret_sealed:
        made = secret = new_secret()
    if address:
        destination.address_sealed, destination.host = seal(address), parse_address(address).host
        destination.failures, destination.rests_until = 0, None
    if secret:
        destination.secret_sealed = seal(secret)
    if address or secret:
        destination.secrets_changed_at = now
    destination.topics = list(topics)
    for name, value in fields.items():
        setattr(destination, name, value)
    destination.save()
    return made


@transaction.atomic
def rotate_secret(*, destination: Destination, by: User, now: datetime) -> str:
    """A new signing secret. For a day messages carry the signatures of both. Returns it, readable this once only."""
    secret = new_secret()
    destination.old_secret_sealed, destination.old_secret_until = destination.secret_sealed, now + OVERLAP
    destination.secret_sealed, destination.secrets_changed_at = seal(secret), now
    destination.save(update_fields=["secret_sealed", "old_secret_sealed", "old_secret_until", "secrets_changed_at"])
    return secret


@transaction.atomic
def switch_destination(*, destination: Destination, on: bool, by: User, now: datetime) -> None:
    """Turn a destination on, as if it had never failed, or off, which gives up what waits for it."""
    destination.is_active, destination.off_reason = on, ""
    destination.failures, destination.rests_until = 0, None
    destination.save(update_fields=["is_active", "off_reason", "failures", "rests_until"])
    if not on:
        give_up_waiting(destination=destination, now=now)


@transaction.atomic
def delete_destination(*, destination: Destination, by: User) -> None:
    """Remove a destination with everything that was sent to it."""
    destination.delete()


def send_test(*, destination: Destination, by: User, now: datetime) -> Delivery:
    """Send a test message at once and say what came of it. It is not repeated."""
    message = OutboxMessage.objects.create(
        channel=Channel.OUTGOING, destination=destination, kind="notices.test", params={"by": str(by)},
        dedupe_key=f"test:{uuid4().hex}:d{destination.pk}", created_at=now, next_at=now,
    )  # fmt: skip
    take(message, now)
    delivery = record_answer(message=message, answer=answer_to(message, now), now=now)
    OutboxMessage.objects.filter(pk=message.pk, sent_at=None).update(given_up_at=now)
    return delivery


@transaction.atomic
def send_again(*, message: OutboxMessage, now: datetime) -> bool:
    """Put a message back into the outbox under its old key. False where it waits there already."""
    over = OutboxMessage.objects.filter(pk=message.pk).exclude(sent_at=None, given_up_at=None)
    return bool(over.update(sent_at=None, given_up_at=None, attempts=0, next_at=now))
