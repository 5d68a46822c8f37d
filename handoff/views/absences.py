"""Who is away, until when, and what becomes of their leads."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import visible_people
from accounts.enums import Role
from accounts.models import User
from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.actions.absences import UNTOUCHED, end_absence, save_absence
from handoff.forms.absence import AbsenceForm
from handoff.models import Absence
from web import formats
from web.pages import redirect_to, render_page
from web.paging import Cursor, Order, page_of

SOONEST = Order.by("starts_at")
LATEST = Order.by("-starts_at")
WORKERS = (Role.REP, Role.MANAGER, Role.OUTSOURCED)


def people_for(user: User) -> QuerySet[User]:
    """Those whose absences this person sees and enters: the own ones, a manager's team, everybody for admins."""
    return visible_people(user).filter(is_active=True).filter(Q(role__in=WORKERS) | Q(pk=user.pk))


def absences_for(user: User) -> QuerySet[Absence]:
    return Absence.objects.filter(person__in=people_for(user)).select_related("person__team")


@guarded(policies.ABSENCES)
def absences(request: UserRequest) -> HttpResponse:
    """Present and coming absences, or with `past` those that are over."""
    now, is_past = timezone.now(), "past" in request.GET
    found = absences_for(request.user)
    rows = found.filter(ends_at__lte=now) if is_past else found.filter(ends_at__gt=now)
    untouched = Count("person__handoffs", filter=Q(person__handoffs__state__in=UNTOUCHED))
    page = page_of(rows.annotate(untouched=untouched), LATEST if is_past else SOONEST, Cursor.of(request.GET))
    context = {"page": page, "now": now, "is_past": is_past, "is_now": not is_past}
    return render_page(request, "handoff/absences.html", context)


@guarded(policies.ABSENCES, *FORM)
def new(request: UserRequest) -> HttpResponse:
    return _form(request, Absence(person=request.user))


@guarded(policies.ABSENCES, *FORM)
def edit(request: UserRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(absences_for(request.user), pk=pk))


@guarded(policies.ABSENCES, POST)
def end(request: UserRequest, pk: int) -> HttpResponse:
    """Back at work, or not going away after all."""
    end_absence(absence=get_object_or_404(absences_for(request.user), pk=pk), now=timezone.now())
    messages.success(request, _("Absence ended. New leads can be assigned again."))
    return redirect_to(request, reverse("handoff:absences"))


def _form(request: UserRequest, absence: Absence) -> HttpResponse:
    now, stored = timezone.now(), absence.pk
    form = AbsenceForm(request.POST or None, instance=absence, people=people_for(request.user), now=now)
    if request.method == "POST" and form.is_valid():
        kept = get_object_or_404(Absence, pk=stored) if stored else Absence()
        returned = save_absence(absence=kept, changes=form.cleaned_data, now=now)
        messages.success(request, said(returned, form.cleaned_data["ends_at"], now))
        return redirect_to(request, reverse("handoff:absences"))
    context = {"form": form, "absence": absence, "action": request.path}
    status = 422 if form.errors else 200
    return render_page(request, "handoff/absence.html", context, part="handoff/_absence.html", status=status)


def said(moved: int, until: datetime, now: datetime, *, to: User | None = None) -> str:
    """What entering an absence has done; `to` is the stand-in who got the leads, if anybody did."""
    words = _("Absence saved. No new leads are assigned until %(time)s.") % {"time": formats.moment(until, now)}
    if not moved:
        return words
    number = {"number": formats.number(moved), "name": to}
    if to is not None:
        went = ngettext("%(number)s lead went to %(name)s.", "%(number)s leads went to %(name)s.", moved)
        return f"{words} {went % number}"
    back = ngettext("%(number)s lead is back with the team.", "%(number)s leads are back with the team.", moved)
    return f"{words} {back % number}"
