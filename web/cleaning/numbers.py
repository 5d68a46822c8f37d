"""Numbers as people write them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from web.cleaning.text import DASHES, CleaningError, excerpt, narrow

THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
WHOLE = re.compile(r"[+-]?(?:\d{1,3}(?:[,'’ ]\d{3})+|\d+)")
COUNTERS = ("名", "人", "円")
LONGEST = 40


def read_number(text: str) -> Decimal:
    """The number, which may be infinite or NaN, of a text of either width, with separators or not. Raises `decimal`."""
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
    """1,200, 1200名 and 1200.0 as 1200. Raises `integer`, and `range` outside low to high."""
    plain = narrow(text)
    for counter in COUNTERS:
        plain = plain.removesuffix(counter)
    plain = plain.strip().translate(DASHES).removesuffix(".0")
    if not WHOLE.fullmatch(plain):
        raise CleaningError("integer", value=excerpt(text))
    number = int(re.sub(r"[^\d+-]", "", plain)) if len(plain) < LONGEST else high + 1
    if not low <= number <= high:
        raise CleaningError("range", value=excerpt(text))
    return number
