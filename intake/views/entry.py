"""The fast page for cards, replies and attendance: one row after the other, Enter is the next."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import FORM, guarded
from accounts.requests import UserRequest
from intake.actions.entry import EnteredActivity, alike, enter_person
from intake.forms.entry import EntryForm
from leads.access import visible_leads
from leads.errors import LeadExistsError, PersonErasedError
from leads.models import Lead
from leads.queries.contact_data import reveal
from web.pages import render_page, render_part

PAGE, GRID = "intake/entry/page.html", "intake/entry/_grid.html"
TYPED = ("email", "name", "phone")


@guarded("leads.import", *FORM)
def entry(request: UserRequest) -> HttpResponse:
    """The grid; a row that was sent is stored at once, and an empty one follows. What is wrong keeps what was typed."""
    if request.method != "POST":
        return render_page(request, PAGE, grid(request, EntryForm(), []))
    form = EntryForm(request.POST)
    done = form.done_ids
    if form.is_valid() and (entered := _entered(request, form)) is not None:
        lead, is_new = entered
        next_row = EntryForm(initial=form.shared())
        context = grid(request, next_row, [lead.pk, *(pk for pk in done if pk != lead.pk)])
        return render_page(
            request, "intake/entry/page.html", context | {"is_new": is_new}, part="intake/entry/_grid.html"
        )
    context = grid(request, form, done)
    return render_page(request, "intake/entry/page.html", context, part="intake/entry/_grid.html", status=422)


def grid(request: UserRequest, form: EntryForm, done: list[int]) -> dict[str, Any]:
    known = visible_leads(request.user).select_related("company").in_bulk(done)
    leads = [known[pk] for pk in done if pk in known]
    reveal(request.user, leads)
    return {"form": form, "leads": leads, "done": ",".join(map(str, done))}


def _entered(request: UserRequest, form: EntryForm) -> tuple[Lead, bool] | None:
    """Store the row; None with the reason in the form."""
    cleaned = form.cleaned_data
    activity = EnteredActivity(type=cleaned["type"], object=cleaned["object"], occurred_at=form.occurred_at)
    try:
        return enter_person(
            by=request.user, values=cleaned, activity=activity, chosen=cleaned["lead"], key=str(cleaned["key"]),
            now=timezone.now(),
        )  # fmt: skip
    except LeadExistsError:
        form.add_error(
            "email", _("A lead with this value already exists and belongs to someone else. Ask your manager.")
        )
    except PersonErasedError:
        form.add_error(None, _("The person’s data was erased. The row stays out, and its cells are not kept."))
    except Http404:
        form.add_error(None, _("The lead you chose isn’t there any more. Choose again."))
    return None


@guarded("leads.import")
def similar(request: UserRequest) -> HttpResponse:
    """Who is known already and may be the one that is typed."""
    typed = {name: request.GET.get(name, "").replace("\0", "")[:160] for name in TYPED}
    leads = alike(typed, request.user)
    reveal(request.user, leads)
    return render_part(request, "intake/entry/_similar.html", {"similar": leads})
