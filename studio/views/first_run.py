"""The list of first steps."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.policies import may
from accounts.requests import UserRequest
from studio.actions.agreeing import dismiss_first_run
from web.pages import redirect_to


@require_POST
@may("scoring.rules.edit")
def dismiss(request: UserRequest) -> HttpResponse:
    """Put the list away, for this person."""
    dismiss_first_run(by=request.user)
    return redirect_to(request, reverse("studio:models"))
