"""Points and money in words a reader expects."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from django.utils import formats, translation

from web.cleaning import decimals_of


def points(hundredths: int | None, decimals: int = 0) -> str:
    """8200 is 82; `points:2` is 82.00. Unknown is a dash, never 0."""
    return "–" if hundredths is None else _written(_rounded(hundredths, decimals), decimals, translation.get_language())


def signed_points(hundredths: int | None, decimals: int = 0) -> str:
    """+20 or −40, with a true minus sign."""
    if hundredths is None:
        return "–"
    sign = "−" if hundredths < 0 else "+"
    return sign + _written(_rounded(abs(hundredths), decimals), decimals, translation.get_language())


def _rounded(hundredths: int, decimals: int) -> float:
    """Half away from zero, as the engine rounds."""
    if decimals >= 2:
        return hundredths / 100
    whole = (abs(hundredths) + 50) // 100
    return -whole if hundredths < 0 else whole


def money(minor: int, currency: str) -> str:
    """1200000 JPY is "1,200,000 JPY"; `minor` are whole minor units."""
    decimals = decimals_of(currency)
    return f"{formats.number_format(Decimal(minor).scaleb(-decimals), decimals, force_grouping=True)} {currency}"


@lru_cache(maxsize=20_000)
def _written(number: float, decimals: int, language: str | None) -> str:
    """A number as the language writes it, which is the present one; a list asks for the same few again and again."""
    return formats.number_format(number, decimals)
