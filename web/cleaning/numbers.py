"""Numbers as people write them, exact ones and those that only say about how many."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from web.cleaning.text import DASHES, CleaningError, excerpt, narrow

THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
WHOLE = re.compile(r"[+-]?(?:\d{1,3}(?:[,'’ ]\d{3})+|\d+)")
LONGEST = 40
DIGITS = frozenset("0123456789０１２３４５６７８９")

NUMBER = r"(?:\d[\d,.'’]*\s*[億万千百]?\s*)+[kK]?"
UNIT = r"\s*(?:名|人|円|社員|people|persons|employees|staff|users|seats)?\s*"
BETWEEN = r"(?:-|~|〜|から|to|以上|以上-|以上~|以上〜|超)"
RANGE = re.compile(rf"約?({NUMBER}){UNIT}{BETWEEN}\s*{NUMBER}{UNIT}(?:程度|規模|未満|以下|まで)?")
AT_LEAST = re.compile(
    rf"(?:over |more than |at least |>=? ?|≧ ?)?({NUMBER}){UNIT}(?:以上|超|強|\+|or more|and more|〜|~|-)?"
)
AT_MOST = re.compile(
    rf"(?:(?:up to|under|less than|fewer than|<=?|≦|〜) ?{NUMBER}{UNIT}|{NUMBER}{UNIT}(?:以下|以内|未満|まで|or less))"
)
ABOUT = re.compile(
    rf"(?:約|およそ|おおよそ|凡そ|about |approx(?:\.|imately)? ?|ca\.? |circa |around |~ ?)?({NUMBER}){UNIT}"
    r"(?:程度|くらい|ぐらい|位|ほど|前後|弱|規模)?"
)
PART = re.compile(r"(\d[\d,.'’]*)\s*([億万千百]?)")
DOTS_FOR_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
UNITS = {"億": 10**8, "万": 10**4, "千": 1000, "百": 100, "": 1}


@dataclass(frozen=True, kw_only=True)
class SoftNumber:
    """A whole number, and how it was read: `lower_end` of a range, `approximate`, `rounded`, `dots` for thousands; ""
    where it was written exactly."""

    value: int
    remark: str = ""


def has_other_digits(text: str) -> bool:
    """Whether there are digits beside the plain and the full-width ones, such as ², which is no 2."""
    return any(character.isdigit() and character not in DIGITS for character in text)


def read_number(text: str) -> Decimal:
    """The number, which may be infinite or NaN, of a text of either width, with separators or not. Raises `decimal`."""
    if has_other_digits(text):
        raise CleaningError("decimal", value=excerpt(text))
    plain = narrow(text).translate(DASHES)
    plain = plain.replace(",", "") if THOUSANDS.fullmatch(plain) else plain
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise CleaningError("decimal", value=excerpt(text)) from None


def clean_decimal(text: str) -> float:
    """A finite number. Raises `decimal`, also for `12_34`: in a file that is no number."""
    number = read_number(text)
    if "_" in text or not number.is_finite() or not -308 < number.adjusted() < 308:
        raise CleaningError("decimal", value=excerpt(text))
    return float(number)


def clean_integer(text: str, low: int, high: int) -> int:
    """The value of `read_integer`, for whoever has no place for a remark."""
    return read_integer(text, low, high).value


def read_integer(text: str, low: int, high: int) -> SoftNumber:
    """1,200, 1200名, 1万2000人 and 1200.0 exactly; 約300, about 300, 100〜299, 51-200 and 100名以上 (the lower end) and
    873607.15 with a remark.

    Raises `integer`, and `range` outside low to high.
    """
    if has_other_digits(text):
        raise CleaningError("integer", value=excerpt(text))
    plain = narrow(text).translate(DASHES)
    if len(plain) > LONGEST:
        raise CleaningError("range" if plain.isdigit() else "integer", value=excerpt(text))
    exact = re.sub(r"\s*(?:名|人|円)$", "", plain).removesuffix(".0")
    if WHOLE.fullmatch(exact):
        number = SoftNumber(value=int(re.sub(r"[^\d+-]", "", exact)))
    else:
        soft = _soft(plain, text)
        if soft is None:
            raise CleaningError("integer", value=excerpt(text))
        number = soft
    if not low <= number.value <= high:
        raise CleaningError("range", value=excerpt(text))
    return number


def _soft(plain: str, text: str) -> SoftNumber | None:
    """A number in words around it, or cut; None where there is none. `text` is what was typed, in its own width."""
    plain = plain.casefold()
    if match := RANGE.fullmatch(plain):
        return _marked(match[1], "lower_end")
    if AT_MOST.fullmatch(plain) or (plain.startswith("~") and "~" not in text):
        return SoftNumber(value=1, remark="lower_end")
    for pattern, remark in ((ABOUT, "approximate"), (AT_LEAST, "lower_end")):
        if match := pattern.fullmatch(plain):
            bare = re.sub(UNIT, "", plain) == re.sub(UNIT, "", match[1])
            return _marked(match[1], "" if bare else remark)
    return None


def _marked(words: str, remark: str) -> SoftNumber | None:
    """The number of these digits and units, with `remark` or what its own writing asks for; None where it is none."""
    total, own = Decimal(0), ""
    for digits, unit in PART.findall(words.strip().removesuffix("k")):
        plain = re.sub(r"['’]", ",", digits)
        plain = plain.replace(",", "") if THOUSANDS.fullmatch(plain) else plain
        if DOTS_FOR_THOUSANDS.fullmatch(plain) and not unit:
            plain, own = plain.replace(".", ""), "dots"
        try:
            total += Decimal(plain) * UNITS[unit]
        except InvalidOperation:
            return None
    total *= 1000 if words.strip().endswith("k") else 1
    if total != total.to_integral_value():
        own = "rounded"
    return SoftNumber(value=int(total), remark=remark or own)
