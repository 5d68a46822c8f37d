"""The websites that may send: found by their write key, from memory, and which origins each of them has."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from intake.models import Site, SiteSighting

# How often a host writes that it was seen; each process for itself.
SEEN_EVERY = timedelta(seconds=5)
MOST_HOSTS = 200

_known: tuple[float, dict[str, Site]] = (0.0, {})
_seen: dict[tuple[int, str], datetime] = {}


def site_of(key: str) -> Site | None:
    """The site with this write key, if it is in use. Sites are read anew every few seconds, not for each request."""
    global _known
    if time.monotonic() - _known[0] >= settings.SITES_READ_EVERY:
        _known = time.monotonic(), {site.write_key: site for site in Site.objects.filter(is_active=True)}
    return _known[1].get(key)


def is_allowed_origin(site: Site, origin: str) -> bool:
    """Whether a page of this origin may send for the site."""
    origin = origin.lower()
    for allowed in site.allowed_origins:
        scheme, star, rest = allowed.partition("*")
        if origin == allowed or (star and origin.startswith(scheme) and _is_below(origin[len(scheme) :], rest)):
            return True
    return False


def _is_below(host: str, suffix: str) -> bool:
    """Whether `www.example.com` is below `.example.com`."""
    name = host.removesuffix(suffix)
    return host.endswith(suffix) and bool(name) and not set(name) - set("abcdefghijklmnopqrstuvwxyz0123456789-.")


def note_sightings(hosts: Iterable[tuple[Site, str]], now: datetime) -> None:
    """Remember when each host of a site last sent something, without a write for each request."""
    fresh = {}
    for site, host in hosts:
        last = _seen.get((site.pk, host))
        if host and (last is None or not last <= now < last + SEEN_EVERY):
            fresh[site.pk, host] = now
    if not fresh:
        return
    if len(_seen) > MOST_HOSTS:
        _seen.clear()
    _seen.update(fresh)
    SiteSighting.objects.bulk_create(
        [SiteSighting(site_id=site, host=host[:200], seen_at=at) for (site, host), at in sorted(fresh.items())],
        update_conflicts=True,
        unique_fields=["site", "host"],
        update_fields=["seen_at"],
    )


def host_of(headers: Mapping[str, str]) -> str:
    """The host of the page that sent a request, by its origin."""
    return urlsplit(headers.get("origin", "")).netloc.lower()
