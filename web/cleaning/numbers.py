"""Numbers as people write them, exact ones and those that only say about how many."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from web.cleaning.text import DASHES, CleaningError, excerpt, narrow

THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
WHOLE = re.compile(r"[+-]?(?:\d{1,3}(?:[,'’ ]\d{3})+|\d+)")
LONGEST = 40
DIGITS = frozenset("0123456789０１２３４５６７８９")

DIGITS_OF_ONE = r"\d[\d,.'’]*"
MYRIADS = r"(?:[十百千]?[兆億万]|[千百])"
SCALE = r"(?:thousand|million|billion|trillion|mn|mm|bn|tn|[kmbt])"
# Between the digits of one number stands a unit: digits that could be split anywhere would be tried everywhere.
NUMBER = rf"{DIGITS_OF_ONE}(?:\s*{MYRIADS}\s*{DIGITS_OF_ONE})*(?:\s*{MYRIADS})?(?:\s*{SCALE})?"
YEN = re.compile(r"(?:¥|jpy)\s*|\s*(?:jpy|yen)(?![a-z])")
FOREIGN = re.compile(r"(?:us|a|c)?[$€£]\s*|(?:usd|eur|gbp)\s*|\s*(?:dollars?|euros?|米?ドル|ユーロ|ポンド)")
UNIT = r"\s*(?:名|人|円|社員|people|persons|employees|staff|users|seats)?\s*"
BETWEEN = r"(?:-|~|〜|から|to|以上|以上-|以上~|以上〜|超)"
RANGE = re.compile(rf"約?({NUMBER}){UNIT}{BETWEEN}\s*({NUMBER}){UNIT}(?:程度|規模|未満|以下|まで)?")
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
PART = re.compile(rf"({DIGITS_OF_ONE})\s*({MYRIADS}?)")
LAST_UNIT = re.compile(rf"\s*({MYRIADS}|{SCALE})$")
DOTS_FOR_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
UNITS = {"": 1, "兆": 10**12, "億": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}
SCALES = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "mm": 10**6, "million": 10**6,
    "b": 10**9, "bn": 10**9, "billion": 10**9, "t": 10**12, "tn": 10**12, "trillion": 10**12,
}  # fmt: skip


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
    """1,200, 1200名, 1万2000人, 5千万, ¥1,200, 5.5M and 1200.0 exactly; $1,200, 約300, about 300, 100〜299, 51-200 and
    100名以上 (the lower end) and 873607.15 with a remark.

    Raises `integer`, and `range` outside low to high.
    """
    if has_other_digits(text):
        raise CleaningError("integer", value=excerpt(text))
    plain = narrow(text).translate(DASHES)
    if len(plain) > LONGEST:
        raise CleaningError("range" if plain.isdigit() else "integer", value=excerpt(text))
    plain, foreign = FOREIGN.subn("", YEN.sub("", plain.casefold()))
    exact = re.sub(r"\s*(?:名|人|円)$", "", plain).removesuffix(".0")
    if WHOLE.fullmatch(exact):
        number = SoftNumber(value=int(re.sub(r"[^\d+-]", "", exact)), remark="approximate" if foreign else "")
    else:
        soft = _soft(plain, text)
        if soft is None:
            raise CleaningError("integer", value=excerpt(text))
        number = replace(soft, remark=soft.remark or ("approximate" if foreign else ""))
    if not low <= number.value <= high:
        raise CleaningError("range", value=excerpt(text))
    return number


def _soft(plain: str, text: str) -> SoftNumber | None:
    """A number in words around it, or cut; None where there is none. `text` is what was typed, in its own width."""
    if match := RANGE.fullmatch(plain):
        return _marked(lower_end(match[1], match[2]), "lower_end")
    if AT_MOST.fullmatch(plain) or (plain.startswith("~") and "~" not in text):
        return SoftNumber(value=1, remark="lower_end")
    for pattern, remark in ((ABOUT, "approximate"), (AT_LEAST, "lower_end")):
        if match := pattern.fullmatch(plain):
            bare = re.sub(UNIT, "", plain) == re.sub(UNIT, "", match[1])
            return _marked(match[1], "" if bare else remark)
    return None


def lower_end(low: str, high: str) -> str:
    """The lower end of a range with the unit that only its upper end names: 10-50M begins at 10M, 500-1K at 500."""
    unit = LAST_UNIT.search(high)
    if unit is None or LAST_UNIT.search(low):
        return low
    with_unit, upper = _marked(low + unit[1], ""), _marked(high, "")
    return low + unit[1] if with_unit and upper and with_unit.value <= upper.value else low


def _marked(words: str, remark: str) -> SoftNumber | None:
    """The number of these digits and units, with `remark` or what its own writing asks for; None where it is none."""
    total, own = Decimal(0), ""
    scale = re.search(rf"{SCALE}$", words.strip())
    for digits, unit in PART.findall(words):
        plain = re.sub(r"['’]", ",", digits)
        plain = plain.replace(",", "") if THOUSANDS.fullmatch(plain) else plain
        if DOTS_FOR_THOUSANDS.fullmatch(plain) and not unit and not scale:
            plain, own = plain.replace(".", ""), "dots"
        try:
            total += Decimal(plain) * math.prod(UNITS[one] for one in unit)
        except InvalidOperation:
            return None
    total *= SCALES[scale[0]] if scale else 1
    if total != total.to_integral_value():
        own = "rounded"
    return SoftNumber(value=int(total), remark=remark or own)
