"""The first page after signing in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.policies import guarded
from accounts.requests import UserRequest
from frame.navigation import SECTIONS, links_for


@guarded("accounts.profile")
def home(request: UserRequest) -> HttpResponse:
    """The first page of one's rail: the queue for sales, the leads for marketing."""
    for _label, links in links_for(request, SECTIONS):
        return redirect(links[0].href)
    return redirect("accounts:profile")
