"""The mails of a demo: kept in a directory and shown in the product, since nobody lives at their addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

MOST = 200  # mails that are kept; older ones are removed
NAME = re.compile(r"^\d{20}-[0-9a-f]{8}$")


class MailboxBackend(BaseEmailBackend):
    """Writes each mail into the mailbox instead of sending it."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Returns how many were written."""
        mailbox = Path(settings.MAILBOX)
        mailbox.mkdir(parents=True, exist_ok=True)
        for message in messages:
            path = mailbox / f"{timezone.now():%Y%m%d%H%M%S%f}-{uuid4().hex[:8]}"
            path.with_suffix(".part").write_bytes(message.message().as_bytes())
            path.with_suffix(".part").rename(path.with_suffix(".eml"))  # a reader never sees half a mail
        for old in sorted(mailbox.glob("*.eml"), reverse=True)[MOST:]:
            old.unlink(missing_ok=True)
        return len(messages)


@dataclass(frozen=True, kw_only=True)
class SentMail:
    """A mail as its receiver would find it. `name` is its place in the mailbox."""

    name: str
    at: datetime
    to: str
    subject: str
    body: str


def is_on() -> bool:
    """Whether this installation keeps its mails instead of sending them."""
    return bool(settings.MAILBOX)


def sent_mails() -> list[SentMail]:
    """All that are kept, the newest first."""
    return [_read(path) for path in sorted(Path(settings.MAILBOX).glob("*.eml"), reverse=True)]


def sent_mail(name: str) -> SentMail:
    """The mail of this name. Raises LookupError for one that is not there."""
    path = Path(settings.MAILBOX) / f"{name}.eml"
    if not NAME.match(name) or not path.exists():
        raise LookupError(name)
    return _read(path)


def _read(path: Path) -> SentMail:
    message = message_from_bytes(path.read_bytes(), policy=default)
    text = message.get_body(("plain",))
    at = datetime.strptime(path.stem.partition("-")[0], "%Y%m%d%H%M%S%f").replace(tzinfo=UTC)
    return SentMail(
        name=path.stem,
        at=at,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        body=str(text.get_content()) if text else "",
    )
