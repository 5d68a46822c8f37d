"""What people write into the log of a lead, and what they decide about one or many."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.policies import FORM, guarded, require
from accounts.requests import UserRequest
from leads import policies
from leads.access import lead_for, lead_to_log, may_edit, visible_leads
from leads.actions.activities import record_activity
from leads.actions.decisions import DECISIONS, add_note, assign_leads, decide_for_many
from leads.actions.forbidding import LIFTED, lift_fact
from leads.actions.leads import told_by
from leads.enums import ForbiddingFact
from leads.forms.bulk import chosen_leads
from leads.forms.chips import canonical
from leads.forms.record import ActivityForm, AssignLeadsForm, DecisionForm, LiftForm, NoteForm
from leads.models import Lead
from web.formats import number
from web.pages import redirect_to, render_part


def sheet(request: UserRequest, form: BaseForm, **words: Any) -> HttpResponse:
    """A form for the page's dialog; the pointer stands in its first field, not on the cross that closes it."""
    next(iter(form.fields.values())).widget.attrs["autofocus"] = True
    return render_part(request, "leads/_sheet.html", {"form": form} | words, status=422 if form.errors else 200)


def back_to(request: UserRequest, lead: Lead) -> str:
    """The lead's page as it was open: its address remembers the list one came from."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    page = lead.get_absolute_url()
    return f"{page}?{here.query}" if here.path == page and here.query else page


def _posted(request: UserRequest) -> Any:
    return request.POST if request.method == "POST" else None


@guarded("leads.log", *FORM)
def record(request: UserRequest, pk: int) -> HttpResponse:
    lead, now = lead_to_log(request.user, pk), timezone.now()
    form = ActivityForm(_posted(request), now=now)
    if form.is_valid():
        data = form.cleaned_data
        record_activity(
            lead=lead, type=data["type"], occurred_at=data["occurred_at"], source=told_by(request.user), now=now,
            object=data["object"], properties={"text": data["text"]} if data["text"] else {},
        )  # fmt: skip
        messages.success(request, _("Logged. The score updates in a moment."))
        return redirect_to(request, back_to(request, lead))
    return sheet(request, form, about=lead.pk, title=_("Log activity"), submit=_("Log"), action=request.path)


@guarded("leads.log", *FORM)
def note(request: UserRequest, pk: int) -> HttpResponse:
    lead = lead_to_log(request.user, pk)
    form = NoteForm(_posted(request))
    if form.is_valid():
        data = form.cleaned_data
        add_note(lead=lead, by=request.user, text=data["text"], topic=data["topic"], now=timezone.now())
        messages.success(request, _("Note saved."))
        return redirect_to(request, back_to(request, lead))
    return sheet(request, form, about=lead.pk, title=_("Add note"), submit=_("Save"), action=request.path)


@guarded("leads.edit", *FORM)
def decide(request: UserRequest, pk: int, what: str) -> HttpResponse:
    """Put the lead aside, or take that back."""
    lead = lead_for(request.user, pk, write=True)
    if what not in DECISIONS:
        raise Http404
    form = DecisionForm(_posted(request), what=what)
    if form.is_valid():
        moved = decide_for_many(leads=[lead], what=what, by=request.user, now=timezone.now(), **form.cleaned_data)
        tell_changed(request, moved, 1)
        return redirect_to(request, back_to(request, lead))
    return sheet(request, form, title=TITLES[what](), submit=TITLES[what](), action=request.path)


@guarded("leads.lift", *FORM)
def lift(request: UserRequest, pk: int, fact: str) -> HttpResponse:
    """Take back that the lead must not be contacted."""
    lead = lead_for(request.user, pk, write=True)
    if fact not in LIFTED:
        raise Http404
    form = LiftForm(_posted(request))
    if form.is_valid():
        chosen, now = ForbiddingFact(fact), timezone.now()
        lift_fact(lead=lead, fact=chosen, by=request.user, reason=form.cleaned_data["reason"], now=now)
        messages.success(request, _("The lead may be contacted again."))
        return redirect_to(request, back_to(request, lead))
    return sheet(request, form, title=_("Lift contact ban"), submit=_("Lift contact ban"), action=request.path)


@guarded("leads.assign", *FORM)
def assign(request: UserRequest, pk: int) -> HttpResponse:
    lead = lead_for(request.user, pk, write=True)
    form = AssignLeadsForm(_posted(request), user=request.user, initial={"owner": lead.owner})
    if form.is_valid():
        assign_leads(leads=[lead], owner=form.cleaned_data["owner"], by=request.user, now=timezone.now())
        messages.success(request, _("Owner changed."))
        # A manager who gave a lead away to another team does not see it any longer.
        seen = visible_leads(request.user).filter(pk=lead.pk).exists()
        return redirect_to(request, back_to(request, lead) if seen else reverse("scoring:lead_list"))
    return sheet(request, form, title=_("Assign"), submit=_("Assign"), action=request.path)


@guarded("leads.edit", *FORM)
def bulk(request: UserRequest, what: str) -> HttpResponse:
    """The same for all ticked rows; rows that this person may not change are left as they are and counted."""
    if what == "assign":
        require(request.user, policies.ASSIGN)
    elif what not in ("nurture", "disqualify", "reactivate"):
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    chosen = chosen_leads(given)
    form: Form = (
        AssignLeadsForm(_posted(request), user=request.user)
        if what == "assign"
        else DecisionForm(_posted(request), what=what)
    )
    if form.is_valid():
        seen, now = visible_leads(request.user).filter(pk__in=chosen), timezone.now()
        leads = [lead for lead in seen if may_edit(request.user, lead)]
        if what == "assign":
            done = assign_leads(leads=leads, owner=form.cleaned_data["owner"], by=request.user, now=now)
        else:
            done = decide_for_many(leads=leads, what=what, by=request.user, now=now, **form.cleaned_data)
        tell_changed(request, done, len(chosen))
        query = canonical(QueryDict(given.get("from", "")[:2000]))
        return redirect_to(request, reverse("scoring:lead_list") + (f"?{query}" if query else ""))
    count = ngettext("%(number)s lead", "%(number)s leads", len(chosen)) % {"number": number(len(chosen))}
    title = TITLES[what]() + pgettext("label and value", ": ") + count
    words = {"title": title, "submit": _("Apply changes"), "action": request.path}
    return sheet(request, form, leads=chosen, walk_from=given.get("from", ""), **words)


def tell_changed(request: UserRequest, done: int, asked: int) -> None:
    """Say how many of the leads changed, and why the others did not."""
    words = ngettext("%(number)s lead changed.", "%(number)s leads changed.", done) % {"number": number(done)}
    if done == asked:
        messages.success(request, words)
    else:
        left = asked - done
        more = ngettext(
            "%(number)s lead wasn’t changed: already set, a customer, or not yours to change.",
            "%(number)s leads weren’t changed: already set, customers, or not yours to change.",
            left,
        )
        messages.warning(request, f"{words} {more % {'number': number(left)}}")


TITLES = {
    "assign": lambda: _("Assign"),
    "nurture": lambda: _("Return to nurture"),
    "disqualify": lambda: _("Disqualify"),
    "reactivate": lambda: _("Reopen lead"),
}
