"""Days and instants, none of them outside the century that the product keeps."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext_lazy as _

from web.cleaning.text import CleaningError, excerpt, narrow

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
FIRST_INSTANT, LAST_INSTANT = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
OUT_OF_BOUNDS = _("Enter a date between 2000-01-01 and 2100-01-01.")

JAPANESE_DATE = re.compile(
    r"(令和|平成|昭和)?\s*(\d{1,4}|元)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日(?:\s*\([月火水木金土日]\))?"
)
SHORT_ERA = re.compile(r"([RHS])\s?(\d{1,2}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.IGNORECASE)
PLAIN_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d{2})(\d{2})")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
MONTHS = {name: place for place, name in enumerate(MONTH_NAMES.split(), 1)}
DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3})[a-z]*\.?,?[ -](\d{4})", re.IGNORECASE)
MONTH_DAY = re.compile(r"([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.IGNORECASE)
# Without a year; nothing but a time of day may follow, so that no year of two digits is overlooked.
ENDS = r"(?:\s*\([月火水木金土日]\))?(?=$|[ T]+\d{1,2}[:時])"
SLASHED_DAY = re.compile(rf"(\d{{1,2}})/(\d{{1,2}}){ENDS}")
JAPANESE_DAY = re.compile(rf"(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日{ENDS}")
DAY_MONTH_ALONE = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[ -]([a-z]{{3}})[a-z]*\.?{ENDS}", re.IGNORECASE)
MONTH_DAY_ALONE = re.compile(rf"([a-z]{{3}})[a-z]*\.? (\d{{1,2}})(?:st|nd|rd|th)?{ENDS}", re.IGNORECASE)
CLOCK = re.compile(
    r"(\d{1,2})(?:[:時](\d{1,2}))?(?:[:分](\d{1,2}))?(?:\.\d+)?[時分秒]?\s*([ap]\.?m\.?)?", re.IGNORECASE
)
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925, None: 0}
# Days as Excel counts them, from 2000-01-01 to 2100-01-01.
SERIAL = re.compile(r"(\d{5})(\.\d+)?")
FIRST_SERIAL, LAST_SERIAL, SERIAL_ZERO = 36526, 73051, date(1899, 12, 30)

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = ORDERS = ("dmy", "mdy", "ymd")
"""What comes first in dates such as 03/04/2026 (or 26/04/03): said once for a whole file."""
PAST, NEXT = "past", "next"
YEARS = (PAST, NEXT, *map(str, range(FIRST_DAY.year, LAST_DAY.year)))
"""The year of days written without one, such as 3/15: the nearest that is past or to come, or this one."""
YearOf = Callable[[int, int], int]


def year_of(rule: str, today: date) -> YearOf | None:
    """What tells the year of a month and a day by one of YEARS; None for "", where nobody said it."""
    if not rule:
        return None
    if rule not in (PAST, NEXT):
        return lambda month, day: int(rule)

    def nearest(month: int, day: int) -> int:
        step = -1 if rule == PAST else 1
        for year in range(today.year, today.year + 9 * step, step):  # 29 February comes after 8 years at the latest
            with suppress(ValueError):
                if (date(year, month, day) - today).days * step >= 0:
                    return year
        return today.year

    return nearest


def check_bounds(value: date | datetime) -> None:
    """Raise `out_of_bounds` for a day, or an instant with its zone, before 2000-01-01 or after 2100-01-01 (UTC)."""
    if isinstance(value, datetime):
        is_inside = FIRST_INSTANT <= value <= LAST_INSTANT
    else:
        is_inside = FIRST_DAY <= value <= LAST_DAY
    if not is_inside:
        raise CleaningError("out_of_bounds")


def clean_date(text: str, order: str = "", year: YearOf | None = None) -> date:
    """2026-11-22, 2026/11/22, 2026年11月22日, 令和8年11月22日, R8.11.22, 22 Nov 2026, 22.11.2026, 11/22/2026 and 46348,
    the number by which Excel keeps it; a time of day behind it is dropped. `order` is one of ORDERS.
    `year` tells the year of 3/15, 3月15日, 15 Mar and Mar 15.

    Raises `date`, `date_order` (03/04/2026 without an order), `no_year`, `no_such_date` and `out_of_bounds`.
    """
    parts = _split(text, order, year)
    if parts is None:
        raise CleaningError("date", value=excerpt(text))
    check_bounds(parts[0])
    return parts[0]


def clean_instant(text: str, zone: tzinfo | None = None, order: str = "", year: YearOf | None = None) -> datetime:
    """An instant in UTC: ISO 8601, or a day as `clean_date` reads it with a time of day. `zone` is that of a text
    without one; without `zone` such a text is refused.

    Raises `time`, `date_order`, `no_year`, `no_such_date` and `out_of_bounds`.
    """
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = _written_out(text, order, year)
    if instant.tzinfo is None:
        if zone is None:
            raise CleaningError("time", value=excerpt(text))
        instant = instant.replace(tzinfo=zone)
    check_bounds(instant)
    return instant.astimezone(UTC)


def possible_orders(text: str) -> set[str]:
    """Which of ORDERS make a date of a text like 13/04/2026 or 13/04; all of them where the text has no such form."""
    if bare := SLASHED_DAY.match(narrow(text)):
        first, second = int(bare[1]), int(bare[2])
        return {order for order, month in ((DAY_FIRST, second), (MONTH_FIRST, first)) if month <= 12}
    match = YEAR_LAST.match(narrow(text))
    if match is None:
        return set(ORDERS)
    orders = set()
    for order in ORDERS:
        numbers = _numbers(match, order)
        with suppress(ValueError):
            if numbers:
                date(*numbers)
                orders.add(order)
    return orders


def lacks_year(text: str) -> bool:
    """Whether a text is a day without its year."""
    plain = narrow(text)
    return any(form.match(plain) for form in (SLASHED_DAY, JAPANESE_DAY, DAY_MONTH_ALONE, MONTH_DAY_ALONE))


def _written_out(text: str, order: str, year: YearOf | None) -> datetime:
    """2026年11月22日 10時15分, 2026/11/22 9:05 PM; what follows the day may name a zone: 2026/11/22 10:15+09:00."""
    parts = _split(text, order, year)
    if parts is None:
        raise CleaningError("time", value=excerpt(text))
    day, rest = parts
    try:
        if match := CLOCK.fullmatch(rest):
            hour, minute, second = (int(part or 0) for part in match.groups()[:3])
            if half := match[4]:
                hour = hour % 12 + (12 if half[0] in "pP" else 0)
            return datetime.combine(day, time(hour, minute, second))
        return datetime.combine(day, time.fromisoformat(rest) if rest else time.min)
    except ValueError:
        raise CleaningError("time", value=excerpt(text)) from None


def _split(text: str, order: str, year: YearOf | None) -> tuple[date, str] | None:
    """The day at the beginning, and what follows it; None where no day is written.

    Raises `no_such_date`, `no_year` and `date_order`.
    """
    plain = narrow(text)
    if (match := SERIAL.fullmatch(plain)) and FIRST_SERIAL <= int(match[1]) <= LAST_SERIAL:
        seconds = round(float(match[2] or 0) * 86400)
        rest = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}" if 0 < seconds < 86400 else ""
        return SERIAL_ZERO + timedelta(days=int(match[1])), rest
    found = _without_year(plain, order, year) or _day_numbers(plain, order, text)
    if found is None:
        return None
    numbers, end = found
    if plain[end : end + 1].isdigit():
        return None  # a longer number
    try:
        return date(*numbers), plain[end:].lstrip(" T").strip()
    except ValueError:
        raise CleaningError("no_such_date", value=excerpt(text)) from None


def _without_year(plain: str, order: str, year: YearOf | None) -> tuple[tuple[int, int, int], int] | None:
    """As `_day_numbers`, of a day that is written without its year."""
    if match := SLASHED_DAY.match(plain):
        first, second = int(match[1]), int(match[2])
        known = order or (DAY_FIRST if first > 12 else MONTH_FIRST if second > 12 or first == second else "")
        if not known:
            raise CleaningError("date_order", value=excerpt(plain))
        month, day = (second, first) if known == DAY_FIRST else (first, second)
    elif match := JAPANESE_DAY.match(plain):
        month, day = int(match[1]), int(match[2])
    elif (match := DAY_MONTH_ALONE.match(plain)) and match[2].lower() in MONTHS:
        month, day = MONTHS[match[2].lower()], int(match[1])
    elif (match := MONTH_DAY_ALONE.match(plain)) and match[1].lower() in MONTHS:
        month, day = MONTHS[match[1].lower()], int(match[2])
    else:
        return None
    if year is None:
        raise CleaningError("no_year", value=excerpt(plain))
    return (year(month, day), month, day), match.end()


def _day_numbers(plain: str, order: str, text: str) -> tuple[tuple[int, int, int], int] | None:
    """Year, month and day of a date at the beginning, and where it ends."""
    if match := PLAIN_DATE.match(plain):
        year, month, day = (int(part) for part in match.groups() if part)
        return (year, month, day), match.end()
    if match := JAPANESE_DATE.match(plain) or SHORT_ERA.match(plain):
        era, year_text, month_text, day_text = match.groups()
        year = ERAS[era.upper() if era else None] + (1 if year_text == "元" else int(year_text))
        return (year, int(month_text), int(day_text)), match.end()
    if (match := DAY_MONTH.match(plain)) and (month := MONTHS.get(match[2].lower(), 0)):
        return (int(match[3]), month, int(match[1])), match.end()
    if (match := MONTH_DAY.match(plain)) and (month := MONTHS.get(match[1].lower(), 0)):
        return (int(match[3]), month, int(match[2])), match.end()
    if match := YEAR_LAST.match(plain):
        numbers = _numbers(match, order) or _numbers(match, _only_order(match))
        if numbers is None:
            raise CleaningError("date_order", value=excerpt(text))
        return numbers, match.end()
    return None


def _only_order(match: re.Match[str]) -> str:
    """The order that is sure without anybody's word: dots are European, and no month is past 12."""
    first, second = int(match[1]), int(match[3])
    if len(match[4]) == 2:
        return ""
    if match[2] == "." or first > 12:
        return DAY_FIRST
    return MONTH_FIRST if second > 12 else DAY_FIRST if first == second else ""


def _numbers(match: re.Match[str], order: str) -> tuple[int, int, int] | None:
    """Year, month and day of 03/04/2026 or 03/04/26 in this order; None where the order cannot be or is not known."""
    first, second, last = int(match[1]), int(match[3]), int(match[4])
    if order == YEAR_FIRST:
        return (2000 + first, second, last) if len(match[4]) == 2 else None
    year = last if len(match[4]) == 4 else 2000 + last
    if order == DAY_FIRST:
        return year, second, first
    return (year, first, second) if order == MONTH_FIRST else None
