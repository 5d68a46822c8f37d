"""The manager's pages and the calendars, judged by axe, in the light, in the dark and on a phone, in both languages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from handoff.models import Absence, Calendar, Closing
from tests.axe import unreadable
from tests.handoff.world import claimed_by, handoff_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = [
    "/handoff/board/", "/handoff/team/", "/handoff/team/leads/?figure=open", "/handoff/absences/",
    "/handoff/absences/away/", "/handoff/absences/import/", "/settings/calendars/", "/settings/calendars/{pk}/year/",
    "/settings/calendars/{pk}/delete/",
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
    admin.language = language
    admin.save()
    page = sign_in(admin)
    found = []
    for address in PAGES:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address.format(pk=desk))
        found += [f"{address}: {problem}" for problem in unreadable(page)]
    assert "\n".join(found) == ""
