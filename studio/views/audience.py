"""Whom a model scores, by the same rows of conditions as a rule."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.policies import FORM, guarded
from accounts.requests import UserRequest
from scoring.queries.catalog import catalog
from studio.forms.audience import AudienceForm
from studio.forms.choices import guide
from studio.forms.condition import FormCannotShowError
from studio.views.drafts import base_of
from studio.views.groups import keep
from studio.views.models import model_for
from web.pages import redirect_to


@guarded("scoring.rules.edit", *FORM)
def audience(request: UserRequest, pk: int) -> HttpResponse:
    model = model_for(pk)
    offered = catalog()
    try:
        form = AudienceForm(request.POST or None, catalog=offered, document=base_of(request, model))
    except FormCannotShowError:
        messages.info(request, _("This audience says more than the form can: it is edited as text."))
        return redirect_to(request, f"{model.get_absolute_url()}text/")
    return keep(request, model, form, "studio/audience.html", {"guide": guide(offered)})
