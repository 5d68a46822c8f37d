"""Who is no visitor: programs, link previews and colleagues. What is caught is set aside with what gave it away.

Programs are known by their user agents (the list of the package `crawler-user-agents`, by its tags), by headless
browsers that say so, and by a few security gateways that the list has not.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from intake.enums import FilterReason
from intake.models import Site

# Gateways of mail and web security that open links before their readers, and name themselves.
GATEWAYS = re.compile(r"barracuda|mimecast|proofpoint|symantec|trend ?micro|zscaler|fireeye|sophos|fortinet", re.I)
PROGRAMS = {"scanner", "monitoring", "http-library", "browser-automation"}
# Nobody does more than this in a minute from one address.
MOST_A_MINUTE = 600

_minute: tuple[int, Counter[tuple[int, str]]] = (0, Counter())


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who sent something, as far as filters ask: an address, a user agent, whether a program drives the browser.

    `agent` is None where a server sends for somebody of whom it says no more.
    """

    address: str = ""
    agent: str | None = ""
    is_automated: bool = False


@dataclass(frozen=True, kw_only=True)
class Caught:
    reason: FilterReason
    mark: str


def caught(site: Site, sender: Sender) -> Caught | None:
    """Why a site sets aside what this sender sends, or None. Counts the sender."""
    is_flood = _is_flood(site, sender.address)
    for found in (
        _own_network(site, sender.address),
        None if sender.agent is None else program(sender.agent, is_automated=sender.is_automated),
        Caught(reason=FilterReason.FLOOD, mark=sender.address) if is_flood else None,
    ):
        if found is not None and found.reason in site.filters:
            return found
    return None


@lru_cache(maxsize=4096)
def program(agent: str, *, is_automated: bool = False) -> Caught | None:
    """What kind of program has this user agent; None for a browser of a person."""
    if not agent.strip():
        return Caught(reason=FilterReason.SCANNER, mark="no user agent")
    for pattern, tags in _crawlers().values():
        if found := pattern.search(agent):
            return Caught(reason=_reason(tags), mark=found[0][:60].strip("/ ") or agent[:60])
    if found := GATEWAYS.search(agent):
        return Caught(reason=FilterReason.SCANNER, mark=found[0].lower())
    return Caught(reason=FilterReason.SCANNER, mark="navigator.webdriver") if is_automated else None


@lru_cache(maxsize=1)
def _crawlers() -> Mapping[str, tuple[re.Pattern[str], frozenset[str]]]:
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA  # half a megabyte: only where somebody tracks

    return {
        crawler["pattern"]: (re.compile(crawler["pattern"]), frozenset(crawler.get("tags", ())))
        for crawler in CRAWLER_USER_AGENTS_DATA
    }


def _reason(tags: frozenset[str]) -> FilterReason:
    if "social-preview" in tags:
        return FilterReason.PREVIEW
    return FilterReason.SCANNER if tags & PROGRAMS else FilterReason.BOT


def _own_network(site: Site, address: str) -> Caught | None:
    if not site.internal_networks or not address:
        return None
    try:
        client = ipaddress.ip_address(address)
    except ValueError:
        return None
    for network in site.internal_networks:
        if client in ipaddress.ip_network(network, strict=False):
            return Caught(reason=FilterReason.INTERNAL, mark=network)
    return None


def _is_flood(site: Site, address: str) -> bool:
    """Whether this address has sent more requests in this minute, to this process, than a person can cause."""
    global _minute
    minute = int(time.monotonic() // 60)
    if _minute[0] != minute:
        _minute = minute, Counter()
    _minute[1][site.pk, address] += 1
    return _minute[1][site.pk, address] > MOST_A_MINUTE
