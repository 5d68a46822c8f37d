"""The sheet with which a rep goes into a call: one page, to read or to print."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.queries.dossier import Dossier, dossier_of
from handoff.queue_rows import queue_row
from leads.access import lead_for
from leads.queries.contact_data import reveal
from web import formats
from web.pages import render_page


@guarded(policies.DOSSIER)
def dossier(request: UserRequest, pk: int) -> HttpResponse:
    """`pk` is the lead's."""
    lead, now = lead_for(request.user, pk), timezone.now()
    reveal(request.user, [lead])
    sheet = dossier_of(lead, request.user, now, formats.language())
    context = {"lead": lead, "dossier": sheet, "sentence": _why_now(sheet), "now": now}
    return render_page(request, "handoff/dossier.html", context)


def _why_now(sheet: Dossier) -> str:
    """Since when the lead is hot, by which definition and rules, and what it did these days, in one sentence."""
    if sheet.panel is None:
        return ""
    now = timezone.now()
    row = queue_row(sheet.panel.row, now=now, csrf_token="", walk="")
    words = {"time": formats.moment(row.handoff.queued_at, now), "reasons": row.reasons, "deeds": row.why}
    if row.handoff.cooled_at:
        return _("Became hot %(time)s and has cooled since: %(reasons)s.") % words
    if not row.why:
        return _("Hot since %(time)s: %(reasons)s.") % words
    return _("Hot since %(time)s: %(reasons)s. Lately: %(deeds)s.") % words
