"""What each kind of receiver wants to be sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from notices.enums import DestinationKind
from notices.outgoing.escaping import for_chatwork, for_slack, without_calls
from notices.outgoing.posting import Post
from notices.outgoing.signing import signed_headers
from notices.outgoing.templates import filled

JSON = {"Content-Type": "application/json; charset=utf-8"}
ADAPTIVE_CARD = "application/vnd.microsoft.card.adaptive"


@dataclass(frozen=True, kw_only=True)
class Content:
    """One message in words, and what it says as values and, for templates, each of them as text.

    `key` is the same however often it is sent.
    """

    key: str
    kind: str
    line: str
    body: str
    action: str
    url: str
    told_at: datetime
    values: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Target:
    """A destination with its secrets in the clear, for as long as one message is written."""

    kind: str
    address: str
    secrets: tuple[str, ...] = ()
    template: str = ""


def post_for(target: Target, content: Content, now: datetime) -> Post:
    """What is sent to `target` at `now`."""
    return WRITERS[target.kind](target, content, now)


def slack(target: Target, content: Content, now: datetime) -> Post:
    """An incoming web hook: plain text, in which nothing is a command, and the link alone as mrkdwn."""
    blocks = [_slack_text("plain_text", text) for text in (content.line, content.body) if text]
    if content.url:
        blocks.append(_slack_text("mrkdwn", f"<{for_slack(content.url)}|{for_slack(content.action)}>"))
    return _json(target, {"text": for_slack(content.line), "mrkdwn": False, "blocks": blocks})


def _slack_text(kind: str, text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": kind, "text": text[:3000]}}


def teams(target: Target, content: Content, now: datetime) -> Post:
    """A workflow that takes an adaptive card. Text runs are not read as Markdown, text blocks would be."""
    parts = [({"weight": "Bolder", "size": "Medium"}, content.line), ({}, content.body)]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **look}]}
            for look, text in parts
            if text
        ],
    }
    if content.url:
        card["actions"] = [{"type": "Action.OpenUrl", "title": content.action, "url": content.url}]
    attachment = {"contentType": ADAPTIVE_CARD, "contentUrl": None, "content": card}
    return _json(target, {"type": "message", "attachments": [attachment]})


def chatwork(target: Target, content: Content, now: datetime) -> Post:
    """A message in a room, by Chatwork's API."""
    rest = [for_chatwork(content.body), for_chatwork(f"{content.action}: {content.url}") if content.url else ""]
    text = f"[info][title]{for_chatwork(content.line)}[/title]{chr(10).join(filter(None, rest))}[/info]"
    return Post(
        address=target.address,
        body=urlencode({"body": text, "self_unread": "1"}).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded", "X-ChatWorkToken": target.secrets[0]},
    )


def own_json(target: Target, content: Content, now: datetime) -> Post:
    """JSON in a shape of one's own."""
    values = {name: without_calls(text) for name, text in content.texts.items()}
    values |= {"line": without_calls(content.line), "body": without_calls(content.body), "kind": content.kind}
    values |= {"url": content.url, "key": content.key, "time": content.told_at.isoformat()}
    headers = {"Idempotency-Key": content.key} | ({"Authorization": target.secrets[0]} if target.secrets else {})
    return _json(target, filled(json.loads(target.template), values), headers)


def webhook(target: Target, content: Content, now: datetime) -> Post:
    """A signed event for a program, with its values as they are."""
    data = {**content.values, "line": content.line, "body": content.body, "url": content.url}
    event = {"type": content.kind, "timestamp": content.told_at.isoformat(), "data": data}
    body = json.dumps(event, ensure_ascii=False).encode()
    headers = signed_headers(key=content.key, at=now, body=body, signing_secrets=target.secrets)
    return Post(address=target.address, body=body, headers=JSON | headers)


def _json(target: Target, value: Any, headers: Mapping[str, str] | None = None) -> Post:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Post(address=target.address, body=body, headers={**JSON, **(headers or {})})


WRITERS: dict[str, Callable[[Target, Content, datetime], Post]] = {
    DestinationKind.SLACK: slack,
    DestinationKind.TEAMS: teams,
    DestinationKind.CHATWORK: chatwork,
    DestinationKind.JSON: own_json,
    DestinationKind.WEBHOOK: webhook,
}
