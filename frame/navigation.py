"""The rail: which pages there are, in which order. A person sees the entries whose view would let them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policies import is_allowed
from web import formats

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """One page of the rail. `key` goes there after "g"; `bar` puts it on the bar of small screens too.

    `setting` names a setting without which the page is not there.
    """

    label: Words
    icon: str
    url: str
    key: str = ""
    bar: bool = False
    setting: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    label: Words
    entries: tuple[MenuEntry, ...]


@dataclass(frozen=True, kw_only=True)
class Link:
    """An entry with its address, for one request."""

    entry: MenuEntry
    href: str
    current: bool
    waiting: str = ""
    """How much waits there to be done, in words; "" for nothing."""


SECTIONS = (
    Section(
        label="",
        entries=(
            MenuEntry(label=_("My day"), icon="sun", url="handoff:day", key="y", bar=True),
            MenuEntry(label=_("Queue"), icon="flame", url="handoff:queue", key="q", bar=True),
            MenuEntry(label=_("To-dos"), icon="list-todo", url="handoff:todos", key="t"),
            MenuEntry(label=_("Leads"), icon="users", url="scoring:lead_list", key="l", bar=True),
            MenuEntry(label=_("Duplicates"), icon="merge", url="leads:duplicates", key="d"),
            MenuEntry(label=_("Companies"), icon="building-2", url="leads:companies", key="c"),
            MenuEntry(label=_("Imports"), icon="file-up", url="intake:imports", key="i"),
            MenuEntry(label=_("Forms"), icon="text-cursor-input", url="intake:forms"),
            MenuEntry(label=_("Intake"), icon="inbox", url="intake:monitor"),
        ),
    ),
    Section(
        label=_("Scoring"),
        entries=(
            MenuEntry(label=_("Scoring models"), icon="sliders-horizontal", url="studio:models", key="m"),
            MenuEntry(label=_("Ranking"), icon="trophy", url="scoring:ranking", key="r"),
            MenuEntry(label=_("Frameworks"), icon="list-checks", url="studio:frameworks"),
            MenuEntry(label=_("Lead definition"), icon="book-open-check", url="studio:definition"),
            MenuEntry(label=_("Hot definitions"), icon="thermometer", url="studio:hot_definitions"),
        ),
    ),
    Section(
        label=_("Hand-off"),
        entries=(
            MenuEntry(label=_("Board"), icon="columns-3", url="handoff:board", key="b", bar=True),
            MenuEntry(label=_("Team"), icon="users-round", url="handoff:team"),
            MenuEntry(label=_("Held back leads"), icon="octagon-pause", url="handoff:held_back"),
            MenuEntry(label=_("Absences"), icon="calendar-off", url="handoff:absences"),
            MenuEntry(label=_("Routing"), icon="waypoints", url="handoff:routing"),
            MenuEntry(label=_("SLA"), icon="timer", url="handoff:sla"),
        ),
    ),
    Section(
        label=_("Insights"),
        entries=(
            MenuEntry(label=_("Overview"), icon="chart-column", url="insights:home", key="o", bar=True),
            MenuEntry(label=_("Verdict review"), icon="scale", url="insights:verdicts"),
            MenuEntry(label=_("Feedback"), icon="messages-square", url="insights:feedback"),
        ),
    ),
    Section(label="", entries=(MenuEntry(label=_("Settings"), icon="settings", url="frame:settings", key="s"),)),
)

SETTINGS = (
    Section(
        label=_("Users"),
        entries=(
            MenuEntry(label=_("Users"), icon="users", url="frame:people"),
            MenuEntry(label=_("Teams"), icon="users-round", url="frame:teams"),
        ),
    ),
    Section(
        label=_("Leads"),
        entries=(
            MenuEntry(label=_("Websites"), icon="globe", url="intake:sites"),
            MenuEntry(label=_("Sources"), icon="radio-tower", url="leads:sources"),
            MenuEntry(label=_("Activity types"), icon="activity", url="leads:activity_types"),
            MenuEntry(label=_("Custom attributes"), icon="tags", url="leads:attributes"),
        ),
    ),
    Section(
        label=_("Hand-off"),
        entries=(
            MenuEntry(label=_("Calendars"), icon="calendar-days", url="handoff:calendars"),
            MenuEntry(label=_("Retry plans"), icon="phone-forwarded", url="handoff:retry_plans"),
            MenuEntry(label=_("Rejection reasons"), icon="message-square-x", url="handoff:reject_reasons"),
            MenuEntry(label=_("Reasons for lost deals"), icon="circle-x", url="handoff:lost_reasons"),
        ),
    ),
    Section(
        label=_("Notifications"),
        entries=(
            MenuEntry(label=_("Destinations"), icon="webhook", url="notices:destinations"),
            MenuEntry(label=_("Delivery log"), icon="list-checks", url="notices:deliveries"),
        ),
    ),
    Section(
        label=_("System"),
        entries=(
            MenuEntry(label=_("API keys"), icon="key-round", url="frame:api_keys"),
            MenuEntry(label=_("Audit log"), icon="scroll-text", url="accounts:audit"),
            MenuEntry(label=_("Demo data"), icon="flask-conical", url="insights:demo"),
            MenuEntry(label=_("Sent emails"), icon="mails", url="notices:sent_mails", setting="MAILBOX"),
        ),
    ),
)


# The most that the rail counts: who has more to do than that needs no exact number.
COUNTED = 99
MenuCount = Callable[[User, int], int]
_counts: dict[str, MenuCount] = {}


def register_menu_count(url: str, count: MenuCount) -> None:
    """Show beside an entry how much waits there for a person. `count` may stop at the number that it is given."""
    _counts[url] = count


def waiting_at(url: str, user: User | AnonymousUser) -> str:
    """What the rail says beside an entry: "", "7" or "99+"."""
    if url not in _counts or not isinstance(user, User):
        return ""
    number = _counts[url](user, COUNTED + 1)
    return f"{formats.number(COUNTED)}+" if number > COUNTED else formats.number(number) if number else ""


@lru_cache(maxsize=1024)
def address_of(url: str, *args: object) -> str:
    """The path of the page with this URL name and these arguments. Raises ImproperlyConfigured if nobody serves it."""
    try:
        return reverse(url, args=args)
    except NoReverseMatch as error:
        raise ImproperlyConfigured(f"a link leads to {url}, which no page is called") from error


@lru_cache(maxsize=1024)
def policy_of(url: str, *args: object) -> str:
    """The policy that guards a page, read from its view; "" where it is open to all.

    Raises ImproperlyConfigured for a name that nobody serves and for a view without a policy.
    """
    policy = getattr(resolve(address_of(url, *args)).func, "policy", None)
    if policy is None:
        raise ImproperlyConfigured(f"a link leads to {url}, whose view names no policy")
    return str(policy)


def may_open(user: User | AnonymousUser, url: str, *args: object) -> bool:
    """Whether the view with this URL name would let `user` in. Raises ImproperlyConfigured as `policy_of` does."""
    policy = policy_of(url, *args)
    return policy == "" or is_allowed(user, policy)


def is_offered(entry: MenuEntry, user: User | AnonymousUser) -> bool:
    """Whether this installation has the page of an entry, and lets `user` in."""
    return (not entry.setting or bool(getattr(settings, entry.setting))) and may_open(user, entry.url)


def links_for(request: HttpRequest, sections: tuple[Section, ...]) -> list[tuple[Words, list[Link]]]:
    """Sections with the links this person may follow; empty sections are left out.

    The link with the longest address that the present page lies under is marked as current.
    """
    allowed = [
        (
            section.label,
            [(entry, address_of(entry.url)) for entry in section.entries if is_offered(entry, request.user)],
        )
        for section in sections
    ]
    path = request.path
    addresses = [href for _label, entries in allowed for _entry, href in entries]
    current = max(
        (href for href in addresses if href == path or (href != "/" and path.startswith(href))), key=len, default=""
    )
    return [
        (label, [link_to(entry, href, request, current) for entry, href in entries])
        for label, entries in allowed
        if entries
    ]


def link_to(entry: MenuEntry, href: str, request: HttpRequest, current: str) -> Link:
    return Link(entry=entry, href=href, current=href == current, waiting=waiting_at(entry.url, request.user))


def theme_of(request: HttpRequest) -> str:
    """The person's theme, else the cookie's of somebody not signed in; read here so that nothing flashes."""
    chosen = getattr(request.user, "theme", "") or request.COOKIES.get("theme", "")
    return chosen if chosen in ("light", "dark") else "auto"


def frame(request: HttpRequest) -> dict[str, Any]:
    """What base.html needs on every page; `rail` is worked out only where it is drawn."""
    narrow = request.COOKIES.get("rail") == "narrow"
    return {
        "frame": {
            "theme": theme_of(request),
            "width": "narrow" if narrow else "wide",
            "rail": lambda: links_for(request, SECTIONS),
            "settings": lambda: links_for(request, SETTINGS),
            "mailbox": bool(settings.MAILBOX),
            "single_keys": getattr(request.user, "single_keys", True),
        }
    }
