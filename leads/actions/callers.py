"""What somebody does for a lead that is another's: leave the owner a message, or attach what the caller asked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.audience import administrators, first_present, themselves
from accounts.enums import Role
from accounts.models import User
from leads.actions.activities import record_activity
from leads.actions.decisions import add_note
from leads.actions.leads import Enquiry, told_by
from leads.actions.telling import tell_of_lead
from leads.enums import NoteTopic
from leads.models import Lead


def answerable(lead: Lead) -> list[User]:
    """Who looks after a lead: its owner, else the managers of its team, else the administrators."""
    active = User.objects.filter(is_active=True)
    teams = {lead.team_id, lead.owner.team_id if lead.owner else None} - {None}
    managers = active.filter(role=Role.MANAGER, team__in=teams)
    return first_present(themselves(lead.owner), managers, administrators())


@transaction.atomic
def leave_message(*, lead: Lead, by: User, text: str, now: datetime) -> list[User]:
    """Note the message at the lead and tell whoever looks after it. Returns who is told."""
    note = add_note(lead=lead, by=by, text=text, topic=NoteTopic.GENERAL, now=now)
    people = answerable(lead)
    tell_of_lead(
        lead=lead, people=people, kind="leads.message", key=f"message:{note.pk}", now=now,
        params={"by": str(by), "text": text}, url=lead.get_absolute_url(),
    )  # fmt: skip
    return people


@transaction.atomic
def attach_enquiry(*, lead: Lead, by: User, enquiry: Enquiry, now: datetime) -> list[User]:
    """Record what a caller asked as an activity of the lead and tell whoever looks after it. Returns who is told."""
    stored = record_activity(
        lead=lead, type=enquiry.type, occurred_at=now, source=told_by(by), now=now, properties={"text": enquiry.text}
    )
    people = answerable(lead)
    tell_of_lead(
        lead=lead, people=people, kind="leads.enquiry", key=f"enquiry:{stored}", now=now,
        params={"by": str(by), "text": enquiry.text}, url=lead.get_absolute_url(),
    )  # fmt: skip
    return people
