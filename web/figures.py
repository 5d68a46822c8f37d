"""Points and money in words a reader expects."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format

from web.cleaning import decimals_of


def points(hundredths: int | None, decimals: int = 0) -> str:
    """8200 is 82; `points:2` is 82.00. Unknown is a dash, never 0."""
    return "–" if hundredths is None else number_format(_rounded(hundredths, decimals), decimals)


def signed_points(hundredths: int | None, decimals: int = 0) -> str:
    """+20 or −40, with a true minus sign."""
    if hundredths is None:
        return "–"
    sign = "−" if hundredths < 0 else "+"
    return sign + number_format(_rounded(abs(hundredths), decimals), decimals)


def _rounded(hundredths: int, decimals: int) -> float:
    """Half away from zero, as the engine rounds."""
    if decimals >= 2:
        return hundredths / 100
    whole = (abs(hundredths) + 50) // 100
    return -whole if hundredths < 0 else whole


def money(minor: int, currency: str) -> str:
    """1200000 JPY is "1,200,000 JPY"; `minor` are whole minor units."""
    decimals = decimals_of(currency)
    return f"{number_format(Decimal(minor).scaleb(-decimals), decimals, force_grouping=True)} {currency}"
