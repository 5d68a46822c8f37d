"""The addresses that websites use: the script, the beacon, and the page that tells visitors what is sent."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.policies import open_to_all
from intake.tracking.beacon import MOST_BYTES, Beacon, Refusal, answer_headers, read_beacon, refusal_body
from intake.tracking.script import UNKNOWN, compressed, encoding_of, script_of
from intake.tracking.sites import note_sightings, site_of
from intake.tracking.taking import take_batches
from intake.tracking.transmission import choice_words, purposes, sent_lines, stored_words
from web.client_address import client_address

JAVASCRIPT = "text/javascript; charset=utf-8"
KEPT = "public, max-age=300"


@open_to_all
@login_not_required
@require_http_methods(["GET", "HEAD"])
def script(request: HttpRequest) -> HttpResponse:
    """The script for the pages of one site."""
    site = site_of(request.GET.get("site", ""))
    if site is None:
        return HttpResponse(UNKNOWN, content_type=JAVASCRIPT, status=404)
    encoding = encoding_of(request.headers.get("Accept-Encoding", ""))
    body, name = compressed(script_of(site, url=f"{settings.BASE_URL}/t"), encoding)
    headers = {"Cache-Control": KEPT, "Vary": "Accept-Encoding", "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(body, content_type=JAVASCRIPT, headers=headers | ({"Content-Encoding": name} if name else {}))


@open_to_all
@login_not_required
@csrf_exempt
@require_http_methods(["POST", "OPTIONS"])
def beacon(request: HttpRequest) -> HttpResponse:
    """204 means: committed. (Under uvicorn `intake/tracking/door.py` answers, many requests in one transaction.)"""
    now = timezone.now()
    sent = beacon_of(request)
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=preflight_headers(sent))
    read = read_beacon(sent, now=now)
    if isinstance(read, Refusal):
        return HttpResponse(refusal_body(read), status=read.status, content_type="application/json")
    take_batches([read], now=now)
    note_sightings([(read.site, sent.host)], now)
    return HttpResponse(status=204, headers=answer_headers(sent))


def beacon_of(request: HttpRequest, *, most: int = MOST_BYTES) -> Beacon:
    """A request of Django's as the doors of websites read it."""
    return Beacon(
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.read(most + 1),
        address=client_address(
            request.META.get("REMOTE_ADDR", ""),
            request.headers.get("X-Forwarded-For", ""),
            proxies=settings.ALLAUTH_TRUSTED_PROXY_COUNT,
        ),
    )


def preflight_headers(sent: Beacon) -> dict[str, str]:
    return answer_headers(sent) | {
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "content-type, authorization",
        "Access-Control-Max-Age": "86400",
    }


@open_to_all
@login_not_required
@require_http_methods(["GET", "HEAD"])
def transmission(request: HttpRequest, key: str) -> HttpResponse:
    """What is sent where and why, for visitors of a website; `?lang=` chooses between Japanese and English."""
    site = site_of(key)
    if site is None:
        raise Http404
    languages = dict(settings.LANGUAGES)
    chosen = request.GET.get("lang", "")
    language = chosen if chosen in languages else translation.get_language()
    other = "en" if language == "ja" else "ja"
    with translation.override(language):
        context = {
            "site": site,
            "host": settings.BASE_URL.partition("//")[2],
            "sent": sent_lines(site),
            "purposes": purposes(site),
            "stored": stored_words(site),
            "choice": choice_words(site),
            "other_language": other,
            "other_language_name": {"ja": "日本語", "en": "English"}[other],
        }
        # Drawn without the request: this page sets no cookie either.
        return HttpResponse(render_to_string("intake/sites/transmission.html", context | {"frame": {"theme": ""}}))
