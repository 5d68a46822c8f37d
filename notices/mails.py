"""Mails, in the language and time zone of their receiver, as text and as HTML."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.languages import as_read_by
from accounts.models import User
from notices.models import OutboxMessage
from notices.wording import LONGEST_SUBJECT, shortened, words_of
from web.formats import number


def mail_for(message: OutboxMessage) -> EmailMultiAlternatives:
    """The mail of one message."""
    user = message.user
    assert user is not None, "mails go to people"
    with as_read_by(user):
        words = words_of(message.kind, message.params)
        context = {"words": words, "link": absolute_url(message.url)}
        return _mail(user, words.subject, "mail", context, [message])


def digest_for(messages: Sequence[OutboxMessage]) -> EmailMultiAlternatives:
    """One mail of several messages to one person; what is about the same lead stands together."""
    user = messages[0].user
    assert user is not None, "mails go to people"
    with as_read_by(user):
        groups = grouped(messages)
        count = ngettext("%(n)s notification", "%(n)s notifications", len(messages))
        subject = f"{count % {'n': number(len(messages))}}: {groups[0]['lines'][0].line}"
        return _mail(user, shortened(subject, LONGEST_SUBJECT), "digest", {"groups": groups}, messages)


def grouped(messages: Iterable[OutboxMessage]) -> list[dict[str, Any]]:
    """What leads to the same page stands together, in the order in which it was told first."""
    groups: dict[object, dict[str, Any]] = {}
    for message in sorted(messages, key=lambda each: (each.created_at, each.pk)):
        key = message.url or message.pk
        words = words_of(message.kind, message.params)
        group = groups.setdefault(key, {"link": absolute_url(message.url), "action": words.action, "lines": []})
        group["lines"].append(words)
    return list(groups.values())


def _mail(
    user: User, subject: str, name: str, context: Mapping[str, Any], messages: Iterable[OutboxMessage]
) -> EmailMultiAlternatives:
    """Text and HTML of the templates `name`. The Message-ID comes from the keys: a repeated mail is the same mail."""
    preferences = absolute_url(reverse("notices:preferences"))
    context = {**context, "user": user, "subject": subject, "preferences_link": preferences}
    keys = "\n".join(sorted(message.dedupe_key for message in messages))
    key = hashlib.sha256(keys.encode()).hexdigest()[:32]
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"notices/{name}.txt", context),
        to=[user.email],
        headers={"Message-ID": f"<{key}@leadqual>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"notices/{name}.html", context), "text/html")
    return mail


def absolute_url(path: str) -> str:
    """The address of a page of ours as somebody elsewhere needs it; "" for none."""
    return settings.BASE_URL.rstrip("/") + path if path else ""
