"""Days and instants, none of them outside the century that the product keeps."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo

from django.utils.translation import gettext_lazy as _

from web.cleaning.text import CleaningError, excerpt, narrow

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
FIRST_INSTANT, LAST_INSTANT = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
OUT_OF_BOUNDS = _("Give a date between 2000-01-01 and 2100-01-01.")

JAPANESE_DATE = re.compile(
    r"(令和|平成|昭和)?\s*(\d{1,4}|元)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日(?:\s*\([月火水木金土日]\))?"
)
PLAIN_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d{2})(\d{2})")
CLOCK = re.compile(r"(\d{1,2})(?:[:時](\d{1,2}))?(?:[:分](\d{1,2}))?(?:\.\d+)?[時分秒]?")
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, None: 0}


def check_bounds(value: date | datetime) -> None:
    """Raise `out_of_bounds` for a day, or an instant with its zone, before 2000-01-01 or after 2100-01-01 (UTC)."""
    if isinstance(value, datetime):
        is_inside = FIRST_INSTANT <= value <= LAST_INSTANT
    else:
        is_inside = FIRST_DAY <= value <= LAST_DAY
    if not is_inside:
        raise CleaningError("out_of_bounds")


def clean_date(text: str) -> date:
    """2026-11-22, 2026/11/22, 2026年11月22日, 令和8年11月22日; a time of day behind it is dropped.

    Raises `date`, `no_such_date` and `out_of_bounds`.
    """
    parts = _split(text)
    if parts is None:
        raise CleaningError("date", value=excerpt(text))
    check_bounds(parts[0])
    return parts[0]


def clean_instant(text: str, zone: tzinfo | None = None) -> datetime:
    """An instant in UTC: ISO 8601, or a day as `clean_date` reads it with a time of day. `zone` is that of a text
    without one; without `zone` such a text is refused.

    Raises `time`, `no_such_date` and `out_of_bounds`.
    """
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = _written_out(text)
    if instant.tzinfo is None:
        if zone is None:
            raise CleaningError("time", value=excerpt(text))
        instant = instant.replace(tzinfo=zone)
    check_bounds(instant)
    return instant.astimezone(UTC)


def _written_out(text: str) -> datetime:
    """2026年11月22日 10時15分, 2026/11/22 9:05; what follows the day may name a zone: 2026/11/22 10:15+09:00."""
    parts = _split(text)
    if parts is None:
        raise CleaningError("time", value=excerpt(text))
    day, rest = parts
    try:
        if match := CLOCK.fullmatch(rest):
            hour, minute, second = (int(part or 0) for part in match.groups())
            return datetime.combine(day, time(hour, minute, second))
        return datetime.combine(day, time.fromisoformat(rest) if rest else time.min)
    except ValueError:
        raise CleaningError("time", value=excerpt(text)) from None


def _split(text: str) -> tuple[date, str] | None:
    """The day at the beginning, and what follows it; None where no day is written. Raises `no_such_date`."""
    plain = narrow(text)
    match = PLAIN_DATE.match(plain)
    if match:
        numbers = [int(part) for part in match.groups() if part]
    elif match := JAPANESE_DATE.match(plain):
        era, year, *rest = match.groups()
        numbers = [ERAS[era] + (1 if year == "元" else int(year)), *map(int, rest)]
    else:
        return None
    if plain[match.end() : match.end() + 1].isdigit():
        return None  # a longer number
    try:
        return date(*numbers), plain[match.end() :].lstrip(" T").strip()
    except ValueError:
        raise CleaningError("no_such_date", value=excerpt(text)) from None
