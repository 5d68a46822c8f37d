"""Forms: the list, the builder whose draft saves itself, publishing, and how a form gets onto a page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from intake import policies
from intake.actions.webforms import (
    DraftChangedError,
    UnsoundFormError,
    create_webform,
    publish_webform,
    rename_webform,
    save_draft,
)
from intake.forms.webform import WebFormForm, added, document_of, moved
from intake.models import WebForm
from intake.views.webform_context import builder_context, state_context
from intake.webforms.difference import differences
from intake.webforms.document import FormDocument
from intake.webforms.targets import QUESTION, targets
from web.pages import redirect_to, render_page, render_part


@guarded(policies.FORMS)
def webforms(request: UserRequest) -> HttpResponse:
    """All forms with what came in by each."""
    rows = WebForm.objects.select_related("site", "published").annotate(
        taken=Count("submissions", filter=Q(submissions__state="taken"), distinct=True),
        last=Max("submissions__received_at"),
    )
    return render_page(request, "intake/forms/list.html", {"forms": rows.order_by("-is_active", "name")})


@guarded(policies.FORMS, *FORM)
def new(request: UserRequest) -> HttpResponse:
    form = WebFormForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = create_webform(
            name=form.cleaned_data["name"], site=form.cleaned_data["site"], by=request.user, now=timezone.now()
        )
        return redirect_to(request, reverse("intake:form", args=[made.pk]))
    return render_page(request, "intake/forms/new.html", {"form": form}, status=422 if form.errors else 200)


@guarded(policies.FORMS, *FORM)
def edit(request: UserRequest, pk: int) -> HttpResponse:
    """Name, website, and whether it is in use."""
    webform = get_object_or_404(WebForm, pk=pk)
    form = WebFormForm(request.POST or None, instance=webform)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        rename_webform(form=webform, name=cleaned["name"], site=cleaned["site"], is_active=cleaned["is_active"])
        return redirect_to(request, reverse("intake:form", args=[pk]))
    context = {"form": form, "webform": webform}
    return render_page(request, "intake/forms/new.html", context, status=422 if form.errors else 200)


@guarded(policies.FORMS)
def builder(request: UserRequest, pk: int) -> HttpResponse:
    webform = get_object_or_404(WebForm.objects.select_related("site", "published"), pk=pk)
    return render_page(request, "intake/forms/builder.html", builder_context(webform))


@guarded(policies.FORMS, POST)
def save(request: UserRequest, pk: int) -> HttpResponse:
    """Keep what is typed, and do what was pressed: add a field, move or remove one. Typing gets the state back."""
    webform = get_object_or_404(WebForm.objects.select_related("site", "published"), pk=pk)
    document = document_of(request.POST, FormDocument.of(webform.draft), targets())
    do, _colon, about = request.POST.get("do", "").partition(":")
    if do == "add":
        document = _with_field(request, document, about or request.POST.get("add", ""))
    elif do in ("up", "down", "remove"):
        document = moved(document, about, do)
    context: dict[str, Any] = {}
    try:
        save_draft(form=webform, document=document, seen=_seen(request), by=request.user, now=timezone.now())
    except DraftChangedError:
        context["conflict"] = True
        webform.refresh_from_db()
    if do:
        if context:
            messages.error(request, _("Someone else has changed the draft. Check it and try again."))
        place = {"add": "#add", "up": f"#field-{about}", "down": f"#field-{about}"}.get(do, "")
        return redirect_to(request, reverse("intake:form", args=[pk]) + place)
    return render_part(request, "intake/forms/_state.html", state_context(webform) | context)


def _with_field(request: UserRequest, document: FormDocument, wanted: str) -> FormDocument:
    """The draft with one more field; what nothing is called is said."""
    if not wanted.strip():
        return document
    grown = added(document, wanted, targets())
    if grown is None:
        words = _("Nothing is called “%(name)s”. Choose from the list, or add a question of your own.")
        messages.error(request, words % {"name": wanted[:60]})
        return document
    if grown.fields[-1].writes.startswith(QUESTION):
        return grown
    if any(each.writes == grown.fields[-1].writes for each in document.fields):
        messages.error(request, _("The form asks that already."))
        return document
    return grown


def _seen(request: UserRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@guarded(policies.FORMS, *FORM)
def publish(request: UserRequest, pk: int) -> HttpResponse:
    """What would change, in words; then the press."""
    webform = get_object_or_404(WebForm.objects.select_related("site", "published"), pk=pk)
    if request.method == "POST":
        try:
            version = publish_webform(form=webform, seen=_seen(request), by=request.user, now=timezone.now())
        except DraftChangedError:
            messages.error(request, _("Someone else has changed the draft. Check it and try again."))
            return redirect_to(request, reverse("intake:form_publish", args=[pk]))
        except UnsoundFormError:
            messages.error(request, _("Something must be corrected before the form can be published."))
            return redirect_to(request, reverse("intake:form", args=[pk]))
        messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
        return redirect_to(request, reverse("intake:form_embed", args=[pk]))
    old = FormDocument.of(webform.published.document) if webform.published else None
    context = state_context(webform) | {"differences": differences(old, FormDocument.of(webform.draft))}
    return render_page(request, "intake/forms/publish.html", context)


@guarded(policies.FORMS)
def versions(request: UserRequest, pk: int) -> HttpResponse:
    """Every version with what it changed, the newest first."""
    webform = get_object_or_404(WebForm.objects.select_related("published"), pk=pk)
    rows = list(webform.versions.select_related("published_by")[:200])
    documents = [FormDocument.of(row.document) for row in rows]
    before = [*documents[1:], None]
    lines = [
        {"version": row, "differences": differences(old, new)}
        for row, new, old in zip(rows, documents, before, strict=True)
    ]
    return render_page(request, "intake/forms/versions.html", {"webform": webform, "lines": lines})


@guarded(policies.FORMS)
def embed(request: UserRequest, pk: int) -> HttpResponse:
    """The address of the form, the script for a page, and what the page's policy must allow."""
    webform = get_object_or_404(WebForm.objects.select_related("site", "published"), pk=pk)
    base = settings.BASE_URL
    context = {
        "webform": webform,
        "address": f"{base}/f/{webform.key}",
        "script": f'<script async src="{base}/f.js?form={webform.key}" data-lang="ja"></script>',
        "iframe": f'<iframe src="{base}/f/{webform.key}?lang=ja&amp;embed=1" width="100%" height="900"></iframe>',
        "directives": f"script-src {base}; frame-src {base}; connect-src {base}",
        "sightings": webform.sightings.order_by("-seen_at")[:10],
    }
    return render_page(request, "intake/forms/embed.html", context, part="intake/forms/_sightings.html")
