"""Points in words a reader expects. A leaf: any module may import it."""

from __future__ import annotations

from django.utils.formats import number_format


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
