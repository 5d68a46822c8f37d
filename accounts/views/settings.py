"""The front page of Settings: what there is to set, for this person."""

from __future__ import annotations

from django.http import HttpResponse

from accounts.policies import may
from leadqual.web import UserRequest, render_page


@may("accounts.settings")
def overview(request: UserRequest) -> HttpResponse:
    return render_page(request, "accounts/settings/overview.html")
