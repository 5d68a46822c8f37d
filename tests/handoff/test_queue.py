"""The queue as a person meets it: its order, tabs, counts, filters and rows."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team
from handoff.actions import assign_handoff, snooze_handoff
from handoff.buttons import step_buttons
from handoff.models import Handoff
from handoff.queries.queue import COUNTED_TABS, counts, queue
from handoff.queries.rows import row_of
from leads.models import Lead
from scoring.models import LeadScore, ScoreChange
from scoring.queries.lead_list import page_of_leads
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.handoff.pages import PART, names, post
from tests.handoff.world import CONTACT, claimed_by, contacted_by, handoff_of, jst
from web.paging import matches_of


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
    now = timezone.localtime().replace(hour=12) - timedelta(days=1)  # at no hour of ours does a new day begin meanwhile
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


def test_external_staff_find_above_the_list_how_many_it_holds(client, helper, manager):
    for name in ("first", "second"):
        assign_handoff(handoff=handoff_of(name=name), to=helper, by=manager, now=CONTACT)
    client.force_login(helper)
    page = client.get("/queue/")
    assert (page.context["waiting"], len(page.context["rows"])) == (2, 2)
    assert '<a href="?tab=mine"> 2 waiting</a>' in " ".join(page.content.decode().split())


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
    assert set(re.findall(r'data-key="(.)"', steps)) == {"a", "c", "e", "d", "s"}
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
