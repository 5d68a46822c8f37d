"""The addresses of forms that visitors use: no session, no cookie. A page works without a script."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.policies import open_to_all
from intake.actions.submissions import confirm_submission, receive_submission
from intake.models import WebForm
from intake.tracking.filters import program
from intake.tracking.script import compressed, encoding_of
from intake.views.form_posts import PostedForm, language_of
from intake.webforms.counting import count, count_errors, note_sighting
from intake.webforms.document import FormDocument
from intake.webforms.embed import embed_script
from intake.webforms.guards import is_test, new_page
from intake.webforms.known import form_of, page_of
from intake.webforms.page import policy
from intake.webforms.postcodes import area_of
from web.client_address import client_address

READ, BOTH = ["GET", "HEAD"], ["GET", "HEAD", "POST"]
MOST_BYTES = 200_000
MOST_STEPS = 60
PublicView = Callable[..., HttpResponse]


def public(*methods: str) -> Callable[[PublicView], PublicView]:
    """An address for anybody: no session, so there is nothing that a foreign page could use."""

    def decorate(view: PublicView) -> PublicView:
        return open_to_all(login_not_required(csrf_exempt(require_http_methods(list(methods))(view))))

    return decorate


@public(*BOTH)
def page(request: HttpRequest, key: str) -> HttpResponse:
    """The form, and what is sent by it."""
    form = form_of(key)
    test = request.GET.get("test", "")
    testing = form is not None and is_test(form, test)
    if form is None or not (form.published or testing):
        return closed(request)
    if request.method == "POST":
        return sent(request, form, test=test if testing else "")
    document = FormDocument.of(form.draft if testing or not form.published else form.published.document)
    now = timezone.now()
    shown = PostedForm(form, document, language_of(request, document))
    if not testing and not program(request.headers.get("User-Agent", "")):
        count(form, timezone.localdate(now), views=1)
        note_sighting(form, page_of(form, request.headers.get("Referer", "")).partition("/")[0], now)
    version = form.published.number if form.published and not testing else 0
    context = page_context(request, form, test) | {
        "token": new_page(version, now).signed(form),
        "url": request.build_absolute_uri() if "embed" not in request.GET else "",
        "referrer": request.headers.get("Referer", "")[:2000],
    }
    return answer(form, shown.page.html(shown.reader.read({}).unsaid, **context))


def page_context(request: HttpRequest, form: WebForm, test: str) -> dict[str, Any]:
    return {"test": test, "is_embedded": "embed" in request.GET, "query": request.GET.urlencode()}


def sent(request: HttpRequest, form: WebForm, *, test: str) -> HttpResponse:
    """What somebody sends: refused with words beside its field, or kept and thanked for."""
    if is_foreign(request) or int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return HttpResponse(status=403 if is_foreign(request) else 413)
    now = timezone.now()
    posted = PostedForm.of(request, form, now=now, is_test=bool(test))
    answers = posted.answers
    fills = request.POST.get("fill") == "address"
    if answers.errors or fills or posted.token is None:
        shown = posted.with_address() if fills else answers
        if not (fills or test):
            count_errors(form, timezone.localdate(now), answers.errors)
        context = page_context(request, form, test) | posted.context(now)
        return answer(form, posted.page.html(shown, **context), status=200 if fills else 422)
    submission = posted.submission(client_of(request), request.headers.get("User-Agent", ""), now)
    if submission is None:
        return HttpResponse(status=429, headers={"Retry-After": "3600"})
    stored = receive_submission(submission, posted.document, now=now)
    note_sighting(form, stored.page.partition("/")[0], now)
    context = {"is_waiting": stored.state == "waiting", "is_test": stored.is_test}
    return answer(form, posted.page.thanks(**context, is_embedded="embed" in request.GET))


def answer(form: WebForm, html: str, status: int = 200) -> HttpResponse:
    headers = {"Content-Security-Policy": policy(form.site), "Cache-Control": "no-store"}
    return HttpResponse(html, status=status, headers=headers)


def closed(request: HttpRequest) -> HttpResponse:
    """A form that is not there, or not any more."""
    accepted = request.headers.get("Accept-Language", "")
    with translation.override("ja" if accepted[:2].lower() == "ja" or not accepted else "en"):
        html = render_to_string("intake/forms/page/closed.html", {"language": translation.get_language()})
    return HttpResponse(html, status=404, headers={"Content-Security-Policy": policy(None)})


def is_foreign(request: HttpRequest) -> bool:
    """Whether a page of somebody else sends this: our own page is the only one that may."""
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2].lower() != request.get_host().lower()


def client_of(request: HttpRequest) -> str:
    return client_address(
        request.META.get("REMOTE_ADDR", ""),
        request.headers.get("X-Forwarded-For", ""),
        proxies=settings.ALLAUTH_TRUSTED_PROXY_COUNT,
    )


@public("POST")
def check(request: HttpRequest, key: str) -> HttpResponse:
    """What is wrong with the field somebody leaves, and what is shown with these answers. Nothing is kept."""
    form = form_of(key)
    testing = form is not None and is_test(form, request.GET.get("test", ""))
    if form is None or not (form.published or testing) or is_foreign(request):
        return HttpResponse(status=404)
    document = FormDocument.of(form.draft if testing or not form.published else form.published.document)
    posted = PostedForm(form, document, language_of(request, document))
    with translation.override(posted.page.language):
        answers = posted.reader.read(request.POST)
    left = request.POST.get("left", "")[:60]
    error = answers.errors.get(left, "")
    if error and not testing:
        count_errors(form, timezone.localdate(), [left])
    return JsonResponse({"error": error, "hidden": sorted(answers.hidden), "required": sorted(answers.required)})


@public("POST")
def steps(request: HttpRequest, key: str) -> HttpResponse:
    """How far a visitor came, as the page tells when it is left: names of fields, nothing of what was typed."""
    form = form_of(key)
    if form is None or form.published is None or is_foreign(request):
        return HttpResponse(status=404)
    try:
        told = json.loads(request.body[:10_000])
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    if not isinstance(told, dict) or program(request.headers.get("User-Agent", "")):
        return HttpResponse(status=204)
    codes = {each.code for each in FormDocument.of(form.published.document).fields}
    day = timezone.localdate()
    reached, returned = (
        {each for each in told.get(name, [])[:MOST_STEPS] if isinstance(each, str) and each in codes}
        if isinstance(told.get(name), list)
        else set()
        for name in ("reached", "returned")
    )
    if reached:
        count(form, day, reached=1)
    for each in sorted(reached):
        count(form, day, each, reached=1, returned=int(each in returned), left=int(told.get("last") == each))
    return HttpResponse(status=204)


@public(*READ)
def postcode(request: HttpRequest) -> HttpResponse:
    """The address of a post code of Japan; an empty object for one that nobody has."""
    area = area_of(request.GET.get("code", "")[:20])
    found = {"region": area.region, "line": area.line} if area else {}
    return JsonResponse(found, headers={"Cache-Control": "public, max-age=86400"})


@public(*BOTH)
def confirm(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """The page behind the link in the mail: opening it does nothing, since scanners open links; the press does."""
    form = form_of(key)
    found = form.submissions.filter(token=token).first() if form else None
    if form is None or found is None or found.version is None:
        return closed(request)
    if request.method == "POST":
        if is_foreign(request):
            return HttpResponse(status=403)
        confirm_submission(token=token, now=timezone.now())
        found.refresh_from_db()
    shown = PostedForm(form, FormDocument.of(found.version.document), found.language)
    with translation.override(found.language):
        context = {"form": form, "texts": shown.texts, "language": found.language, "is_done": found.state != "waiting"}
        html = render_to_string("intake/forms/page/confirm.html", context)
    return answer(form, html)


@public(*READ)
def script(request: HttpRequest) -> HttpResponse:
    """What a page includes where the form should stand."""
    encoding = encoding_of(request.headers.get("Accept-Encoding", ""))
    body, name = compressed(embed_script(), encoding)
    headers = {
        "Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }  # fmt: skip
    encoded = {"Content-Encoding": name} if name else {}
    return HttpResponse(body, content_type="text/javascript; charset=utf-8", headers=headers | encoded)
