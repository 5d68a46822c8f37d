"""Drafts of forms, as the page asks for them and hands them in."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.utils import timezone

from accounts.drafts import draft_of, save_draft
from accounts.policies import FORM, guarded
from accounts.requests import UserRequest
from web import formats
from web.pages import render_part

PLACE = 200


@guarded("accounts.profile", *FORM)
def draft(request: UserRequest) -> HttpResponse:
    """GET: what was typed at `place`, as a line that says so; POST: keep `values` (JSON), or discard them if empty."""
    now = timezone.now()
    place = (request.POST if request.method == "POST" else request.GET).get("place", "")[:PLACE]
    if request.method == "POST":
        values = _values(request.POST.get("values", ""))
        about = request.POST.get("about", "")
        if not about.isdecimal() or len(about) > 18 or not place.startswith("/"):
            return HttpResponse(status=400)
        save_draft(by=request.user, place=place, about=int(about), values=values, now=now)
        return HttpResponse(status=204)
    found = draft_of(request.user, place, now)
    if found is None:
        return HttpResponse(status=204)
    return render_part(
        request, "accounts/_draft.html", {"time": formats.clock(found.saved_at), "values": json.dumps(found.values)}
    )


def _values(text: str) -> dict[str, str]:
    """Text by name of field; anything else is nothing."""
    try:
        values = json.loads(text[:100_000])
    except ValueError:
        return {}
    if not isinstance(values, dict):
        return {}
    return {name: value for name, value in values.items() if isinstance(value, str) and len(name) < 100}
