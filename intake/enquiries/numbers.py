"""Numbers as people write them: 30, 1,000, 三十, 2万, twelve. Texts are folded already."""

from __future__ import annotations

DIGITS = {letter: value for value, letter in enumerate("〇一二三四五六七八九")}
UNITS = {"十": 10, "百": 100, "千": 1000}
MYRIAD = "万"
ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "a hundred": 100, "one hundred": 100, "two hundred": 200,
    "a thousand": 1000, "a dozen": 12,
}  # fmt: skip
# For patterns. Every part is bounded, so that a text of a million digits is read in one go.
FIGURES = r"(?<![\d.,])(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,8})[百千万]?"
KANJI = r"(?<![〇一二三四五六七八九十百千万])[〇一二三四五六七八九十百千万]{1,9}"
WORDS = r"\b(?:" + "|".join(sorted(ENGLISH, key=len, reverse=True)) + r")\b"
NUMBER = rf"(?:{FIGURES}|{KANJI}|{WORDS})"


def number(text: str) -> int | None:
    """The number, or None for what is none or 0."""
    if text in ENGLISH:
        return ENGLISH[text]
    figures = text.rstrip("百千万").replace(",", "")
    if figures.isascii() and figures.isdigit():
        return int(figures) * ({"百": 100, "千": 1000, "万": 10_000}.get(text[-1], 1)) or None
    return kanji_number(text) or None


def kanji_number(text: str) -> int:
    """三百二十 is 320, 二万五千 is 25,000, 三〇 is 30."""
    whole = part = digit = 0
    for letter in text:
        if letter == MYRIAD:
            whole, part, digit = whole + (part + digit or 1) * 10_000, 0, 0
        elif letter in UNITS:
            part, digit = part + (digit or 1) * UNITS[letter], 0
        else:
            digit = digit * 10 + DIGITS[letter]
    return whole + part + digit
