"""Views of the queue kept under a name: a tab with its filters, for oneself or the team."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.filters import stored_query
from handoff.queries.saved import QUEUE_PAGE
from leads.actions.filters import delete_filter, save_filter
from leads.forms.record import SavedFilterForm
from leads.models import SavedFilter
from web.pages import redirect_to, render_page


@require_http_methods(["GET", "POST"])
@guarded(policies.QUEUE, *FORM)
def save(request: UserRequest) -> HttpResponse:
    """The dialog that asks for a name; the query of the list rides along."""
    kept = SavedFilter(user=request.user, page=QUEUE_PAGE)
    form = SavedFilterForm(request.POST or None, instance=kept, initial={"query": stored_query(request.GET)})
    form.fields["is_shared"].label = _("Share with the team")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        query = stored_query(QueryDict(data["query"]))
        save_filter(by=request.user, page=QUEUE_PAGE, name=data["name"], query=query, is_shared=data["is_shared"])
        messages.success(request, _("View saved."))
        return redirect_to(request, f"{reverse('handoff:queue')}?{query}")
    status = 422 if form.errors else 200
    return render_page(request, "handoff/save_view.html", {"form": form}, part="handoff/_save_view.html", status=status)


@guarded(policies.QUEUE, POST)
def remove(request: UserRequest, pk: int) -> HttpResponse:
    saved = get_object_or_404(SavedFilter, pk=pk, user=request.user, page=QUEUE_PAGE)
    delete_filter(by=request.user, saved=saved)
    messages.success(request, _("View deleted."))
    return redirect_to(request, f"{reverse('handoff:queue')}?{saved.query}")
