"""How one wants to be told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.policies import FORM, guarded
from accounts.requests import UserRequest
from notices import policies
from notices.actions import keep_preferences
from notices.forms import PreferenceForm
from notices.kinds import topics_for
from notices.models import MailPreference, TopicPreference
from web.pages import render_page


@guarded(policies.READ, *FORM)
def preferences(request: UserRequest) -> HttpResponse:
    """By topic: bell, mail or the daily mail; and quiet hours and the time of the daily mail."""
    user = request.user
    kept = MailPreference.objects.filter(user=user).first() or MailPreference()
    form = PreferenceForm(
        request.POST if request.method == "POST" else None,
        topics=topics_for(user.role),
        ways=dict(TopicPreference.objects.filter(user=user).values_list("topic", "way")),
        initial={name: getattr(kept, name) for name in ("mails", "quiet_from", "quiet_until", "digest_at")},
    )
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("mails", "quiet_from", "quiet_until", "digest_at")}
        keep_preferences(by=user, ways=form.ways(), **values)
        messages.success(request, _("Saved."))
        return redirect("notices:preferences")
    context = {"form": form, "topics": form.topic_fields()}
    return render_page(request, "notices/preferences.html", context, status=422 if form.errors else 200)
