"""The language and the clock of a person who is not in front of us, such as the receiver of a mail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation

from accounts.models import User


def language_of(user: User) -> str:
    """The language the person chose, else the installation's (LEADQUAL_LANGUAGE)."""
    return user.language or settings.LANGUAGE_CODE


@contextmanager
def as_read_by(user: User) -> Iterator[None]:
    """Say and format everything inside as `user` reads it: in their language and time zone."""
    with translation.override(language_of(user)), timezone.override(ZoneInfo(user.timezone)):
        yield
