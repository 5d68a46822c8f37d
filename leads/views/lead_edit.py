from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.policies import FORM, guarded
from accounts.requests import UserRequest
from leads.access import lead_for, visible_companies, visible_leads
from leads.actions.leads import Enquiry, company_called, create_lead, update_lead
from leads.errors import FieldChangedError, LeadExistsError, PersonErasedError
from leads.forms.lead import ERASED, LeadForm, NewLeadForm
from leads.models import Lead
from leads.queries.companies import companies_by_words
from leads.queries.contact_data import reveal
from leads.queries.facts import fact_of
from leads.views.lead import fact_part
from web.pages import render_page, render_part

FROM_SEARCH = ("name", "email", "phone")


@guarded("leads.edit", *FORM)
def new(request: UserRequest) -> HttpResponse:
    number = request.GET.get("company", "")
    known = visible_companies(request.user) if number.isascii() and number.isdigit() and len(number) < 19 else None
    company = known.filter(pk=int(number)).first() if known is not None else None
    # A caller whom the search did not find is entered with what was typed there.
    initial = {name: request.GET[name].replace("\0", "")[:160] for name in FROM_SEARCH if name in request.GET}
    if company:
        initial["company_name"] = company.name
    form = NewLeadForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            lead = _create(form, request.user)
        except LeadExistsError:  # somebody was faster between the check and the writing
            form.add_error(None, _("Someone just created this lead. Look for it in the list."))
        except PersonErasedError:
            form.add_error(None, ERASED)
        else:
            messages.success(request, _("Lead created."))
            is_seen = visible_leads(request.user).filter(pk=lead.pk).exists()
            return redirect(lead) if is_seen else redirect("scoring:lead_list")
    return render_page(request, "leads/form.html", {"form": form}, status=422 if form.errors else 200)


@transaction.atomic
def _create(form: NewLeadForm, user: User) -> Lead:
    data = form.cleaned_data
    company = data["company"] or company_called(name=data["company_name"], by=user)
    enquiry = Enquiry(text=data["enquiry"], type=data["enquiry_type"]) if data["enquiry"] else None
    owner = user if user.role == Role.REP else data["owner"]
    values = form.values() | {"company": company}
    return create_lead(by=user, values=values, owner=owner, enquiry=enquiry, now=timezone.now())


@guarded("leads.edit", *FORM)
def edit(request: UserRequest, pk: int) -> HttpResponse:
    lead = lead_for(request.user, pk, write=True)
    reveal(request.user, [lead])
    form = LeadForm(request.POST or None, instance=lead, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            _update(form, lead, request.user)
        except LeadExistsError:
            form.add_error(
                None,
                _("Another lead already has this email or external ID. Merge the two leads, or enter another value."),
            )
        except PersonErasedError:
            form.add_error(None, ERASED)
        else:
            messages.success(request, _("Saved."))
            return redirect(lead)
    return render_page(request, "leads/form.html", {"form": form, "lead": lead}, status=422 if form.errors else 200)


@transaction.atomic
def _update(form: LeadForm, lead: Lead, user: User, was: dict[str, Any] | None = None) -> None:
    values = form.values()
    if "company_name" in form.cleaned_data:
        name, company = form.cleaned_data["company_name"], form.cleaned_data.get("company")
        if company is None and lead.company is not None and lead.company.name == name:
            company = lead.company  # the name was not touched: another company may bear the same one
        values["company"] = company or company_called(name=name, by=user)
    update_lead(lead=lead, values=values, by=user, was=was)


@guarded("leads.edit", *FORM)
def field(request: UserRequest, pk: int, field: str) -> HttpResponse:
    """One field in place: its form, or the field again when it is saved."""
    lead = lead_for(request.user, pk, write=True)
    reveal(request.user, [lead])
    try:
        fact = fact_of(lead, field)
    except LookupError as error:
        raise Http404 from error
    if not fact.is_editable:
        raise Http404
    names = ("company_name", "company") if field == "company" else (field,)
    form = LeadForm(request.POST or None, instance=lead, user=request.user, only=names, auto_id=f"edit-{field}-%s")
    # An empty text is a value here, and an unticked box sends nothing: what was posted counts, not whether it is true.
    form.is_bound = request.method == "POST"
    if form.is_bound and form.is_valid() and _save_field(form, lead, field, request):
        return fact_part(request, lead, field, saved=True) if field != "name" else redirect(lead)
    context = {"lead": lead, "fact": fact, "form": form, "names": [form[name] for name in names]}
    return render_part(request, "leads/_fact_form.html", context, status=422 if form.errors else 200)


def _save_field(form: LeadForm, lead: Lead, field: str, request: UserRequest) -> bool:
    """Save unless the field changed under the person's eyes, or the value belongs to another lead."""
    stored = "custom" if field.startswith("custom_") else field
    try:
        if request.POST.get("was", "") != fact_of(lead, field).raw:
            raise FieldChangedError(fact_of(lead, field).words)
        _update(form, lead, request.user, was={stored: getattr(lead, stored)})
    except FieldChangedError as conflict:
        form.add_error(
            None,
            _("Someone changed this while you were editing. It’s now: %(value)s. Save again to replace it.")
            % {"value": conflict.value or "–"},
        )
    except PersonErasedError:
        form.add_error(None, ERASED)
    except LeadExistsError:
        form.add_error(None, _("Another lead already has this value. Merge the two leads, or enter another value."))
    return not form.errors


@guarded("leads.edit")
def company_names(request: UserRequest) -> HttpResponse:
    """The options of the company field while somebody types."""
    typed = request.GET.get("company_name", "").replace("\0", "")[:200].strip()
    companies = companies_by_words(visible_companies(request.user), typed).order_by("name", "pk")
    return render_part(request, "leads/_company_names.html", {"companies": companies[:12] if typed else []})
