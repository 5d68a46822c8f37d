"""The manager's pages and the calendars, judged by axe, in the light, in the dark and on a phone, in both languages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from handoff.models import Absence, Calendar, Closing
from tests.axe import unreadable
from tests.handoff.routed import pooled, put_in_force
from tests.handoff.world import claimed_by, contacted_by, handoff_of, promise, sla_in_force

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = [
    "/handoff/board/", "/handoff/team/", "/handoff/team/leads/?figure=open", "/handoff/absences/",
    "/handoff/absences/away/", "/handoff/absences/import/", "/settings/calendars/", "/settings/calendars/{pk}/year/",
    "/settings/calendars/{pk}/delete/",
]  # fmt: skip
POLICY_PAGES = [
    "/handoff/routing/", "/handoff/routing/pools/0/", "/handoff/routing/rules/0/", "/handoff/routing/try/",
    "/handoff/routing/rehearsal/", "/handoff/sla/", "/handoff/sla/policies/0/", "/handoff/sla/compliance/",
    "/handoff/sla/trial/", "/handoff/outcomes/", "/handoff/outcomes/disagreements/", "/handoff/gates/",
    "/handoff/policy/sla/publish/",
]  # fmt: skip


@pytest.fixture
def desk(admin, rep):
    """Something on every page; the key of the calendar."""
    handoff_of(name="Waiting Lead", at=timezone.now() - timedelta(minutes=5))
    claimed_by(rep, name="Claimed Lead", at=timezone.now() - timedelta(minutes=5))
    now = timezone.now()
    Absence.objects.create(person=rep, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=1))
    calendar = Calendar.objects.get(is_default=True)
    today = timezone.localdate()
    Closing.objects.create(calendar=calendar, day=date(today.year, 8, 13), name="Obon")
    Closing.objects.create(calendar=calendar, day=date(today.year, 8, 14), name="Half", intervals=[["09:00", "12:00"]])
    return calendar.pk


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_can_be_read_by_everybody(desk, admin, sign_in, language):
    assert problems_of([address.format(pk=desk) for address in PAGES], admin, sign_in, language) == ""


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_of_the_policy_can_be_read_by_everybody(desk, admin, rep, other_rep, team, sign_in, language):
    sla_in_force({"name": "", "first_contact": promise(4, target=85)})
    for _number in range(6):
        contacted_by(rep, at=timezone.now() - timedelta(days=9))
    put_in_force(pooled(team, (rep, 2), (other_rep, 1), returns="catch_up"), admin)
    assert problems_of(POLICY_PAGES, admin, sign_in, language) == ""


def problems_of(addresses, admin, sign_in, language) -> str:
    admin.language = language
    admin.save()
    page = sign_in(admin)
    found = []
    for address in addresses:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address)
        found += [f"{address}: {problem}" for problem in unreadable(page)]
    return "\n".join(found)
