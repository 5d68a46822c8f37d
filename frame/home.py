"""The first page after signing in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from accounts.policies import guarded
from accounts.requests import UserRequest
from frame.navigation import SECTIONS, links_for

FirstPage = Callable[[User], str]
_first_pages: list[FirstPage] = []


def register_first_page(first_page: FirstPage) -> None:
    """Have an app say where a person begins who has something to do before anything else; "" for nothing."""
    _first_pages.append(first_page)


@guarded("accounts.profile")
def home(request: UserRequest) -> HttpResponse:
    """What has to be done first, where an app knows of it; else the first page of one's rail: the queue for sales,
    the leads for marketing."""
    for first_page in _first_pages:
        if address := first_page(request.user):
            return redirect(address)
    for _label, links in links_for(request, SECTIONS):
        return redirect(links[0].href)
    return redirect("accounts:profile")
