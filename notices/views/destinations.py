"""The settings pages of destinations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from notices import policies
from notices.actions.destinations import (
    delete_destination,
    rotate_secret,
    save_destination,
    send_test,
    switch_destination,
)
from notices.destination_words import delivery_line, state_of
from notices.enums import DestinationKind
from notices.forms import HELP, DestinationForm
from notices.kinds import topic_words
from notices.models import Delivery, Destination
from notices.queries import DeliveryFilter, deliveries, waiting_messages
from web import formats
from web.pages import redirect_to, render_page

ICONS = {
    DestinationKind.SLACK: "hash",
    DestinationKind.TEAMS: "users",
    DestinationKind.CHATWORK: "messages-square",
    DestinationKind.JSON: "braces",
    DestinationKind.WEBHOOK: "webhook",
}
SHOWN_DELIVERIES = 5


@guarded(policies.DESTINATIONS)
def destinations(request: UserRequest) -> HttpResponse:
    """All of them with how they are doing, those that are off last."""
    now = timezone.now()
    rows = Destination.objects.select_related("team").order_by("-is_active", "name")
    lines = [
        {
            "row": row,
            "state": state_of(row, now),
            "topics": formats.listed(topic_words(code) for code in row.topics),
        }
        for row in rows
    ]
    return render_page(request, "notices/destinations.html", {"lines": lines})


@guarded(policies.DESTINATIONS, *FORM)
def new(request: UserRequest) -> HttpResponse:
    """First what kind, then its form."""
    kind = request.GET.get("kind", "")
    if kind not in DestinationKind.values:
        kinds = [(each, each.label, HELP[each], ICONS[each]) for each in DestinationKind]
        return render_page(request, "notices/destination_kinds.html", {"kinds": kinds})
    language = (get_language() or "ja")[:2]
    destination = Destination(kind=kind, language=language, timezone=request.user.timezone)
    form = DestinationForm(request.POST if request.method == "POST" else None, instance=destination)
    if request.method == "POST" and form.is_valid():
        secret = _save(form, request)
        if secret:
            return _show_secret(request, destination, secret)
        messages.success(request, _("Saved. Send a test message to see whether it arrives."))
        return redirect("notices:destination", destination.pk)
    context = {"form": form, "kind": DestinationKind(kind)}
    return render_page(request, "notices/destination_new.html", context, status=422 if form.errors else 200)


@guarded(policies.DESTINATIONS, *FORM)
def destination(request: UserRequest, pk: int) -> HttpResponse:
    """One destination: how it is doing, its form, and what can be done with it."""
    row = get_object_or_404(Destination, pk=pk)
    form = DestinationForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        _save(form, request)
        messages.success(request, _("Saved."))
        return redirect("notices:destination", pk)
    # A form that was refused has changed the row in memory.
    shown = Destination.objects.get(pk=pk) if form.errors else row
    context = {**_about(shown), "form": form, "tested": _tested(request, row)}
    return render_page(request, "notices/destination.html", context, status=422 if form.errors else 200)


@guarded(policies.DESTINATIONS, POST)
def test(request: UserRequest, pk: int) -> HttpResponse:
    """Send a test message; the page then shows what the receiver answered."""
    row = get_object_or_404(Destination, pk=pk)
    tested = send_test(destination=row, by=request.user, now=timezone.now())
    return redirect_to(request, f"{reverse('notices:destination', args=[pk])}?tested={tested.pk}")


@guarded(policies.DESTINATIONS, POST)
def secret(request: UserRequest, pk: int) -> HttpResponse:
    """A new signing secret, shown this once."""
    row = get_object_or_404(Destination, pk=pk, kind=DestinationKind.WEBHOOK)
    return _show_secret(request, row, rotate_secret(destination=row, by=request.user, now=timezone.now()))


@guarded(policies.DESTINATIONS, POST)
def switch(request: UserRequest, pk: int) -> HttpResponse:
    """On or off, whichever it is not."""
    row = get_object_or_404(Destination, pk=pk)
    switch_destination(destination=row, on=not row.is_active, by=request.user, now=timezone.now())
    words = _("“%(name)s” is on again.") if row.is_active else _("“%(name)s” has been turned off.")
    messages.success(request, words % {"name": row.name})
    return redirect_to(request, reverse("notices:destination", args=[pk]))


@guarded(policies.DESTINATIONS, *FORM)
def delete(request: UserRequest, pk: int) -> HttpResponse:
    """GET asks, with what is lost; POST does it."""
    row = get_object_or_404(Destination, pk=pk)
    if request.method == "POST":
        delete_destination(destination=row, by=request.user)
        messages.success(request, _("“%(name)s” has been deleted.") % {"name": row.name})
        return redirect_to(request, reverse("notices:destinations"))
    context = {
        "row": row,
        "attempts": Delivery.objects.filter(destination=row).count(),
        "waiting": waiting_messages(row).count(),
    }
    return render_page(request, "notices/destination_delete.html", context)


def _save(form: DestinationForm, request: UserRequest) -> str:
    values = form.cleaned_data
    return save_destination(destination=form.instance, by=request.user, now=timezone.now(), **values)


def _show_secret(request: UserRequest, row: Destination, secret: str) -> HttpResponse:
    return render_page(request, "notices/destination_secret.html", {"row": row, "secret": secret})


def _tested(request: UserRequest, row: Destination) -> dict[str, Any] | None:
    """What came of the test message that the address names."""
    named = request.GET.get("tested", "")
    tests = Delivery.objects.select_related("message").filter(destination=row, message__kind="notices.test")
    delivery = tests.filter(pk=named).first() if named.isascii() and named.isdigit() and len(named) < 19 else None
    return delivery_line(delivery) if delivery is not None else None


def _about(row: Destination) -> dict[str, Any]:
    """What the page of a destination says beside its form."""
    now = timezone.now()
    latest = deliveries(DeliveryFilter(destination=row.pk)).rows[:SHOWN_DELIVERIES]
    return {
        "row": row,
        "state": state_of(row, now),
        "signs": row.kind == DestinationKind.WEBHOOK,
        "both_until": row.old_secret_until if row.old_secret_until and row.old_secret_until > now else None,
        "waiting": waiting_messages(row).count(),
        "lines": [delivery_line(delivery) for delivery in latest],
    }
