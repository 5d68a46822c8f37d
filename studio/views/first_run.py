"""The list of first steps."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from accounts.policies import POST, guarded
from accounts.requests import UserRequest
from studio.actions.sign_off import dismiss_first_run
from web.pages import redirect_to


@guarded("scoring.rules.edit", POST)
def dismiss(request: UserRequest) -> HttpResponse:
    """Put the list away, for this person."""
    dismiss_first_run(by=request.user)
    return redirect_to(request, reverse("studio:models"))
