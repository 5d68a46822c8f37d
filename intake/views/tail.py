"""The newest events as they come in, and a test event that shows its whole way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy

from accounts.policies import FORM, guarded, is_allowed
from accounts.requests import UserRequest
from intake import policies
from intake.actions.doors import take_in_activities
from intake.enums import DoorKind
from intake.incoming import DoorName
from intake.kept_words import masked
from intake.models import Door, KeptEvent
from intake.queries.tail import TailRow, tail
from leads.access import SEES_ALL, visible_leads
from leads.models import ActivityKey, ActivityType
from leads.queries.contact_data import reveal
from leads.wording import source as source_words
from web.pages import render_page

TEST = DoorName(kind=DoorKind.API, source="test", name="Test")
OUTCOMES = {"": gettext_lazy("All"), "taken": gettext_lazy("Taken in"), "kept": gettext_lazy("Kept back")}


class TestEventForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("Email"), initial="test@example.com")
    type = forms.ChoiceField(label=gettext_lazy("Activity type"))
    object = forms.CharField(
        label=gettext_lazy("Page or document"), max_length=200, required=False, initial="/test"
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = ActivityType.objects.filter(is_active=True)
        self.fields["type"].choices = [(kind.code, str(kind)) for kind in types]  # type: ignore[attr-defined]


@guarded(policies.SEE_INTAKE)
def newest(request: UserRequest) -> HttpResponse:
    """The last hundred events, renewed while nobody pauses; those of one door, or of one outcome, if asked."""
    doors, asked = list(Door.objects.all()), request.GET
    chosen = [door for door in doors if str(door.pk) == asked.get("door")]
    outcome = asked.get("outcome", "") if asked.get("outcome", "") in OUTCOMES else ""
    rows = tail([door.source for door in chosen or doors], outcome=outcome)
    context = {
        "rows": shown(request, rows, {door.source: door for door in doors}),
        "doors": doors,
        "door": chosen[0] if chosen else None,
        "outcomes": OUTCOMES.items(),
        "outcome": outcome,
        "is_paused": "pause" in asked,
        "form": TestEventForm(),
        "may_test": is_allowed(request.user, policies.REPAIR),
    }
    return render_page(request, "intake/monitor/tail.html", context)


def shown(request: UserRequest, rows: list[TailRow], doors: dict[str, Door]) -> list[dict[str, Any]]:
    """The rows with their leads, as far as the reader may see those."""
    leads = visible_leads(request.user).in_bulk({row.lead for row in rows if row.lead})
    reveal(request.user, leads.values())
    hides = request.user.role not in SEES_ALL
    return [
        {
            "row": row,
            "door": doors.get(row.source) or source_words(row.source),
            "lead": leads.get(row.lead or 0),
            "object": masked(row.object) if hides else row.object,
            "key": masked(row.key, "key") if hides else row.key,
        }
        for row in rows
    ]


@guarded(policies.REPAIR, *FORM)
def send_test(request: UserRequest) -> HttpResponse:
    """Send an event through a door, as another system would, then show what became of it."""
    if request.method != "POST":
        return way(request, request.GET.get("key", "").replace("\0", "")[:200])
    form = TestEventForm(request.POST)
    if not form.is_valid():
        return render_page(request, "intake/monitor/test.html", {"form": form}, status=422)
    now, key = timezone.now(), f"test-{get_random_string(12)}"
    row = {
        "key": key,
        "lead": {"email": form.cleaned_data["email"]},
        "type": form.cleaned_data["type"],
        "occurred_at": now.isoformat(),
        "object": form.cleaned_data["object"],
    }
    take_in_activities([row], door=TEST, now=now)
    response = redirect("intake:test_event")
    response["Location"] += f"?key={key}"
    return response


def way(request: UserRequest, key: str) -> HttpResponse:
    """The way of a test event: received, taken in or kept back, its lead, and the lead's score as scoring shows it."""
    known = ActivityKey.objects.filter(source=TEST.source, key=key).first()
    event = KeptEvent.objects.filter(door__source=TEST.source, key=key).prefetch_related("faults__group").first()
    lead = visible_leads(request.user).filter(activities__pk=known.activity_id).first() if known else None
    if lead is not None:
        reveal(request.user, [lead])
    context = {"key": key, "known": known, "event": event, "lead": lead, "form": TestEventForm()}
    return render_page(request, "intake/monitor/test.html", context)
