"""Whom a model scores, by the same rows of conditions as a rule."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.policies import may
from leadqual.web import UserRequest, redirect_to
from scoring.forms.audience import AudienceForm
from scoring.forms.choices import guide
from scoring.forms.condition import DoesNotFit
from scoring.queries.catalog import catalog
from scoring.views.drafts import base_of
from scoring.views.groups import keep
from scoring.views.models import model_for


@may("scoring.rules.edit")
def audience(request: UserRequest, pk: int) -> HttpResponse:
    model = model_for(pk)
    offered = catalog()
    try:
        form = AudienceForm(request.POST or None, catalog=offered, document=base_of(request, model))
    except DoesNotFit:
        messages.info(request, _("This audience says more than the form can: it is edited as text."))
        return redirect_to(request, f"{model.get_absolute_url()}text/")
    return keep(request, model, form, "scoring/audience.html", {"guide": guide(offered)})
