"""The sheet with which a rep goes into a call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from handoff.actions import add_todo, open_handoffs, record_result
from tests.clients import as_
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.handoff.world import claimed_by, contacted_by, episode, handoff_of

DAY = timedelta(days=1)


@pytest.fixture
def lead(rep):
    """Of the rep, with a colleague of the same company."""
    acme = CompanyFactory(name="Acme")
    LeadFactory(name="Colleague", company=acme, owner=rep, team=rep.team)
    return LeadFactory(name="Sato Hanako", company=acme, phone="+81312345678", owner=rep, team=rep.team)


def sheet(user, lead):
    return as_(user).get(reverse("handoff:dossier", args=[lead.pk]))


def test_the_sheet_says_why_now_what_happened_what_is_promised_and_whom_else_one_knows(rep, lead):
    now = timezone.now()
    claimed_by(rep, lead=lead, at=now - timedelta(hours=2))
    activity(lead, "price_view", now - DAY)
    activity(lead, "document_request", now - 2 * DAY)
    add_todo(lead=lead, by=rep, kind="call", text="Bring the price list", due_at=now + DAY, owner=rep, now=now)
    page = sheet(rep, lead)
    words = page.content.decode()
    assert words.count("Hot since today") == 1
    assert [text in words for text in ("Hot lead", "+81312345678", "Bring the price list", "Colleague")] == [True] * 4
    assert [entry.at for entry in page.context["dossier"].touches] == sorted(
        entry.at for entry in page.context["dossier"].touches
    )
    assert "First contact" in words


def test_earlier_hand_offs_are_told_with_how_they_ended(rep, lead):
    first = contacted_by(rep, lead=lead)
    record_result(handoff=first, by=rep, result="recycled", now=first.contacted_at + DAY, comment="Next year")
    again = episode(lead, at=first.contacted_at + 2 * DAY, number=2)
    open_handoffs(now=again.started_at)
    words = sheet(rep, lead).content.decode()
    assert ("Return to nurture" in words, "Next year" in words) == (True, True)


def test_without_a_hand_off_the_sheet_is_there_all_the_same(rep, lead):
    assert "No hand-off is open." in sheet(rep, lead).content.decode()


def test_only_who_sees_the_lead_gets_its_sheet_and_no_external_staff(rep, outsider, helper, lead):
    handoff_of(lead)
    assert [sheet(user, lead).status_code for user in (rep, outsider, helper)] == [200, 404, 403]
