"""The language and the clock of who is not in front of us: the receiver of a mail, or somebody at a terminal."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation

from accounts.models import User


def language_of(user: User) -> str:
    """The language the person chose, else the installation's (LEADQUAL_LANGUAGE)."""
    return user.language or settings.LANGUAGE_CODE


def add_language_argument(parser: ArgumentParser) -> None:
    """Give a command `--language`. Without it, it speaks the installation's (LEADQUAL_LANGUAGE) whatever the terminal's
    locale is: containers have none that says anything."""
    codes = [code for code, _name in settings.LANGUAGES]
    help_words = f"of what is said; {settings.LANGUAGE_CODE}, the installation's, if not given"
    parser.add_argument("--language", choices=codes, default=settings.LANGUAGE_CODE, help=help_words)


@contextmanager
def as_read_by(user: User) -> Iterator[None]:
    """Say and format everything inside as `user` reads it: in their language and time zone."""
    with translation.override(language_of(user)), timezone.override(ZoneInfo(user.timezone)):
        yield
