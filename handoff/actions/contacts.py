"""The first promise: somebody spoke with the lead."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.access import is_given
from handoff.actions import transition
from handoff.actions.automatic_todos import add_automatic_todo
from handoff.actions.deadlines import keep, keep_next_step, refresh_due, run_clock
from handoff.actions.pauses import end_pause
from handoff.enums import CallOutcome, HandoffState, Promise, TodoCause, TodoKind
from handoff.errors import RefusedError
from handoff.models import Contact, Handoff
from handoff.queries.sla_terms import counts_as_contact
from handoff.retries import next_try
from leads.models import Lead

WORKED = (HandoffState.CLAIMED, HandoffState.CONTACTED, HandoffState.ACCEPTED)


def check_contact_time(handoff: Handoff, at: datetime, now: datetime) -> None:
    """Raise RefusedError for a contact that is to come, or that was before the lead was hot."""
    if at > now:
        raise RefusedError(_("The contact can’t be in the future. Log only what has happened."))
    if at < handoff.episode.started_at:
        raise RefusedError(
            _("The contact can’t be earlier than the moment the lead became hot. Log earlier contacts as activities.")
        )


def _check_contact(handoff: Handoff, at: datetime, now: datetime) -> None:
    if handoff.state not in WORKED and not is_given(handoff):
        raise RefusedError(transition.moved_on(handoff))
    check_contact_time(handoff, at, now)


def plan_retry(handoff: Handoff, at: datetime, now: datetime, call_back_at: datetime | None = None) -> None:
    """The try at `at` reached nobody: it is called back as agreed, else when the plan of the team says, if it does."""
    if call_back_at is not None:
        if call_back_at <= now:
            raise RefusedError(_("Choose a time in the future."))
        transition.swap(handoff, states=WORKED, retry_at=None, snoozed_until=call_back_at, snoozed_at=now)
        return
    number = handoff.contacts.filter(reached=False).count()
    retry_at = None if handoff.contacted_at else next_try(handoff.team, number, at)
    transition.swap(handoff, states=WORKED, retry_at=retry_at, snoozed_until=None)


@transaction.atomic
def log_contact(
    *, handoff: Handoff, by: User, at: datetime, channel: str, now: datetime, reached: bool = True, note: str = "",
    outcome: str = "", call_back_at: datetime | None = None, next_step: str = "", next_at: datetime | None = None,
) -> Contact:  # fmt: skip
    """Record a contact. The first that reached the lead keeps the promise, and the result clock runs from its own time.

    `at` lies between the moment the lead became hot and `now`. A try that reached nobody is noted, and the lead is
    called again by the plan of its team, or at `call_back_at` as it was asked to. With `next_at` what was agreed
    becomes a to-do of whoever has the lead.
    """
    lead = transition.lock(handoff)
    _check_contact(handoff, at, now)
    before = transition.image_of(handoff, lead)
    transition.take_up(handoff, now)
    contact = Contact.objects.create(
        handoff=handoff, at=at, channel=channel, reached=reached, note=note, by=by, recorded_at=now,
        outcome=outcome or (CallOutcome.SPOKE if reached else CallOutcome.NOT_REACHED),
    )  # fmt: skip
    before["contact"] = contact.pk
    if reached:
        before["resumed"] = _reach(handoff, at, now)
    else:
        _try(handoff, at, now, call_back_at)
    keep_next_step(lead, at)
    _plan_next_step(contact, lead, next_step, next_at, now)
    transition.record(
        handoff, "contacted" if reached else "tried", by=by, at=now, undo=before, contact_at=at.isoformat(),
        channel=channel, outcome=_told_outcome(contact), until_at=call_back_at.isoformat() if call_back_at else "",
    )  # fmt: skip
    return contact


def _plan_next_step(contact: Contact, lead: Lead, text: str, due_at: datetime | None, now: datetime) -> None:
    """What was agreed in a contact becomes a to-do of whoever has the lead, where it was said by when."""
    if due_at is not None:
        add_automatic_todo(
            lead=lead, cause=TodoCause.NEXT_STEP, subject=f"contact:{contact.pk}", kind=TodoKind.NEXT_STEP, text=text,
            due_at=due_at, now=now, owner=contact.handoff.owner, by=contact.by, handoff=contact.handoff,
        )  # fmt: skip


def _told_outcome(contact: Contact) -> str:
    """The outcome for the history, where the step does not say it already."""
    return "" if contact.outcome in (CallOutcome.SPOKE, CallOutcome.NOT_REACHED) else contact.outcome


def _try(handoff: Handoff, at: datetime, now: datetime, call_back_at: datetime | None) -> None:
    """Nobody was reached: the promise of the first contact is kept where an attempt counts, and the plan goes on."""
    if counts_as_contact(handoff):
        _keep_first_contact(handoff, at)
    plan_retry(handoff, at, now, call_back_at)


def _keep_first_contact(handoff: Handoff, at: datetime) -> None:
    """The promise was met at `at`; what a rung put on top of the queue for it takes its usual place again."""
    keep(handoff, Promise.FIRST_CONTACT, at)
    refresh_due(handoff)
    transition.swap(handoff, states=WORKED, raised_at=None)


def _reach(handoff: Handoff, at: datetime, now: datetime) -> int | None:
    """The lead was spoken with: the first time keeps the promise of the contact, and the result is due from then.

    Whoever waited for the customer has an answer; returns the key of the pause that ended with it.
    """
    ended = end_pause(handoff, now)
    first = at if handoff.contacted_at is None else min(at, handoff.contacted_at)
    state = HandoffState.CONTACTED if handoff.state == HandoffState.CLAIMED else handoff.state
    if first != handoff.contacted_at:
        _keep_first_contact(handoff, first)
        run_clock(handoff, Promise.RESULT, first)
        refresh_due(handoff)
    transition.swap_or_refuse(
        handoff, states=WORKED, state=state, contacted_at=first, snoozed_until=None, retry_at=None
    )
    return ended.pk if ended else None
