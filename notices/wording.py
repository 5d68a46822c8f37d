"""From kind and params to words, in the language and the time zone of the person who reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation

from notices.kinds import kind_of
from web import formats

LONGEST_SUBJECT = 40
SHORTENED = ("lead", "model", "team", "file")  # the params that name what it is about
SHORTEST_NAME = 8


@dataclass(frozen=True, kw_only=True)
class NoticeWords:
    """One notice as somebody reads it: a line, perhaps a second sentence, what the link says, a mail's subject."""

    line: str
    subject: str
    body: str
    action: str
    icon: str
    urgent: bool


def words_of(kind: str, params: Mapping[str, Any], *, shared: bool = False) -> NoticeWords:
    """The words in the language and time zone that are active now; `shared` are those for many readers."""
    known, texts = kind_of(kind), _Texts(params)
    line, body = known.line, known.body
    if shared:
        line = known.shared_line or line
        body = body if known.shared_body is None else known.shared_body
    return NoticeWords(
        line=one_line(str(line) % texts),
        subject=subject_of(str(known.subject or known.line), params),
        body=str(body) % texts,
        action=str(known.action),
        icon=known.icon,
        urgent=known.urgent,
    )


def texts_of(params: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Those of the named params that are there, as text in the language and time zone that are active now."""
    texts, language = _Texts(params), (translation.get_language() or "en")[:2]
    return {name: texts[name] for name in names if name in params or f"{name}_{language}" in params}


def subject_of(subject: str, params: Mapping[str, Any]) -> str:
    """The subject in at most LONGEST_SUBJECT characters: a name that is too long for it ends in an ellipsis."""
    texts = _Texts(params)
    whole = one_line(subject % texts)
    name = next((name for name in SHORTENED if f"%({name})s" in subject), None)
    if name is not None and len(whole) > LONGEST_SUBJECT:
        room = max(len(texts[name]) - (len(whole) - LONGEST_SUBJECT), SHORTEST_NAME)
        whole = one_line(subject % _Texts({**params, name: shortened(texts[name], room)}))
    return shortened(whole, LONGEST_SUBJECT)


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def one_line(text: str) -> str:
    """Without line breaks and control characters: names come from forms, and a subject is a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


class _Texts(dict[str, str]):
    """Params as text. One that is missing leaves a dash, so that an old notice never breaks the list."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        super().__init__()
        for name, value in params.items():
            is_instant = name.endswith("_at") and isinstance(value, str)
            self[name] = one_line(formats.written(datetime.fromisoformat(value) if is_instant else value))

    def __missing__(self, name: str) -> str:
        return self.get(f"{name}_{(translation.get_language() or 'en')[:2]}", "–")
