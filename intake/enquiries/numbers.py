"""Numbers as people write them: 30, 1,000, 三十, 2万, 数十, twenty-five, dozens of. Texts are folded already."""

from __future__ import annotations

import re

DIGITS = {letter: value for value, letter in enumerate("〇一二三四五六七八九")}
UNITS = {"十": 10, "百": 100, "千": 1000}
MYRIAD = "万"
SOME = "数何"  # "some" before a unit counts as one of it; behind ten, and alone, it is left out or the least: two
LEAST = 2
ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "dozen": 12, "dozens": 24, "couple": 2, "few": 3, "several": 3,
}  # fmt: skip
LARGE = {"hundred": 100, "hundreds": 200, "thousand": 1000, "thousands": 2000}
JOINED = frozenset({"a", "and", "of"})
_ENGLISH = "|".join(sorted([*ENGLISH, *LARGE], key=len, reverse=True))
# For patterns. Every part is bounded, so that a text of a million digits is read in one go.
FIGURES = r"(?<![\d.,])(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,8})(?:k\b|[百千万](?:\d{1,4}千?)?)?"
KANJI = r"(?<![〇一二三四五六七八九十百千万数何])[〇一二三四五六七八九十百千万数何]{1,9}"
WORDS = rf"\b(?:a )?(?:{_ENGLISH})(?:(?: and |[ -]a |[ -])(?:{_ENGLISH})){{0,5}}(?: of)?\b"
NUMBER = rf"(?:{FIGURES}|{KANJI}|{WORDS})"


def number(text: str) -> int | None:
    """The number, or None for what is none or 0. Of "some tens" the least: 数十 is 20, 十数 is 10, dozens 24."""
    if re.match(r"[a-z]", text):
        return _english_number(re.split(r"[ -]+", text))
    figures = text.replace(",", "")
    if figures.endswith("k"):
        return int(figures[:-1]) * 1000 or None
    return kanji_number(figures) or None


def _english_number(words: list[str]) -> int | None:
    whole = part = 0
    for word in words:
        if word in LARGE:
            part = (part or 1) * LARGE[word]
            if LARGE[word] >= 1000:
                whole, part = whole + part, 0
        elif word in ("dozen", "dozens") and part:
            part *= 12
        elif word not in JOINED:
            part += ENGLISH[word]
    return whole + part or None


def kanji_number(text: str) -> int:
    """三百二十 is 320, 二万五千 is 25,000, 三〇 is 30, 1万2000 is 12,000, 数百 is 200."""
    whole = part = digit = 0
    for place, letter in enumerate(text):
        if letter == MYRIAD:
            whole, part, digit = whole + (part + digit or 1) * 10_000, 0, 0
        elif letter in UNITS:
            part, digit = part + (digit or 1) * UNITS[letter], 0
        elif letter in SOME:
            digit = 0 if place and text[place - 1] in UNITS else LEAST
        else:
            digit = digit * 10 + (int(letter) if letter.isascii() else DIGITS[letter])
    return whole + part + digit
