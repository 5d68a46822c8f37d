"""法人番号, the thirteen digits by which Japan's National Tax Agency tells corporations apart."""

from __future__ import annotations

import re

from web.cleaning import DASHES, CleaningError, excerpt, narrow

LENGTH = 13


def clean_corporate_number(text: str) -> str:
    """Thirteen digits, written with or without separators. Raises `corporate_number`, also for a wrong check digit."""
    digits = re.sub(r"[\s\-]", "", narrow(text).translate(DASHES)).upper().removeprefix("T")
    if not is_corporate_number(digits):
        raise CleaningError("corporate_number", value=excerpt(text))
    return digits


def is_corporate_number(digits: str) -> bool:
    """Whether these are thirteen digits of which the first follows from the others."""
    return bool(re.fullmatch(r"[0-9]{13}", digits)) and digits[0] == str(check_digit(digits[1:]))


def check_digit(digits: str) -> int:
    """The first digit for the twelve behind it: 9 less the remainder, by 9, of the sum of each digit times 1 or 2."""
    weighted = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return 9 - weighted % 9
