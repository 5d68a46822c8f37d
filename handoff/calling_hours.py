"""When a lead can be called: between 9 and 18 o'clock where the lead is.

The country of a lead says where, and in countries with several zones its region, if that is known; where several are
left, the lead is called while it is between 9 and 18 in any of them. Where no country says anything, the zone of the
team's calendar does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from handoff.region_zones import spellings, zones_of_region
from leads.models import Lead
from web import atoms, formats
from web.drawing import icon

OPENS, CLOSES = time(9), time(18)


@dataclass(frozen=True, kw_only=True)
class LocalTime:
    """What the clocks show where a lead is: one time, or from the earliest to the latest of its country."""

    earliest: datetime
    latest: datetime
    is_open: bool

    @property
    def words(self) -> str:
        """ "7:40", "17:40–22:40" """
        shown = [f"{at.hour}:{at.minute:02d}" for at in (self.earliest, self.latest)]
        return shown[0] if shown[0] == shown[1] else formats.span(shown[0], shown[1])


def local_time(country: str, otherwise: tzinfo, now: datetime, *, region: str = "") -> LocalTime:
    """The time at a lead of this country (a code) and region; in the zone `otherwise` where the code is of none."""
    zones = zones_of_region(country, region) or zones_of(country) or (otherwise,)
    times = sorted((now.astimezone(zone) for zone in zones), key=lambda at: at.replace(tzinfo=None))
    return LocalTime(earliest=times[0], latest=times[-1], is_open=any(is_open(zone, now) for zone in zones))


@cache
def zones_of(country: str) -> tuple[ZoneInfo, ...]:
    """The zones of a country by its code, as CLDR has them."""
    found = []
    for name in get_global("territory_zones").get(country.upper(), ()) if len(country) == 2 else ():
        try:
            found.append(ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError):  # older than this machine's zones
            continue
    return tuple(found)


@cache
def countries() -> tuple[str, ...]:
    """The codes of all countries whose zones are known."""
    return tuple(code for code in get_global("territory_zones") if zones_of(code))


def countries_to_leave_alone(now: datetime) -> list[str]:
    """The countries in which nobody is called at this moment."""
    return [code for code in countries() if not any(is_open(zone, now) for zone in zones_of(code))]


def regions_by_hours(country: str, now: datetime) -> dict[bool, list[str]]:
    """The known spellings of a country's regions, by whether they can be called at this moment."""
    found: dict[bool, list[str]] = {True: [], False: []}
    for spelling, zones in spellings(country).items():
        found[any(is_open(zone, now) for zone in zones)].append(spelling)
    return found


def is_open(zone: tzinfo, now: datetime) -> bool:
    """Whether it is between 9 and 18 there."""
    return OPENS <= now.astimezone(zone).time() < CLOSES


def phone_link(lead: Lead, zone: tzinfo, now: datetime, *, size: int = 14) -> SafeString:
    """The number to dial. Outside of calling hours it is grey with the time there, and takes one more press."""
    phone = atoms.as_html(lead.phone)
    there = local_time(lead.country, zone, now, region=lead.region)
    picture = icon("phone", size)
    if there.is_open:
        return SafeString(f'<a href="tel:{phone}">{picture} {phone}</a>')
    words = atoms.as_html(_("%(time)s there") % {"time": there.words})
    again = atoms.as_html(_("Press again to call"))
    return SafeString(
        f'<a class="hq-asleep" href="tel:{phone}" data-asleep="{again}">{picture} {phone} <small>{words}</small></a>'
    )
