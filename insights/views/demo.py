"""The demo data of this installation: loading it, watching it, removing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext

from accounts.policies import POST, guarded
from accounts.requests import UserRequest
from insights import actions, policies
from insights.actions import DemoError, start_demo
from insights.demo.state import demo_job, loaded_demo
from leads.models import Lead
from web.formats import number
from web.pages import redirect_to, render_page, render_part


@guarded(policies.DEMO)
def demo(request: UserRequest) -> HttpResponse:
    """The demo data of this installation: what it would make, how far it is, what it made."""
    job = demo_job()
    context = {
        "job": job,
        "is_open": job is not None and job.is_open,
        "has_failed": job is not None and job.has_failed,
        "loaded": loaded_demo(job) if job and not job.is_open else None,
        "has_leads": Lead.objects.exists(),
    }
    return render_page(request, "insights/demo.html", context)


@guarded(policies.DEMO, POST)
def load_demo(request: UserRequest) -> HttpResponse:
    """Begin, or go on where it failed."""
    try:
        start_demo(by=request.user, language=get_language() or "en", now=timezone.now())
    except DemoError as error:
        messages.warning(request, str(error))
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
        removed = actions.remove_demo(by=request.user)
    except DemoError as error:
        messages.warning(request, str(error))
    else:
        words = ngettext("%(number)s demo lead removed.", "%(number)s demo leads removed.", removed)
        messages.success(request, words % {"number": number(removed)})
    return redirect_to(request, reverse("insights:demo"))
