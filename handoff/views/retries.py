"""When each team calls again whom it did not reach."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.policies import FORM, guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.access import teams_to_set
from handoff.actions.settings import save_retry_plan
from handoff.forms.retries import RetryPlanForm
from handoff.retries import plans_of
from web.pages import redirect_to, render_page


@guarded(policies.RETRIES)
def retry_plans(request: UserRequest) -> HttpResponse:
    teams = list(teams_to_set(request.user))
    plans = plans_of([team.pk for team in teams])
    return render_page(request, "handoff/retries.html", {"plans": [(team, plans[team.pk]) for team in teams]})


@guarded(policies.RETRIES, *FORM)
def edit(request: UserRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(teams_to_set(request.user), pk=pk)
    form = RetryPlanForm(request.POST or None, steps=plans_of([team.pk])[team.pk])
    if request.method == "POST" and form.is_valid():
        save_retry_plan(team=team, steps=form.steps())
        messages.success(request, _("Saved. Leads that already wait keep their time."))
        return redirect_to(request, reverse("handoff:retry_plans"))
    status, context = 422 if form.errors else 200, {"form": form, "team": team}
    return render_page(request, "handoff/retry.html", context, part="handoff/_retry.html", status=status)
