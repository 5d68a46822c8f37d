"""The front page of Settings: what there is to set, for this person."""

from __future__ import annotations

from django.http import HttpResponse

from accounts.policies import guarded
from accounts.requests import UserRequest
from web.pages import render_page


@guarded("frame.settings")
def overview(request: UserRequest) -> HttpResponse:
    return render_page(request, "frame/settings/overview.html")
