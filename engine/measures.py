"""Numbers, lengths of time and days as people read them, in Japanese and in English: the only place that writes them.

Text from values and nothing else: no clock, no time zone. A language is `ja`, or else English.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

MINUS = "−"
UNITS = {"day": ("day", "days", "日"), "hour": ("hour", "hours", "時間")}
WEEKDAYS = {"en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "ja": tuple("月火水木金土日")}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def number(value: float | Decimal, decimals: int | None = None) -> str:
    """`1,234,567`, `2.5` and `−40`, without zeros nobody needs.

    With `decimals` it is rounded to so many at most, half away from zero; without, every digit is written.
    """
    if isinstance(value, int):
        return f"{MINUS if value < 0 else ''}{abs(value):,}"
    text = fixed(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def fixed(value: float | Decimal, decimals: int | None) -> str:
    """As `number`, but with exactly so many decimals: what stands in a column keeps its shape."""
    exact = Decimal(str(value))
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{MINUS if exact < 0 else ''}{abs(exact):,f}"


def signed(value: float | Decimal, decimals: int | None = None) -> str:
    """What is added or taken away: `+20`, `−5`, and `0`."""
    text = number(value, decimals)
    return text if text == "0" or text.startswith(MINUS) else f"+{text}"


def span(low: str, high: str, language: str) -> str:
    """From one number to another: `50–299`, `50〜299`; `−40 to 40` where a dash would look like a minus."""
    if language == "ja":
        return f"{low}〜{high}"
    return f"{low} to {high}" if MINUS in low + high else f"{low}–{high}"


def length(amount: int, unit: str, language: str) -> str:
    """A number of days or of hours; `unit` is `day` or `hour`: `1 day`, `48 hours`, `14日`."""
    one, many, japanese = UNITS[unit]
    if language == "ja":
        return f"{number(amount)}{japanese}"
    return f"{number(amount)} {one if amount == 1 else many}"


def day(on: date, language: str, *, with_year: bool = True) -> str:
    """A day of the calendar: `Sun 28 Feb 2027`, `2027年2月28日(日)`; without the year `Sun 28 Feb`, `2月28日(日)`."""
    if language == "ja":
        return f"{f'{on.year}年' if with_year else ''}{on.month}月{on.day}日({WEEKDAYS['ja'][on.weekday()]})"
    return f"{WEEKDAYS['en'][on.weekday()]} {on.day} {MONTHS[on.month - 1]}{f' {on.year}' if with_year else ''}"
