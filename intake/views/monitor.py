"""What comes in: the equation of a period, the doors, and what is kept back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.policies import POST, guarded, is_allowed
from accounts.requests import UserRequest
from background.models import JobRun
from intake import policies
from intake.actions.repairing import apply_plan, decide, effect_of, tried
from intake.actions.replay import REPLAY, start_replay, stop_replay, subject_of
from intake.actions.watching import kept_until
from intake.enums import GroupDecision, KeptState
from intake.forms.repair import IgnoreForm, RepairForm, acts_for
from intake.kept_words import decision_words, fault_words, key_words, raw_words
from intake.models import Door, KeptEvent, KeptGroup
from intake.queries.monitor import TO_REVIEW, GroupFacts, GroupState, door_numbers, groups, total
from leads.access import visible_leads
from leads.models import Lead
from leads.queries.contact_data import reveal
from web.fields import BoundedDateField
from web.pages import render_page
from web.paging import Cursor, Order, page_of

EVENTS = 50
NEWEST = Order.by("-received_at")
KINDS = {
    GroupState.FRESH: "accent",
    GroupState.CAME_BACK: "bad",
    GroupState.WORSE: "bad",
    GroupState.KNOWN: "plain",
    GroupState.IGNORED: "plain",
    GroupState.FIXED: "good",
}


class PeriodForm(forms.Form):
    """From one day to another, both included; today if nobody says."""

    first = BoundedDateField(label=gettext_lazy("From"), required=False)
    last = BoundedDateField(label=pgettext_lazy("period", "Until"), required=False)

    def days(self) -> tuple[date, date]:
        today = timezone.localdate()
        given = self.cleaned_data if self.is_valid() else {}
        first = given.get("first") or given.get("last") or today
        return first, max(first, given.get("last") or max(first, today))


def midnight(day: date) -> datetime:
    """When a day begins where the reader is."""
    return timezone.make_aware(datetime.combine(day, time.min))


@guarded(policies.SEE_INTAKE)
def monitor(request: UserRequest) -> HttpResponse:
    """Received = taken in + twice + filtered + kept back, for any days; the groups of what is kept back; the doors."""
    now, today = timezone.now(), timezone.localdate()
    form = PeriodForm(request.GET)
    first, last = form.days()
    doors = door_numbers(begin=midnight(first), end=midnight(last + timedelta(days=1)), now=now)
    found = groups(now=now, since=midnight(today))
    shown = [facts for facts in found if request.GET.get("all") or facts.state in TO_REVIEW]
    context = {
        "form": form,
        "first": first,
        "last": last,
        "is_today": first == last == today,
        "sum": total(doors),
        "doors": doors,
        "rows": [group_row(facts) for facts in shown],
        "waiting": sum(facts.number for facts in found),
        "group_count": len(found),
        "review_count": sum(facts.state in TO_REVIEW for facts in found),
        "shows_all": bool(request.GET.get("all")),
    }
    return render_page(request, "intake/monitor/monitor.html", context)


def group_row(facts: GroupFacts) -> dict[str, Any]:
    """A group as the list shows it."""
    group = facts.group
    return {
        "facts": facts,
        "words": fault_words(group.kind, group.field),
        "state": facts.state.label,
        "badge": KINDS[facts.state],
        "decided": decision_words(group),
        "days": list(facts.days),
    }


# --- one group --------------------------------------------------------------------------------------------------------


@guarded(policies.SEE_INTAKE)
def group(request: UserRequest, pk: int) -> HttpResponse:
    return show_group(request, get_object_or_404(KeptGroup.objects.select_related("door", "decided_by"), pk=pk))


@guarded(policies.REPAIR, POST)
def repair(request: UserRequest, pk: int) -> HttpResponse:
    """Try a repair on the newest events and say what a replay would do; or make it, and take in what waits."""
    chosen, now = get_object_or_404(KeptGroup.objects.select_related("door"), pk=pk), timezone.now()
    form = RepairForm(request.POST, group=chosen)
    if not form.is_valid():
        return show_group(request, chosen, form=form, status=422)
    plan = form.plan()
    if "apply" in request.POST:
        apply_plan(group=chosen, plan=plan, by=request.user, now=now)
        start_replay(group=chosen, by=request.user, now=now)
        messages.success(request, _("Repaired. What was kept back is being taken in."))
        return redirect("intake:kept_group", pk)
    effect = effect_of(group=chosen, plan=plan, by=request.user, now=now)
    hot = list(Lead.objects.filter(pk__in=effect.scores.hot[:10]))
    reveal(request.user, hot)
    events = [
        {
            "event": one.event,
            "raw": raw_words(one.event, request.user),
            "problems": [fault_words(*problem) for problem in one.problems],
        }
        for one in tried(group=chosen, plan=plan, by=request.user, now=now)
    ]
    preview = {"tried": events, "effect": effect, "hot": hot}
    return show_group(request, chosen, form=form, preview=preview)


@guarded(policies.REPAIR, POST)
def settle(request: UserRequest, pk: int) -> HttpResponse:
    """Ignore a group, call it known, take in what waits, or stop that."""
    chosen, now = get_object_or_404(KeptGroup.objects.select_related("door"), pk=pk), timezone.now()
    what = request.POST.get("what", "")
    ignore = IgnoreForm(request.POST)
    if what == "ignore" and ignore.is_valid():
        above = ignore.cleaned_data["above"]
        decide(group=chosen, decision=GroupDecision.IGNORED, by=request.user, now=now, above=above)
    elif what in ("known", "new"):
        decision = GroupDecision.KNOWN if what == "known" else GroupDecision.NONE
        decide(group=chosen, decision=decision, by=request.user, now=now)
    elif what == "replay":
        start_replay(group=chosen, by=request.user, now=now)
    elif what == "stop":
        stop_replay(group=chosen, now=now)
    else:
        return show_group(request, chosen, ignore=ignore, status=422)
    return redirect("intake:kept_group", pk)


def show_group(
    request: UserRequest,
    chosen: KeptGroup,
    *,
    form: RepairForm | None = None,
    ignore: IgnoreForm | None = None,
    preview: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """A group with its events, what may be done about it, and how far that is."""
    now = timezone.now()
    found = groups(now=now, since=midnight(timezone.localdate()), door=chosen.door_id)
    facts = next((one for one in found if one.group.pk == chosen.pk), None)
    events = KeptEvent.objects.filter(faults__group=chosen)
    state = request.GET.get("state", KeptState.OPEN.value)
    if state in KeptState.values:
        events = events.filter(state=state)
    page = page_of(events, NEWEST, Cursor.of(request.GET), EVENTS)
    context = {
        "group": chosen,
        "row": group_row(facts) if facts else None,
        "words": fault_words(chosen.kind, chosen.field),
        "decided": decision_words(chosen),
        "events": event_rows(request, page.rows),
        "after": page.after,
        "state": state,
        "states": KeptState.choices,
        "form": form or (RepairForm(group=chosen) if acts_for(chosen) else None),
        "ignore": ignore or IgnoreForm(),
        "may_repair": is_allowed(request.user, policies.REPAIR),
        "job": JobRun.objects.filter(kind=REPLAY, subject=subject_of(chosen)).order_by("-pk").first(),
        **(preview or {}),
    }
    return render_page(request, "intake/monitor/group.html", context, status=status)


def event_rows(request: UserRequest, events: list[KeptEvent]) -> list[dict[str, Any]]:
    """Events as they were sent, each with what became of it."""
    leads = visible_leads(request.user).in_bulk({event.lead_id for event in events if event.lead_id})
    reveal(request.user, leads.values())
    return [
        {
            "event": event,
            "key": key_words(event, request.user),
            "raw": raw_words(event, request.user),
            "lead": leads.get(event.lead_id or 0),
            "until": kept_until(event.received_at),
        }
        for event in events
    ]


@guarded(policies.SEE_INTAKE)
def kept(request: UserRequest) -> HttpResponse:
    """Every event that is kept back, of a door or of all, received on some days: as many as the equation says."""
    first, last = PeriodForm(request.GET).days()
    events: QuerySet[KeptEvent] = KeptEvent.objects.filter(state=KeptState.OPEN, is_part=False)
    if request.GET.get("first"):
        events = events.filter(received_at__gte=midnight(first), received_at__lt=midnight(last + timedelta(days=1)))
    door = next((each for each in Door.objects.all() if str(each.pk) == request.GET.get("door")), None)
    if door is not None:
        events = events.filter(door=door)
    page = page_of(events, NEWEST, Cursor.of(request.GET), EVENTS)
    rows = event_rows(request, page.rows)
    faults = {}
    for event in KeptEvent.objects.filter(pk__in=[row["event"].pk for row in rows]).prefetch_related("faults__group"):
        faults[event.pk] = [
            (fault.group_id, fault_words(fault.group.kind, fault.group.field)) for fault in event.faults.all()
        ]
    for row in rows:
        row["faults"] = faults.get(row["event"].pk, [])
    context = {"events": rows, "after": page.after, "door": door, "first": first, "last": last}
    return render_page(request, "intake/monitor/kept.html", context)
