"""Absences and limits: who is skipped when a lead becomes hot and why, and who is told when nobody is left."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from handoff.actions import claim_handoff, open_handoffs, return_leads_of_absent
from handoff.actions.absences import save_absence
from handoff.models import Absence, Handoff
from handoff.wording import step_details
from notices.models import OutboxMessage
from tests.factories import LeadFactory
from tests.handoff.world import FRIDAY, claimed_by, contacted_by, episode, handoff_of, jst

START, MONDAY = jst(7, 17, 9), jst(7, 27, 9)


def away(person, *, start=START, end=MONDAY, **rest):
    return Absence.objects.create(person=person, starts_at=start, ends_at=end, **rest)


def hot(owner, at=FRIDAY):
    """A lead of this owner that became hot, with its hand-off."""
    lead = LeadFactory(owner=owner)
    episode(lead, at=at)
    open_handoffs(now=at)
    return Handoff.objects.select_related("owner", "team").get(lead=lead)


def told(kind):
    return sorted(OutboxMessage.objects.filter(kind=kind).values_list("user__email", flat=True).distinct())


def test_a_rep_who_is_absent_inactive_or_full_is_skipped_with_the_reason_shown(rep, other_rep, manager):
    away(rep)
    absent = hot(rep)
    assert (absent.owner, absent.team, absent.routed_by) == (None, rep.team, "owner_absent")
    assert step_details(absent.steps.get()) == "the owner is away · " + f"{rep}: away until Mon 27 Jul, 09:00"
    Absence.objects.all().delete()
    rep.capacity = 0
    rep.save()
    full = hot(rep)
    assert (full.owner, full.routed_by) == (None, "owner_full")
    assert f"{rep}: at the limit (0 of 0)" in step_details(full.steps.get())
    rep.is_active = False
    rep.save()
    inactive = hot(rep)
    assert inactive.owner is None
    assert f"{rep}: inactive" in step_details(inactive.steps.get())
    assert told("handoff.overflow") == []


def test_nobody_left_the_lead_waits_in_the_overflow_queue_and_somebody_is_alerted(client, rep, other_rep, manager):
    for person in (rep, other_rep, manager):
        away(person)
    left = hot(rep)
    assert (left.owner, left.team, left.routed_by) == (None, rep.team, "overflow")
    words = step_details(left.steps.get())
    assert words.startswith("no one in the team can take it · ")
    assert all(f"{person}: away until" in words for person in (rep, other_rep, manager))
    assert told("handoff.overflow") == [manager.email]
    client.force_login(manager)
    listed = client.get(f"{reverse('handoff:queue')}?tab=all&state=overflow").context["rows"]
    assert [row.handoff.pk for row in listed] == [left.pk]
    assert (
        "1 lead waits because no one on the team can take it" in client.get(reverse("handoff:board")).content.decode()
    )


def test_a_batch_fills_nobody_beyond_the_limit(rep, other_rep):
    rep.capacity = 2
    rep.save()
    for _ in range(5):
        episode(LeadFactory(owner=rep))
    open_handoffs(now=FRIDAY)
    assert Handoff.objects.filter(owner=rep).count() == 2
    assert sorted(Handoff.objects.values_list("routed_by", flat=True)) == ["lead_owner"] * 2 + ["owner_full"] * 3


@pytest.mark.parametrize(("at", "is_away"), [(jst(7, 17, 8, 59), False), (jst(7, 17, 9), True), (MONDAY, False)])
def test_an_absence_counts_from_its_start_to_its_end(rep, other_rep, at, is_away):
    away(rep)
    assert (hot(rep, at).owner is None) == is_away


def test_leads_that_nobody_contacted_go_back_when_the_absence_starts_and_only_once(rep, other_rep):
    waiting, spoken = claimed_by(rep), contacted_by(rep)
    absence = away(rep, start=jst(7, 22, 12), returns_leads=True)
    assert return_leads_of_absent(now=jst(7, 22, 11)) == 0
    assert return_leads_of_absent(now=jst(7, 22, 12)) == 1
    waiting.refresh_from_db()
    spoken.refresh_from_db()
    assert (waiting.owner, waiting.state, waiting.lead.owner) == (None, "queued", None)
    assert spoken.owner == rep
    again = claimed_by(rep)
    assert return_leads_of_absent(now=jst(7, 22, 13)) == 0
    again.refresh_from_db()
    assert again.owner == rep
    absence.refresh_from_db()
    assert absence.returned_at == jst(7, 22, 12)


def test_what_entering_an_absence_says_counts_the_own_leads_and_a_later_start_asks_again(rep, other_rep):
    waiting, others = claimed_by(rep), claimed_by(other_rep)
    away(other_rep, start=jst(7, 22, 12), returns_leads=True)
    typed = {"person": rep, "starts_at": jst(7, 22, 12), "ends_at": MONDAY, "note": "", "returns_leads": True}
    absence = Absence()
    assert save_absence(absence=absence, changes=typed, now=jst(7, 22, 13)) == 1
    claim_handoff(handoff=Handoff.objects.get(pk=waiting.pk), by=rep, now=jst(7, 22, 13))
    assert save_absence(absence=absence, changes={"starts_at": jst(7, 24, 9)}, now=jst(7, 22, 14)) == 0
    assert return_leads_of_absent(now=jst(7, 24, 9)) == 2
    assert set(Handoff.objects.filter(pk__in=[waiting.pk, others.pk]).values_list("owner", flat=True)) == {None}


def test_a_rep_enters_an_absence_and_ends_it(client, rep):
    claimed_by(rep)
    client.force_login(rep)
    now = timezone.localtime()
    stamp = "%Y-%m-%dT%H:%M"
    typed = {"person": rep.pk, "starts_at": now.strftime(stamp), "note": "Fair", "returns_leads": "on"}
    refused = client.post(reverse("handoff:absence_new"), typed | {"ends_at": "2020-01-01T09:00"})
    assert (refused.status_code, Absence.objects.count()) == (422, 0)
    assert "The end lies before the start. Choose a later time." in refused.content.decode()
    client.post(reverse("handoff:absence_new"), typed | {"ends_at": (now + timedelta(days=2)).strftime(stamp)})
    page = client.get(reverse("handoff:absences")).content.decode()
    assert "1 lead is back with the team." in page
    assert "away now" in page
    client.post(reverse("handoff:absence_end", args=[Absence.objects.get().pk]))
    assert not Absence.objects.at(timezone.now()).exists()
    past = client.get(f"{reverse('handoff:absences')}?past=1").content.decode()
    assert "Fair" in past
    marked = re.compile(r'class="lq-tab" href="([^"]*)" aria-current="page"')
    assert (marked.findall(page), marked.findall(past)) == (["?"], ["?past=1"])


def test_the_form_begins_now_and_ends_tomorrow_at_nine(client, rep):
    client.force_login(rep)
    with time_machine.travel(jst(7, 22, 14, 30), tick=False):
        page = client.get(reverse("handoff:absence_new")).content.decode()
    assert [stamp in page for stamp in ("2026-07-22T14:30", "2026-07-23T09:00")] == [True, True]


def test_a_rep_enters_nobody_elses_absence(client, rep, other_rep, manager):
    hers = away(other_rep, start=timezone.now(), end=timezone.now() + timedelta(days=1))
    client.force_login(rep)
    assert client.get(reverse("handoff:absence_edit", args=[hers.pk])).status_code == 404
    assert client.post(reverse("handoff:absence_end", args=[hers.pk])).status_code == 404
    now = timezone.localtime()
    typed = {"person": other_rep.pk, "starts_at": now, "ends_at": now + timedelta(days=1)}
    assert client.post(reverse("handoff:absence_new"), typed).status_code == 422
    client.force_login(manager)
    assert client.get(reverse("handoff:absence_edit", args=[hers.pk])).status_code == 200


def test_the_choice_of_an_owner_says_who_is_away_or_full(client, manager, rep, other_rep):
    away(rep, start=timezone.now() - timedelta(hours=1), end=timezone.now() + timedelta(days=1))
    other_rep.capacity = 0
    other_rep.save()
    client.force_login(manager)
    page = client.get(reverse("handoff:assign", args=[handoff_of().pk])).content.decode()
    assert f"{rep}: away until" in page
    assert f"{other_rep}: at the limit (0 of 0)" in page
