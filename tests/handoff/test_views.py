"""The pages and parts of the hand-off as a person meets them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team
from handoff.actions import assign_handoff, claim_handoff, log_contact, offer_next, snooze_handoff
from handoff.buttons import step_buttons
from handoff.enums import HandoffState
from handoff.models import Calendar, Handoff, Outcome, RetryPlan, SlaPolicy
from handoff.queries.queue import COUNTED_TABS, counts, queue
from handoff.queries.rows import row_of
from leads.models import Lead
from scoring.models import LeadScore, ScoreChange
from scoring.queries.lead_list import page_of_leads
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.handoff.world import CONTACT, claimed_by, contacted_by, handoff_of, jst, score_of
from web.paging import matches_of

PART = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def as_rep(client, rep):
    client.force_login(rep)
    return client


def names(response):
    return [row.handoff.lead.name for row in response.context["rows"]]


def post(client, name, handoff, **data):
    return client.post(reverse(f"handoff:{name}", args=[handoff.pk]), data, **PART)


# The queue


def test_the_queue_is_ordered_by_urgency_then_score(as_rep):
    handoff_of(name="Thursday low", at=jst(7, 17, 17), score=7100)
    handoff_of(name="Thursday high", at=jst(7, 17, 16), score=9000)
    handoff_of(name="Wednesday", at=jst(7, 16, 10), score=7000)
    assert names(as_rep.get("/queue/")) == ["Wednesday", "Thursday high", "Thursday low"]


def at_total(handoff, total):
    """The lead's score is now `total`."""
    LeadScore.objects.filter(lead=handoff.lead_id).update(total=total)


def test_within_a_due_day_the_total_of_now_decides_then_the_longer_wait(as_rep):
    """What the score was when the lead became hot does not count any more."""
    now = timezone.now()
    fallen = handoff_of(name="was 90", at=now - timedelta(minutes=30), score=9000)
    handoff_of(name="later", at=now - timedelta(minutes=10), score=8000)
    handoff_of(name="waits longer", at=now - timedelta(minutes=20), score=8000)
    at_total(fallen, 7100)
    page = as_rep.get("/queue/")
    assert names(page) == ["waits longer", "later", "was 90"]
    assert ">71<" in page.context["rows"][2].score


def test_a_call_back_whose_time_has_come_stands_after_what_is_overdue_and_before_the_rest(as_rep, rep):
    now = timezone.now()
    handoff_of(name="high", at=now - timedelta(minutes=30), score=9900)
    handoff_of(name="overdue")  # due in July
    called = claimed_by(rep, name="call back", at=now - timedelta(minutes=20), score=7000)
    snooze_handoff(handoff=called, by=rep, now=now - timedelta(minutes=10), until=now - timedelta(minutes=2))
    assert names(as_rep.get("/queue/?tab=open")) == ["overdue", "call back", "high"]
    assert as_rep.get("/queue/?tab=open").context["rows"][1].call_back.startswith("Call back: ")


def test_pages_of_the_queue_follow_its_order(as_rep, rep, monkeypatch):
    monkeypatch.setattr("handoff.views.queue.PAGE", 2)
    now = timezone.now()
    for number in range(5):
        handoff_of(name=f"n{number}", at=now - timedelta(minutes=number), score=7000 + 100 * (number % 3))
    handoff_of(name="overdue")
    seen, page = [], as_rep.get("/queue/")
    while True:
        seen += names(page)
        if not page.context["more"]:
            break
        page = as_rep.get(f"/queue/{page.context['more']}")
    assert seen == ["overdue", "n2", "n4", "n1", "n3", "n0"]


def test_next_offers_the_first_of_the_list_that_does_not_rest(as_rep, rep):
    now = timezone.now()
    claimed_by(rep, name="low", at=now - timedelta(minutes=9), score=7000)
    high = claimed_by(rep, name="high", at=now - timedelta(minutes=5), score=9000)
    assert as_rep.get("/queue/next/").headers["Location"] == f"/handoff/{high.pk}/"


def test_each_tab_holds_its_part_of_the_work(as_rep, rep, other_rep, manager):
    handoff_of(name="waits")
    claimed_by(rep, name="mine")
    claimed_by(other_rep, name="hers")
    contacted_by(rep, name="no result")
    given = handoff_of(name="given to me")
    assign_handoff(handoff=given, to=rep, by=manager, now=CONTACT)
    asleep = claimed_by(rep, name="asleep")
    snooze_handoff(handoff=asleep, by=rep, until=timezone.now() + timedelta(days=1), now=CONTACT)
    tabs = {
        tab: sorted(names(as_rep.get(f"/queue/?tab={tab}"))) for tab in ("team", "mine", "waiting", "snoozed", "done")
    }
    assert tabs == {
        "team": ["waits"],
        "mine": ["given to me", "mine"],
        "waiting": ["no result"],
        "snoozed": ["asleep"],
        "done": [],
    }


def test_the_counts_say_how_urgent_it_is(as_rep, rep):
    handoff_of()
    handoff_of(at=timezone.now())
    claimed_by(rep)
    counts = as_rep.get("/queue/").context["counts"]
    assert (counts.team, counts.mine, counts.waiting, counts.breached) == (2, 1, 0, 2)


@pytest.mark.parametrize("role", ["rep", "manager", "admin", "helper"])
def test_the_counts_are_those_of_the_tabs(request, rep, other_rep, manager, role):
    for _number in range(2):
        handoff_of()
    claimed_by(rep)
    contacted_by(other_rep)
    asleep = claimed_by(manager)
    snooze_handoff(handoff=asleep, by=manager, until=timezone.now() + timedelta(days=1), now=CONTACT)
    user, now = request.getfixturevalue(role), timezone.now()
    counted = counts(user, now)
    listed = {tab.value: queue(user, tab, now).count() for tab in COUNTED_TABS}
    assert counted.by_tab == listed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=hanako", ["Sato Hanako"]),
        ("q=ACME", ["Sato Hanako"]),
        ("q=100%25", []),
        ("language=ja", ["Sato Hanako"]),
        ("due=overdue", ["Sato Hanako"]),
        ("due=week", ["Daniel Weber", "Sato Hanako"]),
        ("state=cooled", []),
        ("source=999999999", []),
        ("due=nonsense&source=x&language=&state=%00&tab=nowhere", ["Daniel Weber", "Sato Hanako"]),
    ],
)
def test_the_queue_is_narrowed_by_its_address(as_rep, query, found):
    handoff_of(LeadFactory(name="Sato Hanako", language="ja", company=CompanyFactory(name="Acme 株式会社")))
    handoff_of(LeadFactory(name="Daniel Weber", language="de"), at=timezone.now())
    response = as_rep.get(f"/queue/?{query}")
    assert (response.status_code, sorted(names(response))) == (200, found)


def test_a_row_says_why_until_when_and_by_which_rule(as_rep):
    handoff = handoff_of(name="Sato Hanako")
    activity(handoff.lead, "price_view", timezone.now() - timedelta(hours=2, minutes=1))
    words = as_rep.get("/queue/").content.decode()
    assert "Document request, Studied the prices" in words
    assert "Pricing page view" in words
    assert "3 business days · Tokyo calendar" in words


def test_the_reason_is_said_in_the_readers_language(as_rep, rep):
    rep.language = "ja"
    rep.save()
    handoff_of(name="Sato Hanako")
    assert "資料請求、Studied the prices" in as_rep.get("/queue/").content.decode()


def test_more_than_a_page_goes_on_where_the_page_ended(as_rep, monkeypatch):
    monkeypatch.setattr("handoff.views.queue.PAGE", 2)
    for number in range(5):
        handoff_of(name=f"lead {number}", at=jst(7, 16, 10 + number), score=8000)
    first = as_rep.get("/queue/")
    second = as_rep.get("/queue/" + first.context["more"], **PART)
    third = as_rep.get("/queue/" + second.context["more"], **PART)
    assert names(first) + names(second) + names(third) == [f"lead {number}" for number in range(5)]
    assert third.context["more"] == ""


def test_a_forged_place_in_the_list_shows_the_first_page(as_rep):
    handoff_of(name="only")
    assert names(as_rep.get("/queue/?after=forged:x")) == ["only"]


def queries_of(client, address):
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return len(found)


@pytest.mark.parametrize("address", ["/queue/", "/queue/?tab=mine", "/handoff/board/"])
def test_a_page_takes_as_many_queries_for_three_rows_as_for_one(client, manager, address):
    client.force_login(manager)
    for made in (1, 3):
        while Handoff.objects.count() < 2 * made:
            handoff_of(LeadFactory(company=CompanyFactory()))
            claimed_by(manager, lead=LeadFactory(company=CompanyFactory()))
        queries_of(client, address)
        if made == 1:
            one = queries_of(client, address)
    assert queries_of(client, address) == one


def test_next_lead_is_the_most_urgent_of_ones_own_then_of_the_teams(as_rep, rep):
    waiting = handoff_of(at=jst(7, 16, 10))
    assert as_rep.get("/queue/next/").headers["Location"] == f"/handoff/{waiting.pk}/"
    own = claimed_by(rep)
    assert as_rep.get("/queue/next/").headers["Location"] == f"/handoff/{own.pk}/"


# Steps


def test_claiming_from_the_queue_redraws_the_row_and_offers_to_undo(as_rep, rep):
    handoff = handoff_of()
    answer = post(as_rep, "claim", handoff, view="queue")
    words = answer.content.decode()
    assert (answer.status_code, Handoff.objects.get().owner) == (200, rep)
    assert f'id="handoff-{handoff.pk}"' in words
    assert reverse("handoff:undo", args=[handoff.pk]) in words


def test_a_claim_that_lost_the_race_is_a_conflict_in_words(as_rep, other_rep, manager, client):
    handoff = handoff_of()
    claim_handoff(handoff=handoff, by=other_rep, now=CONTACT)
    client.force_login(manager)  # sees what the others work on
    answer = post(client, "claim", handoff, view="queue")
    assert answer.status_code == 409
    assert "Rika Rep claimed this lead before you." in answer.content.decode()
    assert Handoff.objects.get().owner == other_rep


def test_the_whole_path_from_claim_to_a_won_deal(as_rep, rep):
    handoff = handoff_of()
    post(as_rep, "claim", handoff)
    post(as_rep, "contact", handoff, at="2026-07-21T16:00", channel="phone", reached="on", note="wants a demo")
    post(as_rep, "accept", handoff)
    answer = post(as_rep, "result", handoff, result="won", revenue="1200000", currency="JPY")
    outcome = Outcome.objects.get(handoff=handoff)
    handoff.refresh_from_db()
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "lq:close, lq:handoff")
    assert (handoff.state, handoff.lead.stage) == (HandoffState.CLOSED, "customer")
    assert (handoff.contacted_at, outcome.revenue, outcome.currency) == (CONTACT, 1_200_000, "JPY")


def test_cents_become_minor_units_and_yen_have_none(as_rep, rep):
    handoff = contacted_by(rep)
    wrong = post(as_rep, "result", handoff, result="won", revenue="12.34", currency="JPY")
    assert (wrong.status_code, Outcome.objects.count()) == (422, 0)
    assert "JPY doesn’t use decimals. Enter a whole amount." in wrong.content.decode()
    post(as_rep, "result", handoff, result="won", revenue="12.34", currency="USD")
    assert Outcome.objects.get().revenue == 1234


def test_a_won_deal_has_an_amount_unless_the_rep_says_that_it_is_not_known_yet(as_rep, rep):
    handoff = contacted_by(rep)
    missing = post(as_rep, "result", handoff, result="won", currency="JPY", comment="Signed on Monday")
    assert (missing.status_code, Outcome.objects.count()) == (422, 0)
    words = missing.content.decode()
    assert "Enter the deal amount, or select “Amount not known yet”." in words
    assert "Signed on Monday" in words
    post(as_rep, "result", handoff, result="won", amount_unknown="on", currency="JPY")
    handoff.refresh_from_db()
    assert (Outcome.objects.get().revenue, handoff.lead.stage) == (None, "customer")


def test_an_amount_that_is_known_after_all_counts_and_other_results_need_none(as_rep, rep):
    handoff, other = contacted_by(rep), contacted_by(rep)
    post(as_rep, "result", handoff, result="won", amount_unknown="on", revenue="5.25", currency="CHF")
    assert (Outcome.objects.get().revenue, Outcome.objects.get().currency) == (525, "CHF")
    assert post(as_rep, "result", other, result="opportunity", amount_unknown="on").status_code == 200


def test_currencies_of_the_past_are_not_offered_and_not_taken(as_rep, rep):
    handoff = contacted_by(rep)
    offered = as_rep.get(reverse("handoff:result", args=[handoff.pk])).content.decode()
    assert ('value="CHF"' in offered, 'value="DEM"' in offered) == (True, False)
    refused = post(as_rep, "result", handoff, result="won", revenue="5", currency="DEM")
    assert (refused.status_code, Outcome.objects.count()) == (422, 0)


def test_times_are_typed_in_the_readers_zone(as_rep, rep):
    rep.timezone = "America/Sao_Paulo"
    rep.save()
    handoff = claimed_by(rep)
    post(as_rep, "contact", handoff, at="2026-07-21T04:00", channel="phone", reached="on")
    handoff.refresh_from_db()
    assert handoff.contacted_at == CONTACT


def test_the_very_minute_in_which_the_lead_became_hot_is_no_time_before_it(as_rep, rep):
    trigger = jst(7, 17, 17) + timedelta(seconds=40)
    handoff = claimed_by(rep, at=trigger)
    assert post(as_rep, "contact", handoff, at="2026-07-17T17:00", channel="phone", reached="on").status_code == 200
    handoff.refresh_from_db()
    assert handoff.contacted_at == trigger


@pytest.mark.parametrize("at", ["", "tomorrow", "2026-02-30T10:00", "2099-01-01T00:00", "2026-07-01T10:00"])
def test_a_time_that_cannot_be_comes_back_with_what_was_typed(as_rep, rep, at):
    handoff = claimed_by(rep)
    answer = post(as_rep, "contact", handoff, at=at, channel="phone", reached="on", note="wants a demo")
    handoff.refresh_from_db()
    assert (answer.status_code, handoff.state) == (422, HandoffState.CLAIMED)
    assert "wants a demo" in answer.content.decode()


def test_a_lost_deal_needs_a_reason_and_leaves_out_what_belongs_to_other_results(as_rep, rep):
    handoff = contacted_by(rep)
    typed = {"result": "lost", "revenue": "5", "currency": "JPY", "wake_on": "2035-01-01"}
    refused = post(as_rep, "result", handoff, **typed)
    assert (refused.status_code, Outcome.objects.count()) == (422, 0)
    assert "Enter why the deal was lost." in refused.content.decode()
    post(as_rep, "result", handoff, **typed, lost_reason="Too expensive", comment="Asks again in spring")
    handoff.refresh_from_db()
    assert (Outcome.objects.get().result, Outcome.objects.get().revenue, handoff.wake_on) == ("lost", None, None)
    assert handoff.comment == "Too expensive\nAsks again in spring"


def words_of(client, name, handoff):
    return client.get(reverse(f"handoff:{name}", args=[handoff.pk]), **PART).content.decode()


def test_the_contact_dialog_says_what_each_outcome_does_to_the_deadlines(as_rep, rep):
    handoff = claimed_by(rep, at=timezone.now())
    shown = words_of(as_rep, "contact", handoff)
    assert "First contact is done. The result is due" in shown
    assert "Attempt 1. First contact is still due" in shown
    post(as_rep, "contact", handoff, at=f"{timezone.localtime():%Y-%m-%dT%H:%M}", channel="phone", reached="off")
    assert "Attempt 2. First contact is still due" in words_of(as_rep, "contact", handoff)


def test_a_contact_after_the_first_says_that_it_moves_no_deadline(as_rep, rep):
    assert "Added to the contacts. Deadlines don’t change." in words_of(as_rep, "contact", contacted_by(rep))


def test_the_dialogs_of_result_and_rejection_say_what_happens_to_the_lead(as_rep, rep):
    handoff = contacted_by(rep)
    results, reasons = words_of(as_rep, "result", handoff), words_of(as_rep, "reject", handoff)
    assert "The lead becomes a customer." in results
    assert "Why the deal was lost" in results
    assert "The lead returns to nurture and can become hot again." in reasons
    assert "The lead is disqualified and isn’t handed off again." in reasons


def test_snooze_offers_times_at_which_the_team_works(as_rep, rep, monkeypatch):
    friday = jst(7, 17, 17)  # Monday is a holiday
    monkeypatch.setattr("handoff.views.steps.timezone.now", lambda: friday)
    handoff = claimed_by(rep, at=jst(7, 17, 10))
    assert "tomorrow" not in words_of(as_rep, "snooze", handoff)
    found = {}
    for code in ("hours", "morning", "days", "week"):
        post(as_rep, "snooze", handoff, preset=code)
        handoff.refresh_from_db()
        found[code] = handoff.snoozed_until
    assert found == {
        "hours": jst(7, 21, 10), "morning": jst(7, 21, 9), "days": jst(7, 23, 9), "week": jst(7, 21, 9)
    }  # fmt: skip


def test_a_snooze_without_a_time_is_asked_for_one(as_rep, rep):
    answer = post(as_rep, "snooze", claimed_by(rep), preset="")
    assert answer.status_code == 422
    assert "Choose until when to snooze the lead." in answer.content.decode()


def test_an_assigned_lead_is_worked_on_without_a_second_claim(as_rep, rep, manager):
    handoff = handoff_of()
    assign_handoff(handoff=handoff, to=rep, by=manager, now=CONTACT)
    allowed = row_of(Handoff.objects.get(pk=handoff.pk), rep, CONTACT).allowed
    assert (allowed.claim, allowed.contact, allowed.reject, allowed.release) == (False, True, True, True)
    post(as_rep, "contact", handoff, at="2026-07-21T16:00", channel="phone", reached="on")
    handoff.refresh_from_db()
    assert (handoff.state, handoff.owner, handoff.contacted_at) == (HandoffState.CONTACTED, rep, CONTACT)
    assert handoff.claimed_at is not None


def test_a_try_with_an_assigned_lead_claims_it_and_keeps_its_deadline(as_rep, rep, manager):
    handoff = handoff_of()
    due = handoff.due_at
    assign_handoff(handoff=handoff, to=rep, by=manager, now=CONTACT)
    post(as_rep, "contact", handoff, at="2026-07-21T16:00", channel="phone", reached="off")
    handoff.refresh_from_db()
    assert (handoff.state, handoff.contacted_at, handoff.due_at) == (HandoffState.CLAIMED, None, due)
    assert handoff.claimed_at is not None


def test_an_assigned_helper_still_claims_first(helper, manager):
    handoff = handoff_of()
    assign_handoff(handoff=handoff, to=helper, by=manager, now=CONTACT)
    allowed = row_of(Handoff.objects.get(pk=handoff.pk), helper, CONTACT).allowed
    assert (allowed.claim, allowed.contact) == (True, False)


def test_undo_from_the_toast_takes_the_step_back(as_rep, rep):
    handoff = handoff_of()
    post(as_rep, "claim", handoff)
    post(as_rep, "undo", handoff)
    handoff.refresh_from_db()
    assert (handoff.state, handoff.owner) == (HandoffState.QUEUED, None)


def test_without_script_a_step_is_a_plain_form_that_leads_back(as_rep):
    handoff = handoff_of()
    answer = as_rep.post(reverse("handoff:claim", args=[handoff.pk]))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/handoff/{handoff.pk}/")


def test_a_helper_reads_contact_data_only_after_claiming(client, helper, manager):
    handoff = handoff_of(email="secret@example.net", phone="03-1111-2222")
    assign_handoff(handoff=handoff, to=helper, by=manager, now=CONTACT)
    client.force_login(helper)
    hidden = client.get(reverse("handoff:peek", args=[handoff.pk]), **PART).content.decode()
    assert "secret@example.net" not in hidden
    assert "03-1111-2222" not in hidden
    claim_handoff(handoff=handoff, by=helper, now=CONTACT)
    shown = client.get(reverse("handoff:peek", args=[handoff.pk]), **PART).content.decode()
    assert "secret@example.net" in shown


# SLA and calendars


def test_an_sla_reads_as_a_sentence_and_is_rehearsed(client, admin):
    client.force_login(admin)
    words = client.get("/handoff/sla/").content.decode()
    assert "first contact within 3 business days" in words
    assert "If a lead became hot now:" in words


def test_a_changed_promise_does_not_move_clocks_that_run(client, admin, team):
    handoff = handoff_of()
    due = handoff.due_at
    client.force_login(admin)
    policy = SlaPolicy.objects.get(promise="first_contact")
    form = {"amount": 1, "mode": "business_days", "warn_percent": 50, "is_active": "on"}
    assert client.post(reverse("handoff:sla_edit", args=[policy.pk]), form).status_code == 303
    handoff.refresh_from_db()
    assert (handoff.due_at, handoff_of().due_at) == (due, jst(7, 21, 18))


HOURS = {f"day_{number}": "9:00-12:00, 13:00-18:00" for number in range(5)}


def test_hours_are_typed_as_people_write_them(client, admin):
    client.force_login(admin)
    form = {
        "name": "Osaka",
        "timezone": "Asia/Tokyo",
        "holidays_country": "JP",
        **HOURS,
        "day_5": "９：００〜１２：００",
    }
    client.post(reverse("handoff:calendar_new"), form)
    week = Calendar.objects.get(name="Osaka").week
    assert (week[0], week[5], week[6]) == ([["09:00", "12:00"], ["13:00", "18:00"]], [["09:00", "12:00"]], [])


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({}, "no working hours in the next year"),
        ({"day_0": "18:00-9:00"}, "must end after it starts"),
        ({"day_0": "9:00-12:00, 11:00-18:00"}, "overlap"),
        ({"day_0": "nine to five"}, "isn’t a period. Write it like 9:00-18:00"),
        ({"day_0": "9:70-18:00"}, "isn’t a time of day"),
        ({"day_0": "9:00-24:30"}, "must end after it starts"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_in_words(client, admin, hours, words):
    client.force_login(admin)
    answer = client.post(reverse("handoff:calendar_new"), {"name": "Never", "timezone": "Asia/Tokyo", **hours})
    assert (answer.status_code, Calendar.objects.filter(name="Never").exists()) == (422, False)
    assert words in answer.content.decode()


def test_an_unknown_time_zone_is_refused(client, admin):
    client.force_login(admin)
    form = {"name": "Moon", "timezone": "../etc/passwd", **HOURS}
    assert client.post(reverse("handoff:calendar_new"), form).status_code == 422


def test_a_half_day_moves_the_close_of_business(client, admin, team):
    client.force_login(admin)
    calendar = Calendar.objects.get(is_default=True)
    form = {"day": "2026-07-23", "name": "Inventory", "intervals": "9:00-12:00"}
    client.post(reverse("handoff:closing_add", args=[calendar.pk]), form)
    assert handoff_of().due_at == jst(7, 23, 12)


def test_closings_may_not_close_the_office_for_good(client, admin):
    client.force_login(admin)
    calendar = Calendar.objects.create(name="One day", week=[[], [], [], [], [], [], []], holidays_country="")
    open_day = timezone.localdate() + timedelta(days=30)
    calendar.closings.create(day=open_day, name="Open day", intervals=[["09:00", "12:00"]])
    form = {"day": open_day.isoformat(), "name": "Closed after all"}
    answer = client.post(reverse("handoff:closing_add", args=[calendar.pk]), form)
    assert (answer.status_code, calendar.closings.get().name) == (422, "Open day")


def test_the_preview_shows_hours_that_are_not_saved_yet(client, admin):
    client.force_login(admin)
    form = {"timezone": "Asia/Tokyo", "holidays_country": "JP", **{f"day_{n}": "10:00-11:00" for n in range(7)}}
    answer = client.post(reverse("handoff:calendar_preview"), form, **PART)
    assert "10:00–11:00" in answer.content.decode()
    assert Calendar.objects.count() == 1


# The board


def test_the_board_shows_columns_load_and_what_is_at_risk(client, manager, rep):
    handoff_of()
    claimed_by(rep)
    client.force_login(manager)
    context = client.get("/handoff/board/").context
    assert [(column.state, column.count) for column in context["columns"]] == [
        ("queued", 1), ("claimed", 1), ("contacted", 0), ("accepted", 0),
    ]  # fmt: skip
    assert [(load.person, load.open) for load in context["loads"]] == [(rep, 1)]
    assert len(context["at_risk"]) == 2


def test_without_an_active_team_the_queue_says_why_it_is_empty(client, admin, rep, team):
    seen = []
    for active in (True, False):
        Team.objects.update(is_active=active)
        for user in (admin, rep):
            client.force_login(user)
            page = client.get(reverse("handoff:queue")).content.decode()
            seen.append(("No active team" in page, "/settings/teams/" in page, "Ask an administrator" in page))
    assert seen == [(False, False, False)] * 2 + [(True, True, False), (True, False, True)]


@pytest.mark.parametrize("view", ["'><b id=x>", '"><b id=x>', "panel&x=1"])
def test_what_an_address_says_of_its_view_never_becomes_html(as_rep, view):
    handoff = handoff_of()
    answer = as_rep.get(reverse("handoff:peek", args=[handoff.pk]), {"view": view}, **PART).content.decode()
    assert "<b id" not in answer
    assert "x=1" not in answer


def test_a_view_in_a_button_is_escaped_whoever_passes_it(rep):
    row = row_of(handoff_of(), rep, timezone.now())
    drawn = step_buttons(row, view="'\"><b>", csrf_token="t'>", is_small=False)
    assert "<b>" not in drawn
    assert "t'>" not in drawn


def test_a_helper_finds_nobody_in_the_queue_by_what_is_masked(client, helper, manager):
    handoff = handoff_of(name="Sato Hanako", email="hidden@acme.example", phone="03-9999-0000")
    assign_handoff(handoff=handoff, to=helper, by=manager, now=CONTACT)
    client.force_login(helper)
    for words, found in (("hanako", ["Sato Hanako"]), ("hidden", []), ("9999", []), ("acme.example", [])):
        assert names(client.get("/queue/", {"tab": "mine", "q": words})) == found, words


def test_an_empty_list_leads_to_the_teams_queue_only_whoever_has_one(client, helper, rep):
    for person, is_offered in ((helper, False), (rep, True)):
        client.force_login(person)
        page = client.get("/queue/?tab=mine").content.decode()
        assert ("View team queue" in page) == is_offered


def test_a_preview_opened_by_itself_is_the_leads_page(as_rep):
    handoff = handoff_of()
    answer = as_rep.get(reverse("handoff:peek", args=[handoff.pk]))
    assert answer.headers["Location"] == reverse("handoff:detail", args=[handoff.pk])


# Calling one after another


def test_next_after_not_reached_gives_another_lead_and_the_try_stands_on_the_row(as_rep, rep):
    now = timezone.now()
    first = claimed_by(rep, name="First", at=now - timedelta(minutes=9))
    second = claimed_by(rep, name="Second", at=now - timedelta(minutes=5), score=7000)
    log_contact(handoff=first, by=rep, at=now, channel="phone", now=now, reached=False)
    assert as_rep.get("/queue/next/").headers["Location"] == f"/handoff/{second.pk}/"
    assert "Not reached 1 of 3, again" in as_rep.get("/queue/?tab=mine").content.decode()


def tried(user, handoff, at):
    log_contact(handoff=handoff, by=user, at=at, channel="phone", now=at, reached=False)
    return handoff


def without_a_plan(team):
    RetryPlan.objects.create(team=team, steps=[])


def test_whoever_was_tried_comes_back_after_an_hour_where_there_is_no_plan(rep, team):
    without_a_plan(team)
    now = timezone.now()
    handoff = tried(rep, claimed_by(rep, at=now - timedelta(hours=2)), now - timedelta(minutes=59))
    assert offer_next(by=rep, now=now) is None
    assert offer_next(by=rep, now=now + timedelta(minutes=2)) == handoff


def test_how_long_a_lead_rests_after_a_failed_call_is_a_setting(client, admin, rep, team):
    without_a_plan(team)
    now = timezone.now()
    handoff = tried(rep, claimed_by(rep, at=now - timedelta(hours=2)), now - timedelta(minutes=20))
    client.force_login(admin)
    refused = client.post(reverse("handoff:call_rules"), {"rest_minutes": "1441"})
    assert (refused.status_code, offer_next(by=rep, now=now)) == (422, None)
    client.post(reverse("handoff:call_rules"), {"rest_minutes": "15"})
    assert offer_next(by=rep, now=now) == handoff
    assert "skips the lead for 15 min" in client.get(reverse("handoff:sla")).content.decode()


def test_whoever_was_tried_and_is_overdue_is_offered_at_once(rep):
    now = timezone.now()
    handoff = tried(rep, claimed_by(rep), now - timedelta(minutes=1))  # due in July
    assert offer_next(by=rep, now=now) == handoff


def test_whoever_was_tried_and_is_active_again_is_offered_at_once(rep):
    now = timezone.now()
    handoff = tried(rep, claimed_by(rep, at=now - timedelta(hours=2)), now - timedelta(minutes=30))
    activity(handoff.lead, "unsubscribe", now - timedelta(minutes=20))
    assert offer_next(by=rep, now=now) is None
    activity(handoff.lead, "price_view", now - timedelta(minutes=10))
    assert offer_next(by=rep, now=now) == handoff


def test_with_nobody_to_call_next_says_when_somebody_comes_back(as_rep, rep):
    tried(rep, claimed_by(rep, at=timezone.now() - timedelta(hours=2)), timezone.now())
    answer = as_rep.get("/queue/next/", follow=True)
    assert "Leads you didn’t reach come back after 1 h." in answer.content.decode()


def test_brackets_walk_the_queue_one_came_from(as_rep, rep):
    first, second, third = (claimed_by(rep, name=f"lead {day}", at=jst(7, day, 10)) for day in (14, 15, 16))
    row = as_rep.get("/queue/?tab=mine").context["rows"][1]
    assert row.address == f"/handoff/{second.pk}/?queue=tab%3Dmine"
    page = as_rep.get(as_rep.get(row.address).headers["Location"])
    assert f"/handoff/lead/{second.lead_id}/neighbours/?queue=tab%3Dmine" in page.content.decode()
    address = reverse("handoff:neighbours", args=[second.lead_id])
    found = as_rep.get(f"{address}?queue=tab%3Dmine").context
    assert (found["before"], found["after"]) == (first.lead_id, third.lead_id)
    left = as_rep.get(f"{address}?queue=tab%3Dteam").context
    assert (left["before"], left["after"]) == (None, None)


def test_brackets_walk_the_columns_of_the_board(client, manager, rep):
    first, second = (claimed_by(rep, name=f"lead {day}", at=jst(7, day, 10)) for day in (14, 15))
    client.force_login(manager)
    address = f"/handoff/{first.pk}/?queue=tab%3Dall%26state%3Dclaimed"
    assert address in client.get(reverse("handoff:board")).content.decode()
    assert "queue=tab%3Dall%26state%3Dclaimed" in client.get(address).headers["Location"]
    walk = f"{reverse('handoff:neighbours', args=[first.lead_id])}?queue=tab%3Dall%26state%3Dclaimed"
    found = client.get(walk).context
    assert (found["before"], found["after"]) == (None, second.lead_id)


def test_brackets_walk_the_unattended_leads(client, manager):
    leads = [LeadFactory(name=name, team=manager.team) for name in ("high", "low")]
    for lead, total in zip(leads, (9000, 8000), strict=True):
        score_of(lead, total)
    client.force_login(manager)
    address = f"/leads/{leads[0].pk}/?queue=unattended%3D1"
    assert address in client.get(reverse("handoff:unattended")).content.decode()
    page = client.get(address).content.decode()
    walk = f"{reverse('handoff:neighbours', args=[leads[0].pk])}?queue=unattended%3D1"
    assert walk in page
    assert (client.get(walk).context["before"], client.get(walk).context["after"]) == (None, leads[1].pk)


def test_a_lead_that_left_the_list_is_followed_by_its_first(as_rep, rep):
    waits, taken = handoff_of(), claimed_by(rep)
    found = as_rep.get(f"{reverse('handoff:neighbours', args=[taken.lead_id])}?queue=tab%3Dteam").context
    assert (found["before"], found["after"]) == (None, waits.lead_id)


def test_the_trend_of_the_queue_is_that_of_the_lists(rep):
    handoff, now = claimed_by(rep), timezone.now()
    score = LeadScore.objects.get(lead=handoff.lead)
    ScoreChange.objects.create(
        lead=score.lead, model=score.model, version=score.version, at=now - timedelta(days=3), total=score.total,
        total_before=score.total - 600, fit=0, engagement=0, qualification=0, band="hot", band_before="warm",
        grade="A1", hot=[True],
    )  # fmt: skip
    dressed = page_of_leads(matches_of(Lead.objects.all()), sort="-created", model=score.model, now=now)
    assert (row_of(handoff, rep, now).trend, dressed.rows[0].trend) == (600, 600)


def test_the_keys_of_a_page_stand_in_its_list_of_keys(as_rep, rep):
    handoff = claimed_by(rep)
    queue_page = as_rep.get("/queue/").content.decode()
    lead_page = as_rep.get(f"/leads/{handoff.lead_id}/").content.decode()
    assert "Move through the rows" in queue_page
    assert "Previous and next lead in list" in lead_page


def test_no_key_of_the_leads_page_is_that_of_a_step(rep):
    handoff = contacted_by(rep)
    steps = str(step_buttons(row_of(handoff, rep, CONTACT), view="panel", csrf_token="x", is_small=False))
    assert set(re.findall(r'data-key="(.)"', steps)) == {"a", "c", "e", "x", "s"}
    assert len(re.findall(r'data-key="(.)"', steps)) == 5


def test_the_menus_of_preview_and_row_are_two(rep):
    row = row_of(claimed_by(rep), rep, CONTACT)
    menus = [str(step_buttons(row, view="queue", csrf_token="x", is_small=small)) for small in (True, False)]
    first, second = (re.search(r'popovertarget="([^"]+)"', menu).group(1) for menu in menus)
    assert first != second


def test_the_counts_in_the_heading_lead_to_exactly_their_rows(client, manager, rep):
    now = timezone.now()
    late = [handoff_of(), contacted_by(rep), claimed_by(manager)]
    handoff_of(name="new", at=now)
    due_today = handoff_of(name="today", at=now)
    midnight = timezone.localtime(now).replace(hour=23, minute=59, second=59)
    Handoff.objects.filter(pk=due_today.pk).update(due_at=midnight)
    client.force_login(manager)
    page = client.get("/queue/")
    counted, words = page.context["counts"], page.content.decode()
    for address, number in {
        "?tab=team": counted.team,
        "?tab=open&due=rest_of_today": counted.due_today,
        "?tab=open&due=overdue": counted.breached,
    }.items():
        assert f'href="{address.replace("&", "&amp;")}"' in words
        assert len(client.get(f"/queue/{address}").context["rows"]) == number
    assert (counted.due_today, counted.breached) == (1, len(late))


def test_counts_and_tabs_follow_a_step_at_once(as_rep):
    handoff = handoff_of()
    address = reverse("handoff:claim", args=[handoff.pk])
    headers = {**PART, "HTTP_HX_CURRENT_URL": "http://testserver/queue/?tab=team"}
    answer = as_rep.post(address, {"view": "queue"}, **headers)
    words = answer.content.decode()
    assert (answer.context["counts"].team, answer.context["counts"].mine) == (0, 1)
    assert 'id="queue-counts" hx-swap-oob="true"' in words
    assert [tab.count for tab in answer.context["tabs"]] == [0, 1, 0, 0, None]
    elsewhere = {**PART, "HTTP_HX_CURRENT_URL": "http://testserver/handoff/board/"}
    assert "queue-counts" not in post(as_rep, "snooze", handoff, preset="week", view="queue").content.decode()
    assert "queue-counts" not in as_rep.post(address, {"view": "queue"}, **elsewhere).content.decode()


def test_a_row_says_why_to_call_now_and_which_definition_made_the_lead_hot(as_rep):
    now = timezone.now()
    company = CompanyFactory(name="Acme", employees=731)
    handoff = handoff_of(LeadFactory(name="Sato", title="Manager", company=company))
    noon = timezone.localtime(now).replace(hour=12, minute=0) - timedelta(days=1)
    activity(handoff.lead, "price_view", noon)
    activity(handoff.lead, "price_view", noon + timedelta(minutes=5))
    activity(handoff.lead, "document_request", noon - timedelta(days=1))
    activity(handoff.lead, "unsubscribe", noon)
    row = as_rep.get("/queue/").context["rows"][0]
    assert row.why.startswith("Pricing page view 2 times (last yesterday), Document request ")
    assert row.reasons == "Hot lead: Document request, Studied the prices"
    assert (row.position, row.company) == ("Manager", "Acme · 731 employees")


def test_the_counts_of_the_board_lead_to_exactly_their_rows(client, manager, rep):
    handoff_of(name="waits")
    handoff_of(name="fresh", at=timezone.now())
    claimed_by(rep, name="his", at=jst(7, 15, 10))
    contacted_by(rep, name="spoken with")
    client.force_login(manager)
    page = client.get(reverse("handoff:board"))
    html = page.content.decode()
    wanted = {f"/queue/?tab=all&amp;state={column.state}": column.count for column in page.context["columns"]}
    wanted |= {f"/queue/?tab=all&amp;owner={load.person.pk}": load.open for load in page.context["loads"]}
    wanted["/queue/?tab=all&amp;due=soon"] = page.context["at_risk_count"]
    assert sorted(wanted.values()) == [0, 1, 1, 2, 2, 3]
    for address, count in wanted.items():
        assert address in html
        assert len(names(client.get(address.replace("&amp;", "&")))) == count, address


def test_the_board_shows_all_that_is_at_risk(client, manager):
    for _number in range(10):
        handoff_of()
    client.force_login(manager)
    assert len(client.get("/handoff/board/").context["at_risk"]) == 10
