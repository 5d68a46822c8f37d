"""Programs that click every link of a mail are not people, and people can say otherwise."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leads.actions import NewActivity, record_activities
from leads.actions.exclusions import exclude_activities, restore_activity
from leads.models import Activity, ActivityType, DirtyMark, Exclusion, Lead
from leads.queries.timeline import timeline
from tests.factories import LeadFactory, activity

SENT = datetime.fromisoformat("2026-11-20T09:00:00+09:00")


def clicks(lead: Lead, seconds: Sequence[float], *, kind: str = "email_click", **properties: Any) -> list[NewActivity]:
    """Clicks on one link after the other of a mail, so many seconds after it was sent."""
    type_id = ActivityType.objects.get(code=kind).pk
    told = {"mail": "news-12", "sent_at": SENT.isoformat()} | properties
    return [
        NewActivity(
            lead_id=lead.pk, type_id=type_id, occurred_at=SENT + timedelta(seconds=second), object=f"/link/{second}",
            properties={name: value for name, value in told.items() if value is not None},
            key=f"{kind}-{lead.pk}-{second}",
        )
        for second in seconds
    ]  # fmt: skip


def tell(rows: Sequence[NewActivity], now: datetime) -> None:
    record_activities(rows, source="api:1", now=now)


def excluded() -> int:
    return Activity.objects.filter(is_excluded=True).count()


TWELVE = [3 + place * 0.125 for place in range(12)]


def test_twelve_links_within_a_second_and_a_half_are_a_scanner_and_the_reason_is_on_record(marketer, now) -> None:
    lead = LeadFactory()
    tell(clicks(lead, TWELVE), now)
    assert excluded() == 12
    assert set(Exclusion.objects.values_list("lead", "reason", "by", "at", "reverted_at")) == {
        (lead.pk, "scanner", None, now, None)
    }
    entries = timeline(leads=[lead.pk], reader=marketer, opened=[lead.pk]).entries
    assert [entry.not_counted for entry in entries] == ["Excluded: email security scanner"] * 12


@pytest.mark.django_db
def test_a_scanner_is_found_when_its_clicks_come_in_several_batches_in_any_order(now) -> None:
    lead = LeadFactory()
    for part in (TWELVE[8:], TWELVE[:1], TWELVE[1:8]):
        tell(clicks(lead, part, sent_at=None), now)
    assert excluded() == 12
    tell(clicks(lead, [4.5], sent_at=None), now + timedelta(hours=1))
    assert excluded() == 13


@pytest.mark.parametrize(
    ("seconds", "properties", "found"),
    [
        ([20, 27, 40], {}, 0),  # a person clicks three links in twenty seconds
        ([40], {}, 0),  # a person clicks once
        ([1.2], {}, 1),  # a click while the mail has hardly arrived
        ([1, 1.4], {}, 2),
        ([3 + 2.2 * place for place in range(12)], {}, 12),  # one link after the other, faster than anybody reads
        ([12 + 5 * place for place in range(9)], {}, 0),
        ([500 + place / 5 for place in range(4)], {"sent_at": None}, 4),  # four links in 0.6 s
        ([500 + place / 4 for place in range(4)], {"sent_at": None}, 0),
        ([6, 6.5, 7], {}, 3),  # three links at once, right after the mail was sent
        ([6, 6.5], {}, 0),
        ([6, 7.9, 10], {}, 0),
        ([30, 30.5, 31], {}, 0),  # the same later may be an impatient person
        ([3, 3.5, 4], {"sent_at": None}, 0),
        ([3, 3.5, 4], {"sent_at": "soon"}, 0),
        ([3, 3.5, 4], {"sent_at": "294276-12-31"}, 0),
        ([3, 3.5, 4], {"sent_at": "infinity"}, 0),
        ([3, 3.5, 4], {"sent_at": 17}, 0),
        ([500 + place / 4.4 for place in range(9)], {}, 0),
        ([500.1 + place / 4.6 for place in range(10)], {}, 10),
        ([500.1 + place / 4.6 for place in range(10)], {"mail": None}, 10),
        ([float(second) for second in range(1, 50)], {}, 49),  # one a second, from the first second on
    ],
)
@pytest.mark.django_db
def test_a_burst_is_told_from_a_reader(seconds: list[float], properties: dict[str, Any], found: int, now) -> None:
    tell(clicks(LeadFactory(), seconds, **properties), now)
    assert excluded() == found


@pytest.mark.django_db
def test_one_link_clicked_many_times_is_one_link_and_mails_are_told_apart(now) -> None:
    lead = LeadFactory()
    same = clicks(lead, [500 + place / 10 for place in range(15)])
    tell([NewActivity(**{**vars(row), "object": "/one"}) for row in same], now)
    other = clicks(LeadFactory(), [500 + place * 0.15 for place in range(18)])
    tell([NewActivity(**{**vars(row), "properties": {"mail": str(n % 2)}}) for n, row in enumerate(other)], now)
    assert excluded() == 0


@pytest.mark.django_db
def test_the_openings_of_a_scanner_go_with_its_clicks_and_other_leads_and_kinds_stay(now) -> None:
    lead, other = LeadFactory(), LeadFactory()
    tell([*clicks(lead, TWELVE), *clicks(lead, [3.2], kind="email_open"), *clicks(lead, [3.3], kind="page_view")], now)
    tell(clicks(other, [40]), now)
    left = Activity.objects.filter(is_excluded=False).values_list("type__code", "lead")
    assert sorted(left) == [("email_click", other.pk), ("page_view", lead.pk)]


@pytest.mark.django_db
def test_times_without_seconds_are_no_burst(now) -> None:
    """A file that knows only the day puts every click of it at the same instant."""
    rows = clicks(LeadFactory(), range(0, 1200, 60))
    tell([NewActivity(**{**vars(row), "occurred_at": SENT}) for row in rows], now)
    assert (Activity.objects.count(), excluded()) == (20, 0)


def test_counting_it_after_all_restores_the_whole_burst_for_good(rep, now) -> None:
    lead = LeadFactory(owner=rep)
    tell(clicks(lead, TWELVE), now)
    DirtyMark.objects.all().delete()
    first = Activity.objects.earliest("occurred_at").pk
    assert restore_activity(lead=lead, activity=first, by=rep, now=now) == 12
    assert excluded() == 0
    assert set(Exclusion.objects.values_list("reverted_at", "reverted_by")) == {(now, rep.pk)}
    assert list(DirtyMark.objects.values_list("lead_id", flat=True)) == [lead.pk]
    tell(clicks(lead, [4.5]), now)
    assert list(Activity.objects.filter(is_excluded=True).values_list("object", flat=True)) == ["/link/4.5"]


def test_an_activity_is_taken_out_by_hand_with_a_reason_and_only_of_its_own_lead(rep, now) -> None:
    lead, other = LeadFactory(owner=rep), LeadFactory(owner=rep)
    mine, theirs = (activity(each, "price_view", now) for each in (lead, other))
    assert exclude_activities(lead=lead, activities=[mine, theirs], by=rep, note="our own test", now=now) == 1
    assert exclude_activities(lead=lead, activities=[mine], by=rep, note="again", now=now) == 0
    assert list(Exclusion.objects.values_list("activity_id", "reason", "note", "by")) == [
        (mine, "by_hand", "our own test", rep.pk)
    ]
    assert restore_activity(lead=other, activity=mine, by=rep, now=now) == 0
    told = timeline(leads=[lead.pk], reader=rep, opened=[lead.pk]).entries[0].not_counted
    assert told == f"Excluded by {rep}: our own test"


def test_a_person_takes_out_and_counts_again_on_the_page(client: Client, rep, now) -> None:
    lead = LeadFactory(owner=rep, team=rep.team)
    known = activity(lead, "price_view", now)
    client.force_login(rep)
    page = lead.get_absolute_url()
    assert "Count again" not in client.get(page).content.decode()
    missing = client.post(reverse("leads:exclude_activity", args=[lead.pk, known]), {"note": ""})
    assert (missing.status_code, excluded()) == (422, 0)
    client.post(reverse("leads:exclude_activity", args=[lead.pk, known]), {"note": "<b>test</b>"})
    shown = client.get(page).content.decode()
    assert ("Count again" in shown, "&lt;b&gt;test&lt;/b&gt;" in shown, excluded()) == (True, True, 1)
    client.post(reverse("leads:restore_activity", args=[lead.pk, known]))
    assert excluded() == 0


def test_who_may_not_edit_sees_why_but_no_button(client: Client, rep, other_rep, now) -> None:
    lead = LeadFactory(owner=None, team=rep.team)
    tell(clicks(lead, TWELVE), now)
    client.force_login(rep)
    shown = client.get(lead.get_absolute_url()).content.decode()
    assert ("Excluded: email security scanner" in shown, "Count again" in shown) == (True, False)


@pytest.mark.django_db
def test_only_batches_with_mails_are_looked_at_and_in_two_statements(now) -> None:
    lead = LeadFactory()

    def statements(rows: list[NewActivity]) -> int:
        with CaptureQueriesContext(connection) as asked:
            tell(rows, now)
        return len(asked)

    tell(clicks(lead, [500], kind="page_view"), now)  # makes the month
    without = statements(clicks(lead, [1000, 2000], kind="page_view"))
    assert statements(clicks(lead, [3000])) == without + 2
    assert statements(clicks(lead, [second * 60 + 7 for second in range(500)])) == without + 2


@pytest.mark.django_db(transaction=True)
def test_clicks_told_in_parallel_are_seen_together(now) -> None:
    lead = LeadFactory()
    rows = clicks(lead, TWELVE, sent_at=None)
    ready = threading.Barrier(len(rows))

    def post(row: NewActivity) -> None:
        try:
            ready.wait()
            record_activities([row], source="api:1", now=now)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=[row]) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert excluded() == 12
