"""What tools that speak as Segment send, as events of ours: identify, track, page, screen, group, alias and batches.

What becomes what stands in docs/tracking.md. Times are corrected by `sentAt`, as there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from intake.models import Site
from intake.tracking.events import WebEvent, page_type, path_of, text, type_code
from intake.tracking.filters import Sender
from intake.tracking.other_tools import Told, digest, inner, joined
from intake.tracking.touches import split, touch_of

# The short names are those of the script for browsers.
VERBS = {
    "identify": "identify", "i": "identify", "track": "track", "t": "track", "page": "page", "p": "page",
    "screen": "screen", "s": "screen", "group": "group", "g": "group", "alias": "alias", "a": "alias",
    "batch": "batch", "b": "batch", "import": "batch",
}  # fmt: skip


def messages(verb: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The messages of a request, each with its own kind; what is no object is left out."""
    if VERBS[verb] != "batch":
        return [{**body, "type": VERBS[verb]}]
    rows = body.get("batch")
    shared = inner(body, "context")
    told = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [{**row, "context": {**shared, **inner(row, "context")}} for row in told]


def sender_of(message: Mapping[str, Any], agent: str | None, address: str) -> Sender:
    """Who is meant: a server says of whom it tells, a browser is that itself."""
    context = inner(message, "context")
    return Sender(address=text(context, "ip", 60) or address, agent=text(context, "userAgent", 400) or agent)


def events_of(site: Site, told: Told) -> Iterator[WebEvent]:
    """The events that a message becomes: mostly one."""
    message = told.message
    kind = text(message, "type", 20)
    key = text(message, "messageId", 200) or digest(message)
    context = inner(message, "context")
    traits = {**inner(context, "traits"), **inner(message, "traits")} if kind != "group" else inner(context, "traits")
    anonymous, user = text(message, "anonymousId", 200), text(message, "userId", 200)
    if kind == "alias":
        anonymous = text(message, "previousId", 200)
    if traits or kind in ("identify", "alias"):
        yield from joined(key, anonymous=anonymous, user=user, traits=traits)
    if kind == "group":
        company = {"company": text(inner(message, "traits"), "name", 160)}
        yield from joined(f"{key}:group", anonymous=anonymous, user=user, traits={**traits, **company})
    if kind in ("identify", "group", "alias"):
        return
    yield told.activity(key, anonymous=anonymous, user=user, traits=traits, **activity_of(site, kind, message))


def activity_of(site: Site, kind: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """The type of an activity, what it is about, its properties and its touch."""
    properties, page = dict(inner(message, "properties")), inner(inner(message, "context"), "page")
    url = text(properties, "url", 2000) or text(page, "url", 2000)
    about = text(properties, "path", 500) or (path_of(url) if url else text(page, "path", 500))
    host = split(url).hostname or ""
    if kind == "page":
        referrer = text(properties, "referrer", 2000) or text(page, "referrer", 2000)
        title = text(properties, "title", 200) or text(page, "title", 200) or text(message, "name", 200)
        return {
            "code": page_type(site, about or "/"),
            "about": about or text(message, "name", 500),
            "properties": {"title": title, "host": host},
            "touch": touch(url, referrer, inner(inner(message, "context"), "campaign")),
        }
    if kind == "screen":
        return {"code": "page_view", "about": text(message, "name", 500), "properties": properties | {"host": "app"}}
    code = type_code(text(message, "event", 200)) if kind == "track" else kind
    return {"code": code, "about": about, "properties": properties}


def touch(url: str, referrer: str, campaign: Mapping[str, Any]) -> dict[str, str]:
    """Where a visit came from; none for a page within it: Segment does not say where visits begin."""
    told = {name: text(campaign, key, 120) for name, key in CAMPAIGN.items() if text(campaign, key, 120)}
    found = touch_of(url, referrer)
    begins = told or "click_id" in found or found.get("source") != "direct"
    return {**found, **told} if begins else {}


CAMPAIGN = {"source": "source", "medium": "medium", "campaign": "name", "term": "term", "content": "content"}
