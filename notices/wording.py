"""From kind and params to words, in the language and the time zone of the person who reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise

from accounts.models import User
from notices.kinds import kind_of
from web import moments


@dataclass(frozen=True, kw_only=True)
class Words:
    """One notice as somebody reads it: a line, perhaps a second sentence, and what the link says."""

    line: str
    body: str
    action: str
    icon: str
    urgent: bool


def words_of(kind: str, params: Mapping[str, Any]) -> Words:
    """The words in the language and time zone that are active now."""
    known, shown = kind_of(kind), _Shown(params)
    return Words(
        line=one_line(_fill(known.line, shown)),
        body=_fill(known.body, shown),
        action=str(known.action),
        icon=known.icon,
        urgent=known.urgent,
    )


def words_for(user: User, kind: str, params: Mapping[str, Any]) -> Words:
    """The words for somebody who is not in front of us, such as the receiver of a mail."""
    with translation.override(language_of(user)), timezone.override(ZoneInfo(user.timezone)):
        return words_of(kind, params)


def language_of(user: User) -> str:
    return user.language or settings.LANGUAGE_CODE


def one_line(text: str) -> str:
    """Without line breaks and control characters: names come from forms, and a subject is a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _fill(template: str | Promise, params: Mapping[str, str]) -> str:
    return str(template) % params


class _Shown(dict[str, str]):
    """Params as text. One that is missing leaves a dash, so that an old notice never breaks the list."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        super().__init__({name: _as_text(name, value) for name, value in params.items()})

    def __missing__(self, name: str) -> str:
        return self.get(f"{name}_{(translation.get_language() or 'en')[:2]}", "–")


def _as_text(name: str, value: Any) -> str:
    if name.endswith("_at") and isinstance(value, str):
        return moments.stamp(datetime.fromisoformat(value))
    return one_line(str(value))
