"""The ladder of a promise that is not kept: who is told, what becomes of the lead. Each rung is climbed once."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial

from django.conf import settings
from django.utils import translation
from django.utils.translation import pgettext

from accounts.models import User
from handoff.actions import transition
from handoff.actions.deadlines import PAUSABLE
from handoff.actions.rerouting import route_again
from handoff.audience import owner_or_team, owner_team_and_managers
from handoff.calendars import clock_of_version
from handoff.enums import HandoffState, RungAct
from handoff.errors import NeverOpenError
from handoff.models import Deadline, Escalation
from handoff.policy.sla import Rung
from handoff.promises import rung_at
from handoff.queries.desk import TAKEN_BACK
from handoff.queries.pauses import pauses_of
from handoff.queries.sla_terms import terms_of_deadline
from leads.actions.telling import tell_of_lead
from leads.models import Lead

UNTOUCHED = (HandoffState.QUEUED, HandoffState.CLAIMED)


def climb(deadline: Deadline, lead: Lead, now: datetime) -> None:
    """Do what the rungs say that have come due, and note when the next one comes. The lead is locked.

    A rung before the due time that is noticed only after it says nothing any more, and is left out.
    """
    terms, due = terms_of_deadline(deadline), deadline.due_at
    if terms is None:
        Deadline.objects.filter(pk=deadline.pk).update(next_rung_at=None)
        return
    clock, following = clock_of_version(deadline.calendar_version), None
    pauses = pauses_of([deadline.handoff])[deadline.handoff_id] if deadline.promise in PAUSABLE else ()
    counted = partial(rung_at, clock=clock, terms=terms, start=deadline.started_at, due=due, pauses=pauses)
    for place, rung in enumerate(terms.ladder):
        with suppress(NeverOpenError):
            at = counted(rung=rung)
            if at <= now and not at < due <= now:
                _climb_rung(deadline, lead, place, rung, at, now)
            elif at > now:
                following = min(at, following or at)
    Deadline.objects.filter(pk=deadline.pk).update(next_rung_at=following)


def _climb_rung(deadline: Deadline, lead: Lead, place: int, rung: Rung, at: datetime, now: datetime) -> None:
    _row, is_new = Escalation.objects.get_or_create(
        deadline=deadline, rung=place, defaults={"act": rung.act, "planned_at": at, "done_at": now}
    )
    if not is_new:
        return
    if rung.act == RungAct.TOP:
        _raise(deadline, now)
    elif rung.act == RungAct.POOL:
        _take_back(deadline, lead, now)
    else:
        _tell(deadline, _people(deadline, rung), at, now)


def _raise(deadline: Deadline, now: datetime) -> None:
    """Put the lead on top of the queue, above what is overdue."""
    if transition.swap(deadline.handoff, states=UNTOUCHED, raised_at=now):
        transition.record(deadline.handoff, "raised", by=None, at=now, promise=deadline.promise)


def _take_back(deadline: Deadline, lead: Lead, now: datetime) -> None:
    """Take a lead that nobody has contacted from its owner, tell them, and route it past them."""
    handoff, owner = deadline.handoff, deadline.handoff.owner
    if owner is None or not transition.swap(
        handoff, states=UNTOUCHED, owner=None, state=HandoffState.QUEUED, claimed_at=None, snoozed_until=None,
        retry_at=None,
    ):  # fmt: skip
        return
    transition.update_lead(lead, now=now, owner=None)
    transition.record(handoff, TAKEN_BACK, by=None, at=now, person=owner.pk, to=str(owner), promise=deadline.promise)
    tell_of_lead(
        lead=lead, people=[owner], kind="handoff.taken_back", key=f"taken_back:{deadline.pk}", now=now,
        params={"due_at": deadline.due_at.isoformat()}, url=transition.address_of(handoff),
    )  # fmt: skip
    route_again(handoff, lead, now)


def _people(deadline: Deadline, rung: Rung) -> Iterable[User]:
    """Whom a rung tells; somebody always is, also where the user it names has left."""
    if rung.act == RungAct.OWNER:
        return owner_or_team(deadline.handoff)
    named = User.objects.filter(pk=rung.person or 0, is_active=True)
    if rung.act == RungAct.PERSON and named:
        return named
    return owner_team_and_managers(deadline.handoff)


def _tell(deadline: Deadline, people: Iterable[User], at: datetime, now: datetime) -> None:
    """Tell people that the time is nearly over, or over; nobody twice of the same moment."""
    kind = "due_soon" if at < deadline.due_at else "breached"
    tell_of_lead(
        lead=deadline.handoff.lead,
        people=people,
        kind=f"handoff.{kind}.{deadline.promise}",
        key=f"rung:{deadline.pk}:{at.isoformat()}",
        now=now,
        params={"due_at": deadline.due_at.isoformat()} | _owner(deadline.handoff.owner),
        url=transition.address_of(deadline.handoff),
    )


def _owner(owner: User | None) -> dict[str, str]:
    """Who has the lead; that nobody has, in both languages."""
    if owner is not None:
        return {"owner": str(owner)}
    words = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words[f"owner_{language}"] = pgettext("owner", "none yet")
    return words
