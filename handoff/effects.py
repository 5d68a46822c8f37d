"""What a choice in a dialog does to the lead and its deadlines, said before it is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoff.actions.deadlines import new_deadline
from handoff.calendars import calendar_of_team
from handoff.enums import CallOutcome, Promise, RejectEffect, Result
from handoff.models import Deadline, Handoff
from handoff.queries.sla_terms import counts_as_contact, terms_of
from handoff.retries import next_try, plans_of
from web import formats

RESULT_EFFECTS: dict[str, LazyText | str] = {
    Result.OPPORTUNITY: gettext_lazy("The lead becomes an opportunity and stays yours. Record the final result later."),
    Result.WON: gettext_lazy("The lead becomes a customer."),
    Result.LOST: gettext_lazy("The lead returns to nurture, without an owner."),
    Result.WITHDRAWN: gettext_lazy("The lead withdrew. It returns to nurture, without an owner."),
    Result.RECYCLED: gettext_lazy("The lead returns to nurture, without an owner, until the follow-up date."),
}
REJECT_EFFECTS: dict[str, LazyText | str] = {
    RejectEffect.NURTURE: gettext_lazy("The lead returns to nurture and can become hot again."),
    RejectEffect.REST: gettext_lazy("The lead keeps its stage, without an owner, and can become hot again."),
    RejectEffect.QUEUE: gettext_lazy("The lead goes to someone else. Its deadlines don’t change."),
    RejectEffect.DISQUALIFY: gettext_lazy("The lead is disqualified and isn’t handed off again."),
    RejectEffect.FORBID: gettext_lazy("The lead is disqualified and must not be contacted any more."),
}


@dataclass(frozen=True, kw_only=True)
class ContactEffects:
    """What a contact does to the SLA: when the lead was reached, when it was only tried, and when it asked to be called
    back."""

    reached: str
    tried: str
    call_back: str

    def of(self, outcome: str) -> str:
        """What an outcome does."""
        return {CallOutcome.SPOKE: self.reached, CallOutcome.CALL_BACK: self.call_back}.get(
            CallOutcome(outcome), self.tried
        )


def contact_effects(handoff: Handoff, now: datetime) -> ContactEffects:
    """In words, for a contact made at `now`."""
    return ContactEffects(
        reached=_reached(handoff, now), tried=_tried(handoff, now),
        call_back=_tried(handoff, now, is_called_back=True),
    )  # fmt: skip


def _reached(handoff: Handoff, now: datetime) -> str:
    if handoff.contacted_at is not None:
        return _("Added to the contacts. Deadlines don’t change.")
    terms, calendar = terms_of(handoff, Promise.RESULT), calendar_of_team(handoff.team)
    due = new_deadline(handoff=handoff, terms=terms, calendar=calendar, start=now) if terms else None
    if due is None:
        return _("First contact is done.")
    return _("First contact is done. The result is due %(time)s.") % {"time": formats.moment(due.due_at, now)}


def _tried(handoff: Handoff, now: datetime, *, is_called_back: bool = False) -> str:
    number = handoff.contacts.filter(reached=False).count() + 1
    words = {"n": formats.number(number)}
    promised = Deadline.objects.filter(handoff=handoff, promise=Promise.FIRST_CONTACT, met_at=None, cancelled_at=None)
    due_at = promised.values_list("due_at", flat=True).first()
    again = "" if handoff.contacted_at else _again(handoff, number, now)
    if is_called_back:
        again = _separator() + _("The lead comes back at the time below.")
    if due_at is None:
        return _("Attempt %(n)s. Deadlines don’t change.") % words + again
    if counts_as_contact(handoff):
        return _("Attempt %(n)s. First contact is done.") % words + again
    words["time"] = formats.moment(due_at, now)
    return _("Attempt %(n)s. First contact is still due %(time)s.") % words + again


def _again(handoff: Handoff, number: int, now: datetime) -> str:
    """When the plan of the team brings the lead back, as a sentence more; that it is over, after the last retry."""
    at, planned = next_try(handoff.team, number, now), len(plans_of([handoff.team_id])[handoff.team_id])
    separator = _separator()
    if at is None:
        return separator + _("That was the last retry.") if planned and number > planned else ""
    words = {"n": formats.number(number), "total": formats.number(planned), "time": formats.moment(at, now)}
    return separator + _("Retry %(n)s of %(total)s: %(time)s.") % words


def _separator() -> str:
    """What stands between two sentences."""
    return "" if formats.language() == "ja" else " "
