"""Mails that ask whether it was they who sent a form. The submission is its own outbox: claimed, sent, marked."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from intake.enums import SubmissionState
from intake.models import Submission
from intake.webforms.document import FormDocument
from intake.webforms.lead_values import by_target
from intake.webforms.targets import EMAIL

log = structlog.get_logger(__name__)
AT_ONCE = 50
CLAIM = timedelta(minutes=5)
MOST_ATTEMPTS = 6


def send_due_confirmations(*, now: datetime) -> int:
    """Send what is due; returns how many went out. A kill between sending and marking may send one again."""
    sent = 0
    for submission in claim_due(now=now):
        try:
            confirmation_mail(submission).send()
        except OSError as error:
            log.warning("confirmation_not_sent", submission=submission.pk, error=type(error).__name__)
            continue
        Submission.objects.filter(pk=submission.pk).update(mail_next_at=None, mail_sent_at=now)
        sent += 1
    return sent


@transaction.atomic
def claim_due(*, now: datetime) -> list[Submission]:
    """The mails that are due, for a few minutes nobody else's; one that failed too often is given up."""
    due = Submission.objects.filter(mail_next_at__lte=now, state=SubmissionState.WAITING).order_by("mail_next_at")
    rows = list(due.select_for_update(of=("self",), skip_locked=True).select_related("form", "version")[:AT_ONCE])
    for row in rows:
        row.mail_attempts += 1
        row.mail_next_at = now + CLAIM * 2**row.mail_attempts if row.mail_attempts < MOST_ATTEMPTS else None
    Submission.objects.bulk_update(rows, ["mail_attempts", "mail_next_at"])
    return rows


def confirmation_mail(submission: Submission) -> EmailMessage:
    """The mail in the language of the page; nothing that was typed stands in it, since anybody can type an address."""
    assert submission.version is not None
    document = FormDocument.of(submission.version.document)
    address = by_target(submission, document)[EMAIL]
    link = settings.BASE_URL + reverse("public:form_confirm", args=[submission.form.key, submission.token])
    with translation.override(submission.language):
        title = " ".join(document.texts["title"].say(submission.language).split())
        context = {"title": title, "link": link, "site": submission.form.site}
        text = render_to_string("intake/forms/mail.txt", context)
        subject = render_to_string("intake/forms/mail_subject.txt", context).strip()
    return EmailMessage(subject=subject, body=text, to=[address])
