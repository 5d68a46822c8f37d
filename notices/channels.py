"""The ways to reach a person. A channel sends one message or raises; it decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from notices.enums import Channel
from notices.mails import mail_for
from notices.models import Notice, OutboxMessage


def send_in_app(message: OutboxMessage, now: datetime) -> None:
    """Put a line under the bell. The key makes a second delivery of the same message harmless."""
    assert message.user is not None, "the bell is somebody's"
    Notice.objects.get_or_create(
        dedupe_key=message.dedupe_key,
        defaults={
            "user": message.user,
            "kind": message.kind,
            "params": message.params,
            "url": message.url,
            "created_at": now,
        },
    )


def send_email(message: OutboxMessage, now: datetime) -> None:
    """Write to the person in their language. The Message-ID comes from the key: a repeated mail is the same mail."""
    mail_for(message).send()


SENDERS: dict[str, Callable[[OutboxMessage, datetime], None]] = {
    Channel.IN_APP: send_in_app,
    Channel.EMAIL: send_email,
}
