"""From kind and params to words, in the language and the time zone of the person who reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation

from accounts.models import User
from notices.kinds import kind_of
from web import moments


@dataclass(frozen=True, kw_only=True)
class NoticeWords:
    """One notice as somebody reads it: a line, perhaps a second sentence, and what the link says."""

    line: str
    body: str
    action: str
    icon: str
    urgent: bool


def words_of(kind: str, params: Mapping[str, Any]) -> NoticeWords:
    """The words in the language and time zone that are active now."""
    known, texts = kind_of(kind), _Texts(params)
    return NoticeWords(
        line=one_line(str(known.line) % texts),
        body=str(known.body) % texts,
        action=str(known.action),
        icon=known.icon,
        urgent=known.urgent,
    )


@contextmanager
def as_read_by(user: User) -> Iterator[None]:
    """Language and time zone of somebody who is not in front of us, such as the receiver of a mail."""
    with translation.override(user.language or settings.LANGUAGE_CODE), timezone.override(ZoneInfo(user.timezone)):
        yield


def one_line(text: str) -> str:
    """Without line breaks and control characters: names come from forms, and a subject is a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


class _Texts(dict[str, str]):
    """Params as text. One that is missing leaves a dash, so that an old notice never breaks the list."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        super().__init__()
        for name, value in params.items():
            is_instant = name.endswith("_at") and isinstance(value, str)
            self[name] = moments.stamp(datetime.fromisoformat(value)) if is_instant else one_line(str(value))

    def __missing__(self, name: str) -> str:
        return self.get(f"{name}_{(translation.get_language() or 'en')[:2]}", "–")
