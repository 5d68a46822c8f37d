"""Codes that the hand-off keeps, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.presence import Present
from handoff.enums import CallOutcome, ContactChannel, Promise, Result, RetryUnit, SkipReason, Verdict
from handoff.models import HandoffStep, LostReason, Outcome, RejectReason
from handoff.queries.wake_ups import wait_words
from handoff.retries import RetryStep
from web import formats

Text = str | LazyText

STEPS: dict[str, Text] = {
    "queued": gettext_lazy("Became hot, added to the queue"),
    "claimed": gettext_lazy("Claimed"),
    "released": gettext_lazy("Returned to the team"),
    "assigned": gettext_lazy("Assigned"),
    "moved": gettext_lazy("Moved with everything of its owner"),
    "requeued": gettext_lazy("Moved to another team"),
    "snoozed": gettext_lazy("Snoozed"),
    "skipped": gettext_lazy("Skipped"),
    "due_set": gettext_lazy("Deadline changed by a manager"),
    "paused": gettext_lazy("Waiting for the customer: deadlines paused"),
    "resumed": gettext_lazy("Deadlines run on"),
    "raised": gettext_lazy("Put on top of the queue"),
    "taken_back": gettext_lazy("Returned to the team: first contact overdue"),
    "rerouted": gettext_lazy("Routed again"),
    "woken": gettext_lazy("Snooze ended"),
    "tried": gettext_lazy("Tried, not reached"),
    "contacted": gettext_lazy("Contacted"),
    "accepted": gettext_lazy("Accepted by sales"),
    "rejected": pgettext_lazy("hand-off", "Rejected"),
    "result": gettext_lazy("Result recorded"),
    "deal_changed": gettext_lazy("Opportunity changed"),
    "rated": gettext_lazy("Lead rated"),
    "breached": gettext_lazy("SLA missed"),
    "deadline_moved": gettext_lazy("Deadline moved: the calendar changed"),
    "policy_moved": gettext_lazy("Deadline moved: the SLA changed"),
    "withdrawn": gettext_lazy("Closed: lead returned to nurture or disqualified"),
    "returned_rejected": gettext_lazy("Rejected, back to the queue"),
    "returned": gettext_lazy("Returned to the team: the owner can no longer work on it"),
    "returned_absent": gettext_lazy("Returned to the team: the owner is away"),
    "forbidden": gettext_lazy("Closed: the lead must not be contacted"),
    "erased": gettext_lazy("Closed: the person’s data was erased"),
    "merged_closed": gettext_lazy("Closed: merged into a lead that already has a hand-off"),
    "merged_moved": gettext_lazy("Moved: its lead was merged into this one"),
    "unmerged": gettext_lazy("Lead merge undone"),
    "undone": gettext_lazy("Undone"),
}
ROUTES: dict[str, Text] = {
    "lead_owner": gettext_lazy("already the owner"),
    "lead_team": gettext_lazy("the lead’s team"),
    "default_team": gettext_lazy("fallback team"),
    "only_team": gettext_lazy("the only team"),
    "owner_absent": gettext_lazy("the owner is away"),
    "owner_full": gettext_lazy("the owner is at their limit"),
    "colleague": gettext_lazy("has another lead of the company"),
    "colleague_absent": gettext_lazy("who has the company’s other lead is away"),
    "colleague_full": gettext_lazy("who has the company’s other lead is at their limit"),
    "person": gettext_lazy("named in the routing rule"),
    "team": gettext_lazy("team named in the routing rule"),
    "pool": gettext_lazy("next in the pool"),
    "overflow": gettext_lazy("no one in the team can take it"),
    "owner_left": gettext_lazy("returned to the team"),
    "by_hand": gettext_lazy("assigned manually"),
    "joined_open": gettext_lazy("merged into the open hand-off"),
    "disqualified": gettext_lazy("disqualified lead"),
    "matrix_nurture": gettext_lazy("the decision matrix says to nurture"),
    "matrix_rest": gettext_lazy("the decision matrix says to wait"),
    "forbidden": gettext_lazy("the lead must not be contacted"),
}
PROMISE_STATES: dict[str, Text] = {
    "kept": pgettext_lazy("promise", "Met"),
    "late": gettext_lazy("Met late"),
    "running": gettext_lazy("On track"),
    "outside": gettext_lazy("Outside working hours"),
    "paused": gettext_lazy("Paused"),
    "soon": gettext_lazy("Due soon"),
    "breached": gettext_lazy("Overdue"),
    "cancelled": gettext_lazy("No longer required"),
}
PROMISE_KINDS = {"kept": "good", "late": "warning", "soon": "warm", "breached": "bad"}
PROMISE_ICONS = {
    "kept": "circle-check", "late": "clock-alert", "running": "timer", "outside": "moon", "paused": "pause",
    "soon": "alarm-clock", "breached": "alarm-clock-off", "cancelled": "circle-slash",
}  # fmt: skip


def step_in_words(step: HandoffStep) -> str:
    """What happened; the kind itself where it has no words."""
    return str(STEPS.get(step.kind, step.kind))


def step_details(step: HandoffStep) -> str:
    """What else is known of a step: when the contact really was, which reason, for whom."""
    details = [_DETAILS[name](value) for name, value in step.params.items() if name in _DETAILS]
    return " · ".join(detail for detail in details if detail)


def route_in_words(code: str) -> str:
    """Why a hand-off went where it went; the code itself where it has no words."""
    return str(ROUTES.get(code, code))


def amount_in_words(outcome: Outcome) -> str:
    """The amount of a deal; "" where it has none."""
    return "" if outcome.revenue is None else formats.money(outcome.revenue, outcome.currency)


def deal_in_words(outcome: Outcome) -> str:
    """What is known of a deal: its amount, when it is expected to be decided, why it was lost."""
    parts = [amount] if (amount := amount_in_words(outcome)) else []
    if outcome.closes_on is not None:
        day = formats.day(outcome.closes_on, timezone.localdate())
        parts.append(_("expected to close %(day)s") % {"day": day})
    if outcome.lost_reason is not None:
        parts.append(str(outcome.lost_reason))
    return " · ".join(parts)


def retry_in_words(step: RetryStep) -> str:
    """When a plan brings a lead back: after 2 business hours; next business morning; on the 2nd business day."""
    if step.unit == RetryUnit.BUSINESS_HOURS:
        return _("after %(time)s") % {"time": formats.business_hours(step.amount)}
    if step.amount == 1:
        return _("next business morning")
    return _("in the morning after %(time)s") % {"time": formats.business_days(step.amount)}


def presence_in_words(people: Iterable[Present]) -> str:
    """Who else has the lead open, and since when; who writes there."""
    return formats.listed(_present(present) for present in people)


def _present(present: Present) -> str:
    words = {"name": present.person, "time": formats.clock(present.since)}
    if present.writes:
        return _("%(name)s is writing") % words
    return _("%(name)s has had it open since %(time)s") % words


def _moment(value: str) -> str:
    return formats.stamp(datetime.fromisoformat(value))


def _day(value: str) -> str:
    return formats.day(date.fromisoformat(value), timezone.localdate())


def _label(labels: Mapping[str, Any]) -> Any:
    return lambda code: str(labels.get(code, code))


def passed_in_words(passed: list[dict[str, Any]]) -> str:
    """Who was passed over when the lead was assigned, each with the reason."""
    return formats.listed(
        _("%(name)s: %(reason)s") % {"name": each["name"], "reason": passed_reason(each)}
        for each in passed
        if each["reason"] != "turn"
    )


def passed_reason(each: Mapping[str, Any]) -> str:
    """Why somebody was passed over."""
    words: dict[str, str] = {
        "absent": _("away until %(time)s"),
        "full": _("at the limit (%(open)s of %(limit)s)"),
        "full_today": _("at the limit of new leads a day (%(open)s of %(limit)s)"),
        "inactive": _("inactive"),
        "external": _("external staff"),
        "not_sales": _("not in sales"),
        "declined": _("gave it back"),
        "language": _("doesn’t speak the lead’s language"),
        "skill": _("lacks a skill the pool asks for"),
        "turn": _("another’s turn came first"),
    }
    time = _moment(each["until"]) if each.get("until") else ""
    return words[each["reason"]] % {"open": each.get("open", ""), "limit": each.get("limit", ""), "time": time}


_DETAILS: dict[str, Any] = {
    "route": route_in_words,
    "passed": passed_in_words,
    "contact_at": _moment,
    "until_at": lambda value: _("until %(time)s") % {"time": _moment(value)},
    "channel": _label(dict(ContactChannel.choices)),
    "outcome": _label(dict(CallOutcome.choices)),
    "reason": lambda code: str(RejectReason.objects.filter(code=code).first() or code),
    "result": _label(dict(Result.choices)),
    "verdict": _label(dict(Verdict.choices)),
    "lost_reason": lambda code: str(LostReason.objects.filter(code=code).first() or code),
    "amount": lambda amount: formats.money(*amount),
    "closes_on": lambda value: _("expected to close %(day)s") % {"day": _day(value)},
    "decided_on": lambda value: _("decided %(day)s") % {"day": _day(value)},
    "promise": _label(dict(Promise.choices)),
    "calendar": str,
    "due_before": lambda value: _("before: %(time)s") % {"time": _moment(value)},
    "due_after": lambda value: _("now: %(time)s") % {"time": _moment(value)},
    "wake_on": lambda value: _("follow-up date %(day)s") % {"day": _day(value)},
    "wake_total": lambda value: "".join(wait_words(total=value)),
    "wake_types": lambda value: "".join(wait_words(types=value)),
    "wake_when": lambda value: "".join(wait_words(when=value)),
    "held_since": lambda value: _("held back since %(time)s") % {"time": _moment(value)},
    "gates_passed": lambda names: _("handed off although not met: %(gates)s") % {"gates": formats.listed(names)},
    "gate_warnings": lambda names: _("not met: %(gates)s") % {"gates": formats.listed(names)},
    "step": _label(STEPS),
    "skip": _label(dict(SkipReason.choices)),
    "to": str,
    "over_limit": lambda value: _("over the limit: %(open)s of %(limit)s") % value,
    "team": str,
    "comment": str,
}
