"""Numbers and times in templates; all of them know these without loading anything."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from web import formats

register = template.Library()

register.filter(formats.points)
register.filter(formats.signed_points)
register.filter(formats.percent)
register.filter(formats.span)
register.filter(formats.listed)
register.filter(formats.written)


@register.filter
def number(value: float | Decimal | None, decimals: int | None = None) -> str:
    """1,234,567; `number:1` has one decimal at most."""
    return formats.UNKNOWN if value is None else formats.number(value, decimals)


@register.simple_tag
def percent_span(low: float, high: float, decimals: int = 0) -> str:
    return formats.percent_span(low, high, decimals)


@register.filter
def moment(at: datetime | None) -> str | SafeString:
    """today 17:00, with the whole date in the title."""
    return formats.UNKNOWN if at is None else formats.moment_tag(at, timezone.now())


@register.filter
def ago(at: datetime | None) -> str | SafeString:
    return formats.UNKNOWN if at is None else formats.ago_tag(at, timezone.now())


@register.filter
def stamp(at: datetime | None) -> str:
    """Thu 26 Nov, 17:00, also of today."""
    return formats.UNKNOWN if at is None else formats.stamp(at, timezone.now())


@register.filter
def whole_stamp(at: datetime | None) -> str:
    """With the year, for what is printed or kept."""
    return formats.UNKNOWN if at is None else formats.whole_stamp(at)


@register.filter
def clock(at: datetime | None) -> str:
    return "" if at is None else formats.clock(at)


@register.filter
def day(on: date | datetime | None) -> str:
    """A date, or the reader's date of an instant: today, Thu 26 Nov, Fri 14 Nov 2025."""
    if on is None:
        return formats.UNKNOWN
    if isinstance(on, datetime):
        on = timezone.localtime(on).date()
    return formats.day(on, timezone.localdate())


@register.filter
def duration(length: timedelta | float | None) -> str:
    return formats.UNKNOWN if length is None else formats.duration(length)


@register.filter
def measured(length: timedelta | float | None) -> str:
    return formats.UNKNOWN if length is None else formats.measured(length)
