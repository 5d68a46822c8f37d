"""From a message of the outbox to what its destination is sent."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from notices.enums import DestinationKind
from notices.mails import absolute_url
from notices.models import Destination, OutboxMessage
from notices.outgoing.errors import OutgoingError
from notices.outgoing.payloads import Content, Target, post_for
from notices.outgoing.posting import Post
from notices.outgoing.sealing import unseal
from notices.outgoing.templates import PLACEHOLDERS
from notices.wording import texts_of, words_of


def compose(message: OutboxMessage, now: datetime) -> Post:
    """Write a message as its destination wants it. Raises OutgoingError where the secrets cannot be read."""
    destination = message.destination
    assert destination is not None, "only messages to destinations are composed here"
    try:
        return post_for(target_of(destination, now), content_of(message, destination), now)
    except (ValueError, KeyError, IndexError) as error:
        raise OutgoingError("unwritable") from error


def target_of(destination: Destination, now: datetime) -> Target:
    """The destination with its secrets, the newest first; a former one as long as it is valid."""
    sealed = [destination.secret_sealed]
    if destination.old_secret_until is not None and destination.old_secret_until > now:
        sealed.append(destination.old_secret_sealed)
    return Target(
        kind=destination.kind,
        address=unseal(destination.address_sealed),
        secrets=tuple(unseal(secret) for secret in sealed if secret),
        template=destination.template,
    )


def content_of(message: OutboxMessage, destination: Destination) -> Content:
    """The words in the language and time zone of the destination."""
    is_event = destination.kind == DestinationKind.WEBHOOK
    with translation.override(destination.language), timezone.override(ZoneInfo(destination.timezone)):
        words = words_of(message.kind, message.params, shared=True)
        return Content(
            key=key_of(message),
            kind=message.kind,
            line=words.line,
            body=words.body,
            action=words.action,
            url=absolute_url(message.url),
            told_at=message.created_at,
            values=message.params if is_event else {},
            texts=texts_of(message.params, PLACEHOLDERS),
        )


def key_of(message: OutboxMessage) -> str:
    """What the receiver knows a message by, made of the key that it has in the outbox: the same at every attempt."""
    return "msg_" + hashlib.sha256(message.dedupe_key.encode()).hexdigest()[:32]
