"""The log of what was sent to destinations."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import POST, guarded
from accounts.requests import UserRequest
from notices import policies
from notices.actions.destinations import send_again
from notices.destination_words import delivery_line
from notices.forms import DeliveryForm
from notices.models import Delivery
from notices.queries import DeliveryFilter
from notices.queries import deliveries as deliveries_of
from web.pages import redirect_to, render_page
from web.paging import Cursor


@guarded(policies.DESTINATIONS)
def deliveries(request: UserRequest) -> HttpResponse:
    """Every attempt, the latest first; what is filled in wrongly filters nothing, and the form says so."""
    form = DeliveryForm(request.GET)
    form.is_valid()
    values = form.cleaned_data
    chosen = values.get("destination")
    wanted = DeliveryFilter(
        destination=chosen.pk if chosen else None,
        topic=values.get("topic") or "",
        result=values.get("result") or "",
        since=values.get("since"),
        until=values.get("until"),
    )
    page = deliveries_of(wanted, Cursor.of(request.GET))
    context = {
        "form": form,
        "lines": [delivery_line(delivery) for delivery in page.rows],
        "page": page,
        "is_filtered": wanted != DeliveryFilter(),
    }
    return render_page(request, "notices/deliveries.html", context)


@guarded(policies.DESTINATIONS, POST)
def again(request: UserRequest, pk: int) -> HttpResponse:
    """Send the message of one attempt again, under the same key."""
    delivery = get_object_or_404(Delivery.objects.select_related("message", "destination"), pk=pk)
    destination = delivery.destination
    if destination is None or not destination.is_active:
        messages.error(request, _("This destination is off. Turn it on first."))
    elif send_again(message=delivery.message, now=timezone.now()):
        messages.success(request, _("The message will be sent again within a few seconds."))
    else:
        messages.info(request, _("This message is already waiting to be sent."))
    return redirect_to(request, reverse("notices:deliveries"))
