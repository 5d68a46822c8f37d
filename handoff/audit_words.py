"""What the audit log calls the changes of hand-offs, outcomes, calendars and SLAs."""

from __future__ import annotations

from typing import Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.audit_kinds import AuditKind
from handoff.forms.calendar import hours_text
from handoff.models import (
    Absence,
    Calendar,
    CallRules,
    Closing,
    Contact,
    Feedback,
    Handoff,
    Outcome,
    Pause,
    Policy,
    PolicyVersion,
    RetryPlan,
    TeamCalendar,
    Todo,
)
from handoff.queries.wake_ups import wait_words
from handoff.retries import steps_of
from handoff.wording import retry_in_words, route_in_words
from leads.audit_words import lead_name
from leads.wording import source
from web.cldr import country_name, currency_name
from web.formats import listed, money, points


def week_words(week: list[list[list[str]]], row: Any) -> str:
    """The open hours of each weekday that has some."""
    days = [f"{WEEKDAYS_ABBR[number]} {hours_text(hours)}" for number, hours in enumerate(week) if hours]
    return " / ".join(days)


AUDIT_KINDS = (
    AuditKind(
        model=Handoff,
        about="lead",
        called=lambda handoff: lead_name(handoff.lead),
        reads=("lead",),
        fields={
            "model": _("scoring model"),
            "team": _("team"),
            "owner": _("owner"),
            "state": pgettext_lazy("hand-off", "status"),
            "routed_by": _("reason for the assignment"),
            "score": _("score when the lead became hot"),
            "due_at": pgettext_lazy("hand-off", "due"),
            "queued_at": _("queued at"),
            "claimed_at": _("claimed at"),
            "contacted_at": _("first contact"),
            "decided_at": _("decided at"),
            "closed_at": _("closed at"),
            "cooled_at": _("cooled at"),
            "snoozed_until": _("snoozed until"),
            "retry_at": _("retry at"),
            "paused_until": _("paused until"),
            "raised_at": _("put on top of the queue at"),
            "sla_version": _("SLA version"),
            "warnings": _("gates not met"),
            "snooze_total": _("total that ends the snooze"),
            "snooze_types": _("activities that end the snooze"),
            "snooze_when": _("condition that ends the snooze"),
            "reject_reason": _("rejection reason"),
            "result": _("result"),
            "wake_on": _("follow-up date"),
            "comment": _("comment"),
        },
        hidden=frozenset({"episode", "snoozed_at", "sla_place"}),
        values={
            "snooze_total": lambda total, row: points(total),
            "snooze_types": lambda types, row: "".join(wait_words(types=types)),
            "snooze_when": lambda when, row: "".join(wait_words(when=when)),
            "routed_by": lambda code, row: route_in_words(code),
            "score": lambda score, row: points(score),
        },
    ),
    AuditKind(
        model=Contact,
        about="handoff",
        fields={"recorded_at": _("recorded at")},
        hidden=frozenset({"by"}),
    ),
    AuditKind(
        model=Outcome,
        about="lead",
        fields={
            "result": _("result"),
            "decided_at": _("decided at"),
            "revenue": _("deal amount"),
            "currency": _("currency"),
            "closes_on": _("expected close date"),
            "lost_reason": _("reason for the loss"),
            "source": _("recorded via"),
            "recorded_at": _("recorded at"),
        },
        hidden=frozenset({"handoff", "by"}),
        values={
            "revenue": lambda minor, row: money(minor, row.currency),
            "currency": lambda code, row: currency_name(code),
            "source": lambda code, row: source(code),
        },
    ),
    AuditKind(
        model=Feedback,
        about="handoff",
        fields={
            "reject_reason": _("rejection reason"),
            "lost_reason": _("reason for the loss"),
            "changed_in": _("changed in version"),
            "decided_by": _("decided by"),
            "decided_at": _("decided at"),
        },
        hidden=frozenset({"by", "at", "model", "version"}),
    ),
    AuditKind(
        model=Calendar,
        values={"week": week_words, "holidays_country": lambda code, row: country_name(code)},
    ),
    AuditKind(
        model=Closing,
        fields={"calendar": _("calendar")},
        values={"intervals": lambda hours, row: hours_text(hours)},
    ),
    AuditKind(model=TeamCalendar, about="team", fields={"calendar": _("calendar")}),
    AuditKind(
        model=Absence,
        about="person",
        hidden=frozenset({"returned_at"}),
    ),
    AuditKind(
        model=RetryPlan,
        about="team",
        values={"steps": lambda steps, row: listed(retry_in_words(step) for step in steps_of(steps))},
    ),
    AuditKind(model=CallRules, called=lambda row: _("Calling again")),
    AuditKind(
        model=Todo,
        about="lead",
        fields={
            "kind": _("kind"),
            "text": _("note"),
            "due_at": pgettext_lazy("to-do", "due"),
            "owner": _("owner"),
            "made_at": _("created at"),
            "done_at": _("done at"),
            "done_by": _("done by"),
            "cause": _("why"),
            "ended": _("ended by itself"),
        },
        hidden=frozenset({"by", "subject", "handoff", "answer"}),
    ),
    AuditKind(
        model=Policy,
        fields={"current": _("published version"), "draft_by": _("draft last edited by")},
        hidden=frozenset({"draft", "draft_revision", "draft_at"}),
    ),
    AuditKind(
        model=PolicyVersion,
        called=lambda version: f"{version.policy} v{version.number}",
        fields={"number": _("version"), "published_at": _("published at"), "published_by": _("published by")},
        hidden=frozenset({"document", "policy"}),
    ),
    AuditKind(
        model=Pause,
        called=lambda row: lead_name(row.handoff.lead_id),
        fields={"started_at": _("since"), "until": _("until"), "ended_at": _("ended"), "by": _("by")},
        hidden=frozenset({"handoff"}),
    ),
)
