"""Who reads which name of a lead in notifications and mails."""

from __future__ import annotations

import pytest

from accounts.models import User
from handoff.actions import assign_handoff
from leads.actions.telling import tell_of_lead
from leads.models import Lead
from notices.enums import Channel
from notices.mails import mail_for
from notices.models import OutboxMessage
from tests.factories import LeadFactory
from tests.handoff.world import FRIDAY, handoff_of

pytestmark = pytest.mark.django_db


def subjects(lead: Lead, *people: User) -> list[str]:
    """The subject of the mail that each gets about the lead."""
    tell_of_lead(lead=lead, people=people, kind="handoff.assigned", key="k", now=FRIDAY, url="", params={"by": "Aki"})
    mails = OutboxMessage.objects.filter(channel=Channel.EMAIL)
    return [mail_for(mails.get(user=person)).subject for person in people]


def test_a_helper_reads_no_address_in_place_of_a_name(rep: User, helper: User) -> None:
    lead = LeadFactory(name="", email="secret@example.net", external_id="crm-7", owner=rep, team=rep.team)
    assert subjects(lead, rep, helper) == ["Assigned to you: secret@example.net", f"Assigned to you: #{lead.pk}"]


def test_a_name_is_read_by_everybody(rep: User, helper: User) -> None:
    assert subjects(LeadFactory(name="Taro"), rep, helper) == ["Assigned to you: Taro"] * 2


def test_an_assignment_tells_a_helper_without_the_address(helper: User, manager: User) -> None:
    handoff = handoff_of(LeadFactory(name="", email="secret@example.net", team=helper.team))
    OutboxMessage.objects.all().delete()
    assign_handoff(handoff=handoff, to=helper, by=manager, now=FRIDAY)
    told = OutboxMessage.objects.filter(user=helper)
    assert told.count() == 2
    assert "secret" not in "".join(str(message.params) for message in told)
