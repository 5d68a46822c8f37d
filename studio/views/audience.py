"""Whom a model scores, by the same rows of conditions as a rule."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.policies import FORM, guarded
from accounts.requests import UserRequest
from scoring.forms.choices import guide
from scoring.forms.condition import FormCannotShowError
from scoring.queries.catalog import catalog
from studio.access import model_for
from studio.forms.audience import AudienceForm
from studio.views.draft_pages import edit_page, sent_draft
from web.pages import redirect_to


@guarded("scoring.rules.edit", *FORM)
def audience(request: UserRequest, pk: int) -> HttpResponse:
    draft = sent_draft(request, model_for(pk))
    known = catalog()
    try:
        form = AudienceForm(request.POST or None, catalog=known, document=draft.document)
    except FormCannotShowError:
        messages.info(request, _("This audience is too complex for the form. Edit it as text."))
        return redirect_to(request, f"{draft.model.get_absolute_url()}text/")
    return edit_page(request, draft, form, "studio/audience.html", {"guide": guide(known)})
