"""What keeps programs out of a form: a signed page that is not too fresh, a field nobody sees, a limit on how often."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.core.cache import cache

from intake.enums import CaughtReason
from intake.models import WebForm
from intake.tracking.filters import program

HONEYPOT = "website_url"
QUICKEST = timedelta(seconds=2)
OLDEST = timedelta(hours=24)
MOST_A_MINUTE, MOST_AN_HOUR, REFUSED_ABOVE = 5, 30, 200
_signer = signing.Signer(salt="intake.form_page")
_tests = signing.TimestampSigner(salt="intake.form_test")


@dataclass(frozen=True, kw_only=True)
class PageToken:
    """Which page of a form was filled in: its own key, the version it showed, and when it was opened."""

    key: uuid.UUID
    version: int
    opened_at: datetime

    def signed(self, form: WebForm) -> str:
        return _signer.sign_object([form.pk, str(self.key), self.version, self.opened_at.isoformat()], compress=False)


def new_page(version: int, now: datetime) -> PageToken:
    return PageToken(key=uuid.uuid4(), version=version, opened_at=now)


def page_of_token(form: WebForm, text: str, now: datetime) -> PageToken | None:
    """The page that we signed for this form within a day; None for anything else."""
    try:
        pk, key, version, opened = _signer.unsign_object(text)
        page = PageToken(key=uuid.UUID(key), version=int(version), opened_at=datetime.fromisoformat(opened))
    except (signing.BadSignature, ValueError, TypeError, UnicodeError):
        return None
    return page if pk == form.pk and now - OLDEST <= page.opened_at <= now else None


def test_mark(form: WebForm) -> str:
    """What makes a page of this form a test: whoever has it sends nothing real. It lasts a day."""
    return _tests.sign(str(form.pk))


def is_test(form: WebForm, mark: str) -> bool:
    try:
        return _tests.unsign(mark, max_age=OLDEST) == str(form.pk)
    except (signing.BadSignature, ValueError, UnicodeError):
        return False


def caught_by(page: PageToken, *, honeypot: str, agent: str, recent: int, hour: int, now: datetime) -> str:
    """Why a submission looks like that of a program; "" where it does not."""
    if honeypot:
        return CaughtReason.HONEYPOT
    if now - page.opened_at < QUICKEST:
        return CaughtReason.FAST
    if program(agent):
        return CaughtReason.PROGRAM
    return CaughtReason.RATE if recent > MOST_A_MINUTE or hour > MOST_AN_HOUR else ""


def counted(form: WebForm, address: str, now: datetime) -> tuple[int, int]:
    """How many came from this address to this form in this minute and this hour, with this one."""
    minute = int(now.timestamp()) // 60
    return _count(f"form:{form.pk}:{address}:{minute}", 60), _count(f"form:{form.pk}:{address}:{minute // 60}", 3600)


def _count(key: str, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two
        return 1
