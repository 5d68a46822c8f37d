"""Hand-offs, to-dos and results as documents of the API; contact data as the reader may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from accounts.models import User
from handoff.models import Deadline, Handoff, Outcome, Todo
from handoff.queries.rows import allowed_for
from leads.documents import Json, day, instant, named
from leads.queries.contact_data import contact, name_of, reveal
from web.cleaning import from_minor

STEPS = ("claim", "release", "contact", "accept", "reject", "result", "pause", "resume")
"""What can be done with a hand-off through the API."""


def handoff_documents(handoffs: Iterable[Handoff], reader: User, now: datetime) -> list[Json]:
    """Hand-offs that were read with what `RELATED` names, and their deadlines, in one statement more."""
    rows = list(handoffs)
    reveal(reader, [row.lead for row in rows])
    deadlines: dict[int, list[Deadline]] = {}
    for deadline in Deadline.objects.filter(handoff__in=[row.pk for row in rows]).order_by("due_at", "pk"):
        deadlines.setdefault(deadline.handoff_id, []).append(deadline)
    return [handoff_document(row, reader, now, deadlines.get(row.pk, [])) for row in rows]


def handoff_document(handoff: Handoff, reader: User, now: datetime, deadlines: Iterable[Deadline]) -> Json:
    lead, allowed = handoff.lead, asdict(allowed_for(reader, handoff, now))
    is_open = getattr(lead, "is_open_to_reader", False)
    return {
        "id": str(handoff.pk),
        "lead": {
            "id": str(lead.pk),
            "name": name_of(lead),
            "email": contact(lead, "email"),
            "phone": contact(lead, "phone"),
            "external_id": contact(lead, "external_id"),
        },
        "model": handoff.model.name,
        "definition": handoff.episode.definition,
        "state": handoff.state,
        "owner": named(handoff.owner),
        "team": named(handoff.team),
        "score": handoff.score / 100,
        "current_score": handoff.current_total / 100,
        "queued_at": instant(handoff.queued_at),
        "claimed_at": instant(handoff.claimed_at),
        "contacted_at": instant(handoff.contacted_at),
        "decided_at": instant(handoff.decided_at),
        "closed_at": instant(handoff.closed_at),
        "due_at": instant(handoff.due_at),
        "snoozed_until": instant(handoff.snoozed_until),
        "paused_until": instant(handoff.paused_until),
        "reject_reason": handoff.reject_reason.code if handoff.reject_reason else None,
        "result": handoff.result or None,
        "comment": handoff.comment if is_open else None,
        "promises": [promise_document(deadline) for deadline in deadlines],
        "allowed": [step for step in STEPS if allowed[step]],
    }


def promise_document(deadline: Deadline) -> Json:
    return {
        "promise": deadline.promise,
        "due_at": instant(deadline.due_at),
        "met_at": instant(deadline.met_at),
        "breached_at": instant(deadline.breached_at),
        "cancelled_at": instant(deadline.cancelled_at),
    }


def todo_document(todo: Todo) -> Json:
    """A to-do; only people who see all contact data read to-dos at all."""
    return {
        "id": str(todo.pk),
        "lead_id": str(todo.lead_id),
        "kind": todo.kind,
        "text": todo.text,
        "due_at": instant(todo.due_at),
        "owner": named(todo.owner),
        "by": named(todo.by),
        "made_at": instant(todo.made_at),
        "done_at": instant(todo.done_at),
        "done_by": named(todo.done_by),
        "handoff_id": str(todo.handoff_id) if todo.handoff_id else None,
    }


def outcome_document(outcome: Outcome) -> Json:
    amount: Decimal | None = None if outcome.revenue is None else from_minor(outcome.revenue, outcome.currency)
    return {
        "id": str(outcome.pk),
        "lead_id": str(outcome.lead_id),
        "handoff_id": str(outcome.handoff_id) if outcome.handoff_id else None,
        "result": outcome.result,
        "decided_at": instant(outcome.decided_at),
        "revenue": None if amount is None else str(amount),
        "currency": outcome.currency,
        "closes_on": day(outcome.closes_on),
        "lost_reason": outcome.lost_reason.code if outcome.lost_reason else None,
        "recorded_at": instant(outcome.recorded_at),
    }
