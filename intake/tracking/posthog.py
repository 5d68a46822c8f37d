"""What tools that speak as PostHog send, as events of ours: captured events, alone and in batches.

What becomes what stands in docs/tracking.md. Its own measurements (`$web_vitals` ...) say nothing of a wish to
buy and count as filtered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from intake.models import Site
from intake.tracking.events import WebEvent, page_type, path_of, text, type_code
from intake.tracking.filters import Sender
from intake.tracking.other_tools import Told, digest, inner, joined
from intake.tracking.touches import UTM, split, touch_of

PAGE, LEAVE, SCREEN, CLICK = "$pageview", "$pageleave", "$screen", "$autocapture"
PERSON = ("$identify", "$set", "$create_alias", "$groupidentify")


def messages(body: Any) -> list[dict[str, Any]]:
    """The events of a request: a list, a batch, or one alone."""
    rows = body.get("batch", [body]) if isinstance(body, dict) else body
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def key_of(body: Any) -> str:
    """The project's key, wherever the sender puts it."""
    first = body[0] if isinstance(body, list) and body else body
    if not isinstance(first, dict):
        return ""
    found = [text(first, "api_key", 60), text(first, "token", 60), text(inner(first, "properties"), "token", 60)]
    return next(filter(None, found), "")


def sender_of(message: Mapping[str, Any], agent: str | None, address: str) -> Sender:
    properties = inner(message, "properties")
    agent = text(properties, "$raw_user_agent", 400) or text(properties, "$useragent", 400) or agent
    return Sender(address=text(properties, "$ip", 60) or address, agent=agent)


def events_of(site: Site, told: Told) -> Iterator[WebEvent]:
    """The events that a message becomes; none for measurements of the tool itself."""
    message, properties = told.message, inner(told.message, "properties")
    name = text(message, "event", 200)
    key = text(message, "uuid", 200) or text(properties, "$insert_id", 200) or digest(message)
    one = text(message, "distinct_id", 200) or text(properties, "distinct_id", 200)
    user = text(properties, "$user_id", 200) or (one if properties.get("$is_identified") is True else "")
    traits = {**inner(properties, "$set_once"), **inner(properties, "$set"), **inner(message, "$set")}
    if name in PERSON:
        yield from person(name, key, one, properties, traits)
        return
    if traits:
        yield from joined(f"{key}:person", anonymous=one, user=user, traits=traits)
    if (activity := activity_of(site, name, properties)) is not None:
        yield told.activity(key, anonymous=one, user=user, traits=traits, **activity)


def person(
    name: str, key: str, one: str, properties: Mapping[str, Any], traits: Mapping[str, Any]
) -> Iterator[WebEvent]:
    """Who somebody is: the id that is sent from now on, and the one before, are the same lead's."""
    user = one if name == "$identify" else text(properties, "$user_id", 200)
    if name == "$create_alias":
        user = text(properties, "distinct_id", 200) or one
    if name == "$groupidentify":
        traits = {**traits, "company": text(inner(properties, "$group_set"), "name", 160)}
    former = text(properties, "$anon_distinct_id", 200) or text(properties, "alias", 200)
    for number, anonymous in enumerate(filter(None, (one, former))):
        yield from joined(f"{key}:{number}", anonymous=anonymous, user=user, traits=traits)


def activity_of(site: Site, name: str, properties: Mapping[str, Any]) -> dict[str, Any] | None:
    """The type of an activity, what it is about, its properties and its touch; None for what is none."""
    url = text(properties, "$current_url", 2000)
    path, host = path_of(url) if url else "", split(url).hostname or ""
    own = {key: value for key, value in properties.items() if not key.startswith("$") and key not in OTHERS}
    if name == PAGE:
        title = text(properties, "title", 200)
        touch = touch_of(url, text(properties, "$referrer", 2000).replace("$direct", ""))
        begins = touch.get("source") != "direct" or "campaign" in touch
        return {
            "code": page_type(site, path or "/"),
            "about": path,
            "properties": {"title": title, "host": host},
            "touch": touch if begins else {},
        }
    if name == LEAVE:
        seconds = properties.get("$prev_pageview_duration")
        if not isinstance(seconds, int | float) or not 0 < seconds <= 86_400:
            return None
        return {"code": "page_dwell", "about": path, "properties": {"seconds": round(seconds)}}
    if name == SCREEN:
        return {"code": "page_view", "about": text(properties, "$screen_name", 500), "properties": {"host": "app"}}
    if name == CLICK:
        to = split(text(properties, "$external_click_url", 2000))
        return {"code": "link_click", "about": f"{to.hostname}{to.path}", "properties": {}} if to.hostname else None
    return None if name.startswith("$") or not name else {"code": type_code(name), "about": path, "properties": own}


OTHERS = {"distinct_id", "token", "title", *(f"utm_{name}" for name in UTM)}
