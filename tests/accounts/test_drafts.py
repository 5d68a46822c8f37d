"""Drafts: what is typed outlives reload and sign-out for a day, for its author alone, and goes with the sent form."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.drafts import draft_of, forget_drafts, save_draft
from accounts.models import Draft
from handoff.models import Contact
from leads.actions.erasure import erase_lead
from leads.enums import ErasureReason
from tests.clients import as_
from tests.factories import LeadFactory
from tests.handoff.world import claimed_by

PLACE = "/handoff/7/contact/"
HOUR = timedelta(hours=1)


def typed(user, values, place=PLACE, about="7"):
    data = {"place": place, "about": about, "values": values if isinstance(values, str) else json.dumps(values)}
    return as_(user).post(reverse("accounts:draft"), data)


@pytest.mark.django_db
def test_a_draft_is_given_back_to_its_author_alone_with_the_time_it_was_saved_at(rep, other_rep):
    assert typed(rep, {"note": "wants <b>30</b> seats"}).status_code == 204
    mine = as_(rep).get(reverse("accounts:draft"), {"place": PLACE})
    assert "wants &lt;b&gt;30&lt;/b&gt; seats" in mine.content.decode()
    assert "restored." in mine.content.decode()
    assert as_(other_rep).get(reverse("accounts:draft"), {"place": PLACE}).status_code == 204


@pytest.mark.django_db
def test_a_newer_draft_takes_the_place_of_the_older_and_an_empty_one_discards_it(rep):
    typed(rep, {"note": "a"})
    typed(rep, {"note": "ab"})
    assert Draft.objects.get().values == {"note": "ab"}
    typed(rep, {})
    assert Draft.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("values", ["no json", "[1]", '{"note": 5}', json.dumps({"note": "x" * 30_000})])
def test_what_is_no_draft_or_too_long_is_not_kept(rep, values):
    assert (typed(rep, values).status_code, Draft.objects.count()) == (204, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(("place", "about"), [("https://elsewhere/", "7"), ("", "7"), (PLACE, "x"), (PLACE, "9" * 30)])
def test_a_draft_of_nowhere_or_about_nobody_is_refused(rep, place, about):
    assert (typed(rep, {"note": "a"}, place, about).status_code, Draft.objects.count()) == (400, 0)


@pytest.mark.django_db
def test_a_draft_lasts_a_day(rep):
    now = timezone.now()
    save_draft(by=rep, place=PLACE, about=7, values={"note": "a"}, now=now)
    assert [draft_of(rep, PLACE, now + hours * HOUR) is not None for hours in (0, 23, 24)] == [True, True, False]
    assert [forget_drafts(now=now + hours * HOUR) for hours in (23, 24)] == [0, 1]


@pytest.mark.django_db
def test_the_form_that_is_taken_takes_its_draft_along_and_one_that_is_refused_keeps_it(rep):
    handoff = claimed_by(rep, at=timezone.now() - HOUR)
    place = reverse("handoff:contact", args=[handoff.pk])
    typed(rep, {"note": "said"}, place)
    sent = {"at": "", "channel": "phone", "outcome": "spoke", "draft": "1"}
    assert as_(rep).post(place, sent).status_code == 422
    assert Draft.objects.count() == 1
    as_(rep).post(place, sent | {"at": f"{timezone.localtime():%Y-%m-%dT%H:%M}"})
    assert (Contact.objects.count(), Draft.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_erasing_a_person_erases_what_anybody_was_typing_about_them(rep, admin):
    lead = LeadFactory(name="Hanako Sato")
    typed(rep, {"note": "Hanako Sato wants to be forgotten"}, about=str(lead.pk))
    typed(rep, {"note": "another"}, place="/todos/lead/1/add/", about="123456")
    erase_lead(lead=lead, by=admin, reason=ErasureReason.ASKED, now=timezone.now())
    assert [draft.about for draft in Draft.objects.all()] == [123456]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_typed_text_survives_reload_and_sign_out_and_can_be_discarded(sign_in, rep):
    handoff = claimed_by(rep, lead=LeadFactory(name="Mine"), at=timezone.now() - HOUR)
    desk = sign_in(rep, "/day/")

    def open_dialog(page):
        page.locator(f"#handoff-{handoff.pk}").get_by_role("link", name="Log contact").click()
        return page.locator("#dialog")

    note = open_dialog(desk).get_by_label("Note")
    note.fill("Wants 30 seats")
    desk.reload()
    dialog = open_dialog(desk)
    expect(dialog.locator(".lq-draft")).to_contain_text("restored")
    expect(dialog.get_by_label("Note")).to_have_value("Wants 30 seats")
    desk.context.clear_cookies()  # signed out, and in again
    again = sign_in(rep, "/day/")
    dialog = open_dialog(again)
    expect(dialog.get_by_label("Note")).to_have_value("Wants 30 seats")
    dialog.get_by_role("button", name="Discard").click()
    expect(dialog.get_by_label("Note")).to_have_value("")
    expect(dialog.locator(".lq-draft")).to_have_count(0)
    again.wait_for_load_state("networkidle")
    assert Draft.objects.count() == 0
