"""`POST /t`: what a page sends while it is read, and when it is left. Checked here, stored in batches."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from rest_framework.exceptions import ParseError

from frame.api.parsers import strict_json
from frame.api.problems import ApiError
from intake.models import DailySalt, Site
from intake.tracking.events import MOST_EVENTS, VISITOR, web_events
from intake.tracking.filters import Sender, caught
from intake.tracking.sites import host_of, is_allowed_origin, site_of
from intake.tracking.taking import WebBatch

MOST_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why nothing of a request is taken: a status and a word for whoever sets the site up."""

    status: int
    code: str


@dataclass(frozen=True, kw_only=True)
class Beacon:
    """A request as it came: its headers in small letters, its body, and the client's address."""

    headers: Mapping[str, str]
    body: bytes
    address: str

    @property
    def host(self) -> str:
        return host_of(self.headers)


def read_beacon(beacon: Beacon, *, now: datetime) -> WebBatch | Refusal:
    """What a request says, or why it is refused. Reads the site from memory; needs the database once a day."""
    if len(beacon.body) > MOST_BYTES:
        return Refusal(status=413, code="too_large")
    try:
        data = strict_json(beacon.body)
    except (ParseError, ApiError):
        return Refusal(status=400, code="json")
    events = data.get("events") if isinstance(data, dict) else None
    if not isinstance(events, list) or not 0 < len(events) <= MOST_EVENTS:
        return Refusal(status=400, code="events")
    site = site_of(str(data.get("site")))
    if site is None:
        return Refusal(status=403, code="unknown_site")
    if not is_allowed_origin(site, beacon.headers.get("origin", "")):
        return Refusal(status=403, code="origin")
    if site.needs_consent and data.get("consent") is not True:
        return Refusal(status=403, code="consent")
    agent = beacon.headers.get("user-agent", "")
    visitor = (
        str(data.get("visitor") or "") if site.uses_cookie else cookieless_visitor(site, beacon.address, agent, now)
    )
    if not VISITOR.fullmatch(visitor):
        return Refusal(status=400, code="visitor")
    sender = Sender(address=beacon.address, agent=agent, is_automated=data.get("automated") is True)
    return WebBatch(site=site, events=web_events(site, data, visitor, now), caught=caught(site, sender))


def cookieless_visitor(site: Site, address: str, agent: str, now: datetime) -> str:
    """Who this is for one day of the site's zone: a digest that nobody can make again after the day's salt is gone."""
    day = now.astimezone(ZoneInfo(site.zone)).date().isoformat()
    told = f"{site.pk}|{address}|{agent}".encode()
    return "d-" + hmac.new(daily_salt(day).encode(), told, hashlib.sha256).hexdigest()[:32]


@lru_cache(maxsize=8)
def daily_salt(day: str) -> str:
    """The salt of a day, equal in every process; made when it is first asked for."""
    DailySalt.objects.bulk_create([DailySalt(day=day, salt=secrets.token_hex(32))], ignore_conflicts=True)
    return DailySalt.objects.get(day=day).salt


def answer_headers(beacon: Beacon) -> dict[str, str]:
    """A page may read the answer, which says no more than that it was taken."""
    origin = beacon.headers.get("origin", "")
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin else {}


def refusal_body(refusal: Refusal) -> bytes:
    return json.dumps({"refused": refusal.code}).encode()
