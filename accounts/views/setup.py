"""The page on which the first administrator is made. Open only while there is nobody."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions import SetupDoneError, make_first_administrator
from accounts.forms import SetupForm
from accounts.policies import FORM, open_to_all
from accounts.setup import is_set_up, log_setup_link
from web.pages import render_page


@open_to_all
@login_not_required
@require_http_methods(FORM)
@never_cache
@sensitive_post_parameters("password", "code")
def setup(request: HttpRequest) -> HttpResponse:
    """Ask for the first administrator, make them, and sign them in. Leads to the log-in page once there is somebody.

    Outside the demo a code is asked for; whoever opens the page without it finds it in the log of this process.
    """
    if is_set_up():
        return redirect(settings.LOGIN_URL)
    asks_code = not settings.DEMO
    if asks_code and request.method == "GET" and "code" not in request.GET:
        log_setup_link()
    initial = {"code": request.GET.get("code", ""), "language": get_language(), "timezone": settings.TIME_ZONE}
    form = SetupForm(request.POST or None, initial=initial, asks_code=asks_code)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "code"}
        try:
            administrator = make_first_administrator(**values)
        except SetupDoneError as error:
            messages.error(request, str(error))
            return redirect(settings.LOGIN_URL)
        login(request, administrator, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render_page(request, "accounts/setup.html", {"form": form}, status=422 if form.errors else 200)
