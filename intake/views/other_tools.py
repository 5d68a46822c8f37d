"""Doors for websites and servers that speak as Segment or PostHog: they change the address and the key alone."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import ParseError

from accounts.policies import open_to_all
from frame.api.parsers import strict_json
from frame.api.problems import ApiError
from intake.models import Site
from intake.tracking import posthog, segment
from intake.tracking.beacon import Beacon, Refusal, answer_headers
from intake.tracking.events import Clock, WebEvent
from intake.tracking.filters import Sender, caught
from intake.tracking.other_tools import Told
from intake.tracking.sites import is_allowed_origin, note_sightings, site_of
from intake.tracking.taking import WebBatch, take_batches
from intake.views.tracking import beacon_of, preflight_headers

MOST_BYTES = 1024 * 1024
MOST_MESSAGES = 1_000


@open_to_all
@login_not_required
@csrf_exempt
@require_http_methods(["POST", "OPTIONS"])
def segment_door(request: HttpRequest, verb: str) -> HttpResponse:
    """`/v1/identify`, `track`, `page`, `screen`, `group`, `alias`, `batch`; the write key is the user of Basic."""
    sent = beacon_of(request, most=MOST_BYTES)
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=preflight_headers(sent))
    body = read_body(sent)
    if isinstance(body, Refusal) or not isinstance(body, dict) or verb not in segment.VERBS:
        return refused(body if isinstance(body, Refusal) else Refusal(status=400, code="shape"))
    site = allowed_site(basic_user(sent) or str(body.get("writeKey") or ""), sent)
    if isinstance(site, Refusal):
        return refused(site)
    told = segment.messages(verb, body)
    if not 0 < len(told) <= MOST_MESSAGES:
        return refused(Refusal(status=400, code="batch"))
    now = timezone.now()
    batches = batches_of(
        site, sent, told, segment.events_of, segment.sender_of, now=now,
        sent_at=lambda row: row.get("sentAt") or body.get("sentAt"),
        said_at=lambda row: row.get("originalTimestamp") or row.get("timestamp"),
    )  # fmt: skip
    take_batches(batches, now=now)
    note_sightings([(site, sent.host or "Segment")], now)
    return JsonResponse({"success": True}, headers=answer_headers(sent))


@open_to_all
@login_not_required
@csrf_exempt
@require_http_methods(["POST", "OPTIONS"])
def posthog_door(request: HttpRequest) -> HttpResponse:
    """`/batch` and `/capture` (and `/e`, `/i/v0/e`, as its script for browsers sends); the key is in the body."""
    sent = beacon_of(request, most=MOST_BYTES)
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=preflight_headers(sent))
    body = read_body(sent, is_packed=request.GET.get("compression", "").startswith("gzip"))
    if isinstance(body, Refusal):
        return refused(body)
    site = allowed_site(posthog.key_of(body), sent)
    if isinstance(site, Refusal):
        return refused(site)
    told = posthog.messages(body)
    if not 0 < len(told) <= MOST_MESSAGES:
        return refused(Refusal(status=400, code="batch"))
    now = timezone.now()
    whole = body if isinstance(body, dict) else {}
    batches = batches_of(
        site, sent, told, posthog.events_of, posthog.sender_of, now=now,
        sent_at=lambda row: row.get("sent_at") or whole.get("sent_at"),
        said_at=lambda row: row.get("timestamp"),
    )  # fmt: skip
    take_batches(batches, now=now)
    note_sightings([(site, sent.host or "PostHog")], now)
    return JsonResponse({"status": "Ok"}, headers=answer_headers(sent))


def batches_of(
    site: Site,
    sent: Beacon,
    told: Iterable[Mapping[str, Any]],
    events_of: Callable[[Site, Told], Iterator[WebEvent]],
    sender_of: Callable[[Mapping[str, Any], str | None, str], Sender],
    *,
    now: datetime,
    sent_at: Callable[[Mapping[str, Any]], Any],
    said_at: Callable[[Mapping[str, Any]], Any],
) -> Iterator[WebBatch]:
    """Each message with its events, and why it is set aside, if it is. A server without an origin is no visitor."""
    is_browser = "origin" in sent.headers
    agent, address = (sent.headers.get("user-agent", ""), sent.address) if is_browser else (None, "")
    for message in told:
        clock = Clock.of(sent_at(message), now)
        events = list(events_of(site, Told(message=message, clock=clock, said_at=said_at(message))))
        yield WebBatch(site=site, events=events, caught=caught(site, sender_of(message, agent, address)))


def allowed_site(key: str, sent: Beacon) -> Site | Refusal:
    """The site of a write key; a browser must send from one of its origins."""
    site = site_of(key)
    if site is None:
        return Refusal(status=401, code="unknown_site")
    if "origin" in sent.headers and not is_allowed_origin(site, sent.headers["origin"]):
        return Refusal(status=403, code="origin")
    return site


def basic_user(sent: Beacon) -> str:
    """The user of an Authorization header of the kind Basic; "" without one."""
    scheme, _space, value = sent.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def read_body(sent: Beacon, *, is_packed: bool = False) -> Any:
    """The JSON of a body, unpacked where it is packed; a Refusal for what cannot be read."""
    body = sent.body
    if len(body) > MOST_BYTES:
        return Refusal(status=413, code="too_large")
    if is_packed or sent.headers.get("content-encoding", "").lower() == "gzip":
        unpacker = zlib.decompressobj(wbits=31)
        try:
            body = unpacker.decompress(body, MOST_BYTES + 1)
        except zlib.error:
            return Refusal(status=400, code="gzip")
        if len(body) > MOST_BYTES or unpacker.unconsumed_tail:
            return Refusal(status=413, code="too_large")
    try:
        return strict_json(body)
    except (ParseError, ApiError):
        return Refusal(status=400, code="json")


def refused(refusal: Refusal) -> HttpResponse:
    return JsonResponse({"success": False, "refused": refusal.code}, status=refusal.status)
