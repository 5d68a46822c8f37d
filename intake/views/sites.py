"""A website's snippet and what was seen of it, and what its filters caught."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Max, Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.policies import POST, guarded
from accounts.requests import UserRequest
from intake import policies
from intake.enums import FilterReason
from intake.models import FilteredEvent, Site
from intake.tracking.release import release
from leads.models import ActivityType
from web import formats
from web.pages import redirect_to, render_page
from web.paging import Cursor, Order, page_of

NEWEST = Order.by("-received_at")


@guarded(policies.SITES)
def snippet(request: UserRequest, pk: int) -> HttpResponse:
    """What to paste into the pages, and which hosts have sent something since."""
    site = get_object_or_404(Site, pk=pk)
    script = f"{settings.BASE_URL}{reverse('public:script')}?site={site.write_key}"
    context = {
        "site": site,
        "snippet": f'<script async src="{script}"></script>',
        "form_mark": 'data-lq-form="document_request"',
        "field_mark": 'data-lq="email"',
        "sightings": site.sightings.order_by("-seen_at")[:10],
        "filtered": FilteredEvent.objects.filter(site=site, released_at=None).count(),
        "notice_url": f"{settings.BASE_URL}{reverse('intake:transmission', args=[site.write_key])}",
        "base_url": settings.BASE_URL,
    }
    return render_page(request, "intake/sites/snippet.html", context, part="intake/sites/_sightings.html")


@guarded(policies.SITES)
def filtered(request: UserRequest, pk: int) -> HttpResponse:
    """What the filters of a website caught, by what gave it away; one group opened shows its events."""
    site = get_object_or_404(Site, pk=pk)
    held = FilteredEvent.objects.filter(site=site, released_at=None)
    groups = (
        held.order_by().values("reason", "mark")
        .annotate(number=Count("pk"), first=Min("received_at"), last=Max("received_at"))
        .order_by("-number", "reason", "mark")[:200]
    )  # fmt: skip
    context = {
        "site": site,
        "groups": [group | {"label": FilterReason(group["reason"]).label} for group in groups],
    }
    reason, mark = request.GET.get("reason", ""), request.GET.get("mark", "").replace("\0", "")[:200]
    if reason in FilterReason.values:
        page = page_of(held.filter(reason=reason, mark=mark), NEWEST, Cursor.of(request.GET))
        types = {kind.code: str(kind) for kind in ActivityType.objects.all()}
        events = [
            (row.received_at, types.get(row.row["type"], row.row["type"]), row.row["object"]) for row in page.rows
        ]
        context |= {"events": events, "page": page, "opened": FilterReason(reason).label, "mark": mark}
    return render_page(request, "intake/sites/filtered.html", context)


@guarded(policies.SITES, POST)
def let_through(request: UserRequest, pk: int) -> HttpResponse:
    """Take in what a filter caught, as if it had not; nothing is taken in twice."""
    site = get_object_or_404(Site, pk=pk)
    reason, mark = request.POST.get("reason", ""), request.POST.get("mark", "").replace("\0", "")[:200]
    number = release(site=site, reason=reason, mark=mark, now=timezone.now())
    words = ngettext("%(n)s event was released.", "%(n)s events were released.", number)
    messages.success(request, words % {"n": formats.number(number)} if number else _("There was nothing to release."))
    return redirect_to(request, reverse("intake:filtered", args=[site.pk]))
