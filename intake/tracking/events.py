"""What a beacon says, as the API would be told: each event becomes one activity, and what it says of a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from intake.models import Site
from intake.tracking.touches import split, touch_of
from intake.tracking.traits import OURS

MOST_EVENTS = 50
VISITOR = re.compile(r"[A-Za-z0-9_-]{8,64}")
TYPE_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
# A clock that is wrong by less than this is not worth a word.
EXACT = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class WebEvent:
    """One thing that a website tells. `row` is an activity in the shape of the API, None for who only says who it is;
    `identity` names the lead in the same shape, `traits` is what is said of it, `touch` where a visit came from."""

    key: str
    identity: Mapping[str, str]
    row: Mapping[str, Any] | None = None
    traits: Mapping[str, Any] = field(default_factory=dict)
    touch: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Clock:
    """When things happened: the sender's clock, corrected by what it said when it sent and when that arrived."""

    received: datetime
    skew: timedelta = timedelta(0)

    @classmethod
    def of(cls, sent: Any, received: datetime) -> Clock:
        """`sent` is the sender's time in milliseconds or ISO 8601; without it the sender's clock is believed."""
        instant = read_instant(sent)
        return cls(received=received, skew=received - instant if instant else timedelta(0))

    def correct(self, told: Any) -> tuple[datetime, dict[str, str]]:
        """The instant meant by what the sender's clock said, and what it said itself where that differs."""
        instant = read_instant(told)
        if instant is None:
            return self.received, {}
        corrected = min(instant + self.skew, self.received)
        kept = {} if abs(corrected - instant) < EXACT else {"client_time": instant.isoformat()}
        return corrected, kept


def read_instant(value: Any) -> datetime | None:
    """Milliseconds since 1970, or ISO 8601 with a zone; None for anything else and what is out of bounds."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            instant = datetime.fromtimestamp(value / 1000, UTC)
        elif isinstance(value, str):
            instant = datetime.fromisoformat(value)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant.tzinfo and 2000 <= instant.astimezone(UTC).year < 2100 else None


def web_events(site: Site, beacon: Mapping[str, Any], visitor: str, received: datetime) -> list[WebEvent]:
    """The events of a beacon. What is no event at all is left out; what has an unknown type is kept back later."""
    clock = Clock.of(beacon.get("sent"), received)
    told = [event for event in beacon["events"] if isinstance(event, dict)]
    return [web_event(site, event, visitor, clock) for event in told]


def web_event(site: Site, event: Mapping[str, Any], visitor: str, clock: Clock) -> WebEvent:
    """One event, by its kind."""
    key, kind = text(event, "id", 60), text(event, "type", 20)
    identity = {"anonymous_id": visitor}
    at, kept = clock.correct(event.get("at"))
    url = text(event, "url", 2000)
    if kind == "identify":
        given = event.get("traits")
        said: dict[str, Any] = given if isinstance(given, dict) else {}
        return WebEvent(key=key, identity=named(identity, said), traits=said)
    maker = MAKERS.get(kind)
    code, about, properties = maker(site, event, url) if maker else (kind, path_of(url), {})
    traits = form_fields(event) if kind == "form" else {}
    touch = touch_of(url, text(event, "referrer", 2000)) if event.get("visit") is True else {}
    host = split(url).hostname or ""
    lead = named(identity, traits)
    row = {
        "key": key,
        "lead": lead,
        "type": code,
        "occurred_at": at.isoformat(),
        "object": about[:500],
        "properties": {**properties, **({"host": host} if host else {}), **touch, **kept},
    }
    return WebEvent(key=key, identity=lead, row=row, traits=traits, touch=touch)


Made = tuple[str, str, dict[str, Any]]
"""The type of an activity, what it is about, and its properties."""


def page(site: Site, event: Mapping[str, Any], url: str) -> Made:
    return page_type(site, path_of(url)), path_of(url), filled(title=text(event, "title", 200))


def dwell(site: Site, event: Mapping[str, Any], url: str) -> Made:
    seconds = event.get("seconds")
    known = isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds <= 86_400
    return "page_dwell", path_of(url), {"seconds": round(seconds)} if known and seconds else {}


def click(site: Site, event: Mapping[str, Any], url: str) -> Made:
    name = text(event, "name", 200)
    return "link_click", name or f"{split(url).hostname or ''}{path_of(url)}", {}


def download(site: Site, event: Mapping[str, Any], url: str) -> Made:
    path = path_of(url)
    named_type = page_type(site, path)
    return "file_download" if named_type == "page_view" else named_type, path, {}


def form(site: Site, event: Mapping[str, Any], url: str) -> Made:
    """A form is named after the type of activity that it is (`document_request`), else it is a submission of it."""
    name, fields = text(event, "name", 200), form_fields(event)
    about = str(fields.get("object") or "")
    rest = {key: value for key, value in fields.items() if key not in OURS and key != "object"}
    if TYPE_CODE.fullmatch(name) and "_" in name:
        return name, about or path_of(url), rest
    return "form_submit", about or name or path_of(url), rest


def custom(site: Site, event: Mapping[str, Any], url: str) -> Made:
    given = event.get("properties")
    properties = dict(given) if isinstance(given, dict) else {}
    return type_code(text(event, "name", 200)), str(properties.pop("object", "") or path_of(url)), properties


MAKERS: Mapping[str, Callable[[Site, Mapping[str, Any], str], Made]] = {
    "page": page,
    "dwell": dwell,
    "click": click,
    "download": download,
    "form": form,
    "track": custom,
}


def named(identity: Mapping[str, str], traits: Mapping[str, Any]) -> dict[str, str]:
    """The identity with the address and the id that somebody says to have."""
    names = {"email": traits.get("email"), "external_id": traits.get("external_id")}
    said = {name: str(value).strip() for name, value in names.items() if isinstance(value, str | int) and value}
    return {name: value for name, value in {**identity, **said}.items() if value}


def form_fields(event: Mapping[str, Any]) -> dict[str, Any]:
    """The marked fields of a form; only texts, and not too many."""
    given = event.get("fields")
    fields = given if isinstance(given, dict) else {}
    return {str(name)[:60]: value for name, value in list(fields.items())[:60] if isinstance(value, str) and value}


def page_type(site: Site, path: str) -> str:
    """What kind of page view this path is: the first pattern of the site that it fits says so."""
    return next((str(code) for pattern, code in site.page_types if fnmatchcase(path, str(pattern))), "page_view")


def path_of(url: str) -> str:
    """The path of an address without what follows it: that may name somebody."""
    return unquote(split(url).path) or "/"


def type_code(name: str) -> str:
    """A name such as `Demo Booked` as the code of a type: `demo_booked`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")[:40] or name[:40]


def text(values: Mapping[str, Any], name: str, most: int) -> str:
    """A text of an event, cut to its length; nothing for any other value."""
    value = values.get(name)
    return value.strip()[:most].replace("\0", "") if isinstance(value, str) else ""


def filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
