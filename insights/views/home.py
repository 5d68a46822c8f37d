from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext

from accounts.policies import POST, guarded
from accounts.requests import UserRequest
from insights import actions, policies
from insights.demo.state import demo_job, loaded
from insights.enums import Wrong
from insights.forms import VerdictsForm
from insights.queries import DIMENSIONS, conversion_by, headline, strongest
from insights.queries.verdicts import missed, reasons, rejected, summary
from leads.models import Lead
from web.pages import redirect_to, render_page, render_part
from web.paging import Cursor, Order, page_of


@guarded(policies.REPORTS)
def home(request: UserRequest) -> HttpResponse:
    """Which leads become customers, by a dimension of the reader's choice."""
    chosen = request.GET.get("by", "")
    key = chosen if chosen in DIMENSIONS else "source"
    rows = conversion_by(request.user, DIMENSIONS[key])
    context = {
        "tabs": [(each, one.label, each == key) for each, one in DIMENSIONS.items()],
        "dimension": DIMENSIONS[key],
        "rows": rows,
        "strongest": list(strongest(rows)),
        "headline": headline(request.user),
    }
    return render_page(request, "insights/home.html", context, part="insights/_conversion.html")


@guarded(policies.REPORTS)
def verdicts(request: UserRequest) -> HttpResponse:
    """Where the rules and sales disagree: whom sales rejected, and who bought without having been hot."""
    form, user = VerdictsForm(request.GET.dict()), request.user
    since = form.since(timezone.now())
    if form.kind == Wrong.REJECTED:
        rows = rejected(user, since=since, reason=form.code)
    else:
        rows = missed(user, since=since)
    page = page_of(rows, Order.by("-decided_at"), Cursor.of(request.GET))
    context = {
        "form": form,
        "is_missed": form.kind == Wrong.MISSED,
        "page": page,
        "tabs": [(kind, kind == form.kind) for kind in Wrong],
        "summary": summary(user, since=since),
        "reasons": reasons(user, since=since) if form.kind == Wrong.REJECTED else [],
    }
    return render_page(request, "insights/verdicts.html", context)


@guarded(policies.DEMO)
def demo(request: UserRequest) -> HttpResponse:
    """The demo data of this installation: what it would make, how far it is, what it made."""
    job = demo_job()
    context = {
        "job": job,
        "is_open": job is not None and job.is_open,
        "has_failed": job is not None and job.has_failed,
        "loaded": loaded(job) if job and not job.is_open else None,
        "has_leads": Lead.objects.exists(),
    }
    return render_page(request, "insights/demo.html", context)


@guarded(policies.DEMO, POST)
def load_demo(request: UserRequest) -> HttpResponse:
    """Begin, or go on where it failed."""
    try:
        actions.start_demo(by=request.user, language=get_language() or "en", now=timezone.now())
    except actions.DemoError as refused:
        messages.warning(request, str(refused))
    return redirect_to(request, reverse("insights:demo"))


@guarded(policies.DEMO)
def demo_progress(request: UserRequest) -> HttpResponse:
    """The bar; when the job has ended, the page with what it made."""
    job = demo_job()
    if job is None or not job.is_open:
        return redirect_to(request, reverse("insights:demo"))
    return render_part(request, "insights/_demo_progress.html", {"job": job})


@guarded(policies.DEMO, POST)
def remove_demo(request: UserRequest) -> HttpResponse:
    """Take it away again."""
    try:
        gone = actions.remove_demo(by=request.user)
    except actions.DemoError as refused:
        messages.warning(request, str(refused))
    else:
        words = ngettext("%(number)d invented lead is removed.", "%(number)d invented leads are removed.", gone)
        messages.success(request, words % {"number": gone})
    return redirect_to(request, reverse("insights:demo"))
