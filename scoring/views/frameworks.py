"""Frameworks: the questions that sales asks, and the answers there are."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.policies import is_allowed, may
from leadqual.web import UserRequest, redirect_to, render_page
from scoring import policies
from scoring.actions.frameworks import rename_framework
from scoring.forms.frameworks import FrameworkForm
from scoring.models import Framework


@may("scoring.rules.view")
def frameworks(request: UserRequest) -> HttpResponse:
    found = Framework.objects.prefetch_related("criteria__options").order_by("-is_active", "code")
    context = {"frameworks": found, "may_edit": is_allowed(request.user, policies.EDIT_THRESHOLDS)}
    return render_page(request, "scoring/frameworks.html", context)


@may("scoring.thresholds.edit")
def framework(request: UserRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Framework, pk=pk)
    form = FrameworkForm(request.POST or None, framework=found)
    if request.method == "POST" and form.is_valid():
        rename_framework(framework=found, names=form.names, is_active=form.cleaned_data["is_active"])
        messages.success(request, _("The framework is saved."))
        return redirect_to(request, reverse("scoring:frameworks"))
    return render_page(
        request, "scoring/framework.html", {"framework": found, "form": form}, status=422 if form.errors else 200
    )
