"""Times, days and durations in the reader's words, zone and order."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

MINUTE, HOUR, DAY = 60, 3600, 86400


def in_japanese() -> bool:
    return (translation.get_language() or "").startswith("ja")


def midnight(day: date, days_later: int = 0) -> datetime:
    """When a day, or a later one, begins in the reader's zone; after the last day of the calendar its last instant."""
    try:
        return timezone.make_aware(datetime.combine(day + timedelta(days=days_later), time.min))
    except OverflowError:
        return datetime.max.replace(tzinfo=timezone.get_current_timezone())


def clock(at: datetime) -> str:
    """17:00, in the reader's zone."""
    return f"{timezone.localtime(at):%H:%M}"


def day(on: date, today: date) -> str:
    """today, tomorrow, yesterday; the weekday with the date in the same half year; else with the year."""
    distance = (on - today).days
    if distance in (-1, 0, 1):
        return {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}[distance]
    if abs(distance) < 180:
        return _written(on, "n月j日(D)" if in_japanese() else "D j M", translation.get_language())
    return _written(on, "Y年n月j日" if in_japanese() else "j M Y", translation.get_language())


@lru_cache(maxsize=20_000)
def _written(on: date, form: str, language: str | None) -> str:
    """A date in the present language, which is `language`; a list shows the same few days again and again."""
    return date_format(on, form)


def moment(at: datetime, now: datetime) -> str:
    """tomorrow 10:00; without the time of day when it is more than half a year away."""
    local, today = timezone.localtime(at).date(), timezone.localtime(now).date()
    words = day(local, today)
    return words if abs((local - today).days) >= 180 else f"{words} {clock(at)}"


def stamp(at: datetime) -> str:
    """The whole date and time, for records and for titles over the short form."""
    on, separator = timezone.localtime(at).date(), " " if in_japanese() else ", "
    day_words = _written(on, "Y年n月j日(D)" if in_japanese() else "D j M Y", translation.get_language())
    return f"{day_words}{separator}{clock(at)}"


def duration(length: timedelta | float) -> str:
    """2 h 10 min; 3 days 4 h; seconds only below one minute."""
    seconds = int(abs(length.total_seconds() if isinstance(length, timedelta) else length))
    if seconds < MINUTE:
        return pgettext("seconds", "%(n)d s") % {"n": seconds}
    days, rest = divmod(seconds, DAY)
    hours, minutes = rest // HOUR, rest % HOUR // MINUTE
    words = []
    if days:
        words.append(ngettext("%(n)d day", "%(n)d days", days) % {"n": days})
    if hours:
        words.append(pgettext("hours", "%(n)d h") % {"n": hours})
    if minutes and not days:
        words.append(pgettext("minutes", "%(n)d min") % {"n": minutes})
    return ("" if in_japanese() else " ").join(words)


def remaining(at: datetime, now: datetime) -> str:
    """How long until `at`, or since when it has passed."""
    words = {"time": duration(at - now)}
    return _("%(time)s left") % words if at >= now else _("%(time)s overdue") % words


def ago(at: datetime, now: datetime) -> str:
    if now - at < timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": duration(now - at)}


def time_tag(at: datetime, words: str) -> SafeString:
    """`words` as a <time> with the whole date in its title."""
    return SafeString(f'<time datetime="{at.isoformat()}" title="{stamp(at)}">{conditional_escape(words)}</time>')


def moment_tag(at: datetime, now: datetime) -> SafeString:
    return time_tag(at, moment(at, now))


def ago_tag(at: datetime, now: datetime) -> SafeString:
    return time_tag(at, ago(at, now))
