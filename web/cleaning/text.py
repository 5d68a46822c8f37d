"""Texts: one width of letters, one line, nothing that the database cannot hold."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
CONTROL_IN_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]+")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
EXCERPT = 60
HIRAGANA = "".join(map(chr, range(0x3041, 0x3097)))
KATAKANA = "".join(map(chr, range(0x30A1, 0x30F7)))
TO_KATAKANA = str.maketrans(HIRAGANA, KATAKANA)


class CleaningError(ValueError):
    """A text is not what its field wants: a code, and what the words for it need."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def narrow(text: str) -> str:
    """NFKC without space around: full-width letters and digits become plain, half-width kana full."""
    return unicodedata.normalize("NFKC", text).strip()


def visible(text: str) -> str:
    """Without the characters that nobody sees, such as U+200B and U+FEFF: they make no difference between addresses."""
    if text.isascii():
        return text
    return "".join(character for character in text if unicodedata.category(character) != "Cf")


def folded(text: str) -> str:
    """For comparing words: width, capitals and the amount of space make no difference."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def search_form(text: str) -> str:
    """For searching: as `folded`, and hiragana reads as katakana."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(TO_KATAKANA).lower().split())


def excerpt(text: str) -> str:
    """The beginning of a wrong value, for a message; without what cannot be stored."""
    shown = text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"
    return UNSTORABLE.sub("\ufffd", shown)


def clean_lines(text: str, max_length: int) -> str:
    """Somebody's own words, line by line. Raises `nul` and `too_long`."""
    if UNSTORABLE.search(text):
        raise CleaningError("nul")
    lines = CONTROL_IN_LINES.sub(" ", re.sub(r"\r\n?|[\u2028\u2029]", "\n", text)).strip()
    if len(lines) > max_length:
        raise CleaningError("too_long", max=max_length)
    return lines


def clean_line(text: str, max_length: int) -> str:
    """One line, otherwise kept as it was written.

    Raises `nul` (also for half of a surrogate pair) and `too_long`.
    """
    if not text.isprintable():
        if UNSTORABLE.search(text):
            raise CleaningError("nul")
        text = CONTROL.sub(" ", text).strip()
    if len(text) > max_length:
        raise CleaningError("too_long", max=max_length)
    return text
