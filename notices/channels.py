"""The ways to reach a person. A channel sends one message or raises; it decides nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.languages import as_read_by
from notices.enums import Channel
from notices.models import Notice, OutboxMessage
from notices.wording import words_of


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


def mail_for(message: OutboxMessage) -> EmailMessage:
    """The mail, in the language and time zone of its receiver."""
    user = message.user
    assert user is not None, "mails go to people"
    with as_read_by(user):
        words = words_of(message.kind, message.params)
        context = {"words": words, "user": user, "link": absolute_url(message.url)}
        context["notices_link"] = absolute_url(reverse("notices:list"))
        text = render_to_string("notices/mail.txt", context)
    key = hashlib.sha256(message.dedupe_key.encode()).hexdigest()[:32]
    return EmailMessage(
        subject=words.subject,
        body=text,
        to=[user.email],
        headers={"Message-ID": f"<{key}@leadqual>", "Auto-Submitted": "auto-generated"},
    )


def absolute_url(path: str) -> str:
    """The address of a page of ours as a mail needs it; "" for none."""
    return settings.BASE_URL.rstrip("/") + path if path else ""


SENDERS: dict[str, Callable[[OutboxMessage, datetime], None]] = {
    Channel.IN_APP: send_in_app,
    Channel.EMAIL: send_email,
}
