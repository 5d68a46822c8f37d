"""Numbers, points, money, percentages, days, times and durations in the words, zone and order of whoever reads them.

Everything that a person reads is written here, or by the engine's measures on which this stands: pages (by the filters
of `web/templatetags/formats.py`), mails, exports, messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone, translation
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from engine import measures
from engine.measures import MINUS, number
from web.cldr import decimals_of

__all__ = ["MINUS", "number"]  # as the engine writes them; the rest is defined here

UNKNOWN = "–"
MINUTE, HOUR, DAY = 60, 3600, 86400


def language() -> str:
    """The reader's language: `ja`, or else `en`."""
    return "ja" if (translation.get_language() or "").startswith("ja") else "en"


# ---- numbers ----


def points(hundredths: int | None, decimals: int = 0) -> str:
    """8160 is 82; with 2 decimals 81.6, and 8200 is 82 then too. Unknown is a dash, never 0."""
    return UNKNOWN if hundredths is None else _points(abs(hundredths), decimals, MINUS if hundredths < 0 else "")


def signed_points(hundredths: int | None, decimals: int = 2) -> str:
    """What a rule gives or a score changed by: +20, −40, +12.5, and 0."""
    if hundredths is None:
        return UNKNOWN
    return _points(abs(hundredths), decimals, MINUS if hundredths < 0 else "+")


def _points(hundredths: int, decimals: int, sign: str) -> str:
    """Rounded half away from zero, as the engine rounds; nothing has no sign. Lists ask by the hundred."""
    whole, rest = divmod(hundredths, 100)
    if decimals and rest:
        return f"{sign}{number(Decimal(hundredths).scaleb(-2), decimals)}"
    whole += rest >= 50
    return f"{sign}{whole:,}" if whole else "0"


def percent(share: float | Decimal | None, decimals: int = 0) -> str:
    """92% of a hundred; with decimals exactly so many, so that a column keeps its shape."""
    return UNKNOWN if share is None else f"{measures.fixed(share, decimals)}%"


def percent_span(low: float | Decimal, high: float | Decimal, decimals: int = 0) -> str:
    """4.9–9.3%."""
    return span(measures.fixed(low, decimals), percent(high, decimals))


def span(low: str, high: str) -> str:
    """From one number in words to another: 50〜299, 50–299."""
    return measures.span(low, high, language())


def money(minor: int, currency: str) -> str:
    """An amount in whole minor units, all of which are written: 12.50 EUR; 1,200,000 JPY, 1,200,000円."""
    decimals = decimals_of(currency)
    return _money(measures.fixed(Decimal(minor).scaleb(-decimals), decimals), currency)


def whole_money(amount: int, currency: str) -> str:
    """An amount in whole units of its currency, such as a year's revenue: 1,200,000 EUR."""
    return _money(number(amount), currency)


def _money(amount: str, currency: str) -> str:
    return f"{amount}円" if currency == "JPY" and language() == "ja" else f"{amount} {currency}"


# ---- days and times ----


def clock(at: datetime) -> str:
    """17:00, in the reader's zone."""
    return f"{timezone.localtime(at):%H:%M}"


def day(on: date, today: date) -> str:
    """today, tomorrow, yesterday; else the date with its weekday, and its year where that is not today's."""
    distance = (on - today).days
    if distance in (-1, 0, 1):
        return {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}[distance]
    return dated(on, today)


def dated(on: date, today: date) -> str:
    """The date with its weekday: Thu 26 Nov; Sun 28 Feb 2027 in another year."""
    return measures.day(on, language(), with_year=on.year != today.year)


def moment(at: datetime, now: datetime) -> str:
    """tomorrow 10:00; Thu 26 Nov 18:00."""
    return f"{day(timezone.localtime(at).date(), timezone.localtime(now).date())} {clock(at)}"


def stamp(at: datetime, now: datetime | None = None) -> str:
    """The date and time of a record, as a date even when that is today's."""
    return _stamp(at, dated(timezone.localtime(at).date(), timezone.localtime(now).date()))


def whole_stamp(at: datetime) -> str:
    """The date and time with the year, whenever it is read: over a short form, and in what is kept."""
    return _stamp(at, measures.day(timezone.localtime(at).date(), language()))


def _stamp(at: datetime, on: str) -> str:
    return f"{on}{' ' if language() == 'ja' else ', '}{clock(at)}"


def sheet_time(at: datetime | None) -> str:
    """A cell of a file: what every spreadsheet takes for a time, in the reader's zone."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def sheet_points(hundredths: int) -> float:
    """A cell of a file: 82, 81.6; numbers stay numbers there."""
    return hundredths / 100 if hundredths % 100 else hundredths // 100


# ---- lengths of time ----


def duration(length: timedelta | float) -> str:
    """59 s; 2 h 10 min; from a day on whole days only."""
    seconds = int(abs(length.total_seconds() if isinstance(length, timedelta) else length))
    if seconds < MINUTE:
        return pgettext("seconds", "%(n)s s") % {"n": seconds}
    if seconds >= DAY:
        return measures.length(seconds // DAY, "day", language())
    hours, minutes = divmod(seconds // MINUTE, 60)
    words = [pgettext("hours", "%(n)s h") % {"n": hours}] if hours else []
    words += [pgettext("minutes", "%(n)s min") % {"n": minutes}] if minutes else []
    return ("" if language() == "ja" else " ").join(words)


def hours_minutes(length: timedelta) -> str:
    """Hours and minutes, of which business time has no days: 41 h 10 min; 5 min; 0 min."""
    hours, minutes = divmod(int(length.total_seconds()) // MINUTE, 60)
    words = [pgettext("hours", "%(n)s h") % {"n": number(hours)}] if hours else []
    words += [pgettext("minutes", "%(n)s min") % {"n": minutes}] if minutes or not hours else []
    return ("" if language() == "ja" else " ").join(words)


def measured(length: timedelta | float) -> str:
    """A length that was measured, such as an average, in two units also beyond a day: 59 s; 2 h 10 min; 1 d 4 h."""
    seconds = abs(length.total_seconds() if isinstance(length, timedelta) else length)
    if seconds < DAY:
        return duration(seconds)
    days, hours = divmod(int(seconds / HOUR + 0.5), 24)
    if not hours:
        return duration(days * DAY)
    words = [pgettext("days", "%(n)s d") % {"n": number(days)}, pgettext("hours", "%(n)s h") % {"n": hours}]
    return ("" if language() == "ja" else " ").join(words)


def remaining(at: datetime, now: datetime) -> str:
    """How long until `at`, or since when it has passed."""
    if abs(at - now) < timedelta(minutes=1):
        return _("just now overdue") if at < now else _("less than 1 min left")
    return left(duration(at - now), is_late=at < now)


def left(time: str, *, is_late: bool) -> str:
    """A length of time in words, and on which side of the due time it lies."""
    return (_("%(time)s overdue") if is_late else _("%(time)s left")) % {"time": time}


def ago(at: datetime, now: datetime) -> str:
    if now - at < timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": duration(now - at)}


def business_days(days: int) -> str:
    return ngettext("%(n)s business day", "%(n)s business days", days) % {"n": number(days)}


def business_hours(hours: int) -> str:
    return ngettext("%(n)s business hour", "%(n)s business hours", hours) % {"n": number(hours)}


def hours(amount: int) -> str:
    """Hours of the clock: 48 hours, also where that is two days."""
    return measures.length(amount, "hour", language())


def business_duration(minutes: int) -> str:
    """Business time of any length: 18 business hours, 45 business minutes."""
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return _("%(hours)s h %(minutes)s min of business time") % {"hours": number(hours), "minutes": rest}
    if hours:
        return business_hours(hours)
    if not rest:
        return _("less than 1 business minute")
    return ngettext("%(n)s business minute", "%(n)s business minutes", rest) % {"n": number(rest)}


def business_left(minutes: int, *, is_late: bool) -> str:
    """Business time until a due time, or since it, from a minute on: 18 business hours left, 45 business minutes
    overdue."""
    hours, rest = divmod(minutes, 60)
    words = {"n": number(hours or rest), "hours": number(hours), "minutes": rest}
    if hours and rest and is_late:
        return _("%(hours)s h %(minutes)s min of business time overdue") % words
    if hours and rest:
        return _("%(hours)s h %(minutes)s min of business time left") % words
    if hours and is_late:
        return ngettext("%(n)s business hour overdue", "%(n)s business hours overdue", hours) % words
    if hours:
        return ngettext("%(n)s business hour left", "%(n)s business hours left", hours) % words
    if is_late:
        return ngettext("%(n)s business minute overdue", "%(n)s business minutes overdue", rest) % words
    return ngettext("%(n)s business minute left", "%(n)s business minutes left", rest) % words


# ---- values of any kind ----


def listed(texts: Iterable[str]) -> str:
    """Several things in a row: with 、 between them, or a comma."""
    return ("、" if language() == "ja" else ", ").join(texts)


def written(value: object) -> str:
    """A stored value: yes, no, a number, a date, a time; text as it is, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float | Decimal):
        return number(value)
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return dated(value, timezone.localdate())
    return str(value)


# ---- in HTML ----


def time_tag(at: datetime, words: str) -> SafeString:
    """`words` as a <time> with the whole date in its title."""
    title = whole_stamp(at)
    return SafeString(f'<time datetime="{at.isoformat()}" title="{title}">{conditional_escape(words)}</time>')


def moment_tag(at: datetime, now: datetime) -> SafeString:
    return time_tag(at, moment(at, now))


def ago_tag(at: datetime, now: datetime) -> SafeString:
    return time_tag(at, ago(at, now))
