"""What pages say about a destination and about what was sent to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from notices.models import Delivery, Destination
from notices.outgoing.errors import words_for
from notices.wording import words_of
from web import formats


@dataclass(frozen=True, kw_only=True)
class DestinationState:
    """How a destination is doing: a word with the kind of its badge, and what is behind it."""

    kind: str
    word: str
    detail: str = ""


def state_of(destination: Destination, now: datetime) -> DestinationState:
    if not destination.is_active:
        reason = words_for(destination.off_reason) if destination.off_reason else ""
        return DestinationState(kind="bad" if reason else "plain", word=pgettext("destination", "Off"), detail=reason)
    if destination.is_broken:
        failed = _("The last %(n)s attempts failed.") % {"n": formats.number(destination.failures)}
        return DestinationState(kind="bad", word=_("Paused"), detail=f"{failed} {_next_attempt(destination, now)}")
    if destination.rests_at(now):
        detail = f"{_('The receiver asked to wait.')} {_next_attempt(destination, now)}"
        return DestinationState(kind="warning", word=pgettext("destination", "Waiting"), detail=detail)
    on = pgettext("destination", "On")
    if destination.failures:
        return DestinationState(kind="warning", word=on, detail=_("The last attempt failed."))
    return DestinationState(kind="good", word=on)


def _next_attempt(destination: Destination, now: datetime) -> str:
    """When the next message is tried."""
    if not destination.rests_at(now) or destination.rests_until is None:
        return _("One message will be tried next.")
    return _("Next attempt: %(when)s") % {"when": formats.moment(destination.rests_until, now)}


def delivery_line(delivery: Delivery) -> dict[str, Any]:
    """One attempt as the log shows it."""
    message = delivery.message
    is_open = message.sent_at is None and message.given_up_at is None
    return {
        "delivery": delivery,
        "what": words_of(message.kind, message.params, shared=True).line,
        "why": words_for(delivery.error) if delivery.error else "",
        "took": _("%(n)s ms") % {"n": formats.number(delivery.took_ms or 0)},
        "waits_until": message.next_at if is_open else None,
        "may_repeat": not is_open and message.kind != "notices.test",
    }
