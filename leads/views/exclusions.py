"""Whether a single activity counts: taken out by hand with a reason, or counted after all."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from leads.access import lead_for
from leads.actions.exclusions import exclude_activities, restore_activity
from leads.forms.record import ExclusionForm
from leads.views.decisions import back_to, sheet
from web.formats import number
from web.pages import redirect_to


@guarded("leads.edit", *FORM)
def exclude(request: UserRequest, pk: int, activity: int) -> HttpResponse:
    lead = lead_for(request.user, pk, write=True)
    form = ExclusionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = exclude_activities(
            lead=lead, activities=[activity], by=request.user, note=form.cleaned_data["note"], now=timezone.now()
        )
        if done:
            messages.success(request, _("Excluded. The score updates in a moment."))
        else:
            messages.warning(
                request,
                _("That activity is already excluded, or no longer exists. Reload the page to see the current state."),
            )
        return redirect_to(request, back_to(request, lead))
    return sheet(
        request,
        form,
        title=_("Exclude this activity from scoring"),
        submit=_("Exclude from scoring"),
        action=request.path,
    )


@guarded("leads.edit", POST)
def restore(request: UserRequest, pk: int, activity: int) -> HttpResponse:
    lead = lead_for(request.user, pk, write=True)
    done = restore_activity(lead=lead, activity=activity, by=request.user, now=timezone.now())
    if done:
        words = ngettext("%(number)s activity counts again.", "%(number)s activities count again.", done)
        messages.success(request, words % {"number": number(done)})
    else:
        messages.warning(
            request, _("That activity already counts, or no longer exists. Reload the page to see the current state.")
        )
    return redirect_to(request, back_to(request, lead))
