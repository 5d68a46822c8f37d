"""One's own preferences."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import keep_preference
from accounts.enums import RowHeight, Theme
from accounts.forms import ProfileForm
from accounts.models import User
from accounts.policies import FORM, POST, guarded, open_to_all
from accounts.requests import UserRequest
from web.pages import render_page, wants_part

A_YEAR = 365 * 24 * 3600


@guarded("accounts.profile", *FORM)
def profile(request: UserRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        translation.activate(form.instance.language or settings.LANGUAGE_CODE)
        messages.success(request, _("Profile saved."))
        return redirect("accounts:profile")
    return render_page(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


@open_to_all
@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from the next page on; a signed-in person is spoken to so everywhere."""
    code = request.POST.get("language", "")
    response = _back(request)
    if code in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            keep_preference(by=request.user, language=code)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=A_YEAR, samesite="Lax")
    return response


@open_to_all
@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    response = _back(request)
    if chosen in Theme.values:
        if isinstance(request.user, User):
            keep_preference(by=request.user, theme=chosen)
        response.set_cookie("theme", chosen, max_age=A_YEAR, samesite="Lax")
    return response


@guarded("accounts.profile", POST)
def rows(request: UserRequest) -> HttpResponse:
    chosen = request.POST.get("rows", "")
    if chosen in RowHeight.values:
        keep_preference(by=request.user, rows=chosen)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the switch stands on; an address outside this site leads to the start page."""
    if wants_part(request):
        return HttpResponse(status=204)
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponse(status=303, headers={"Location": target if safe else "/"})
