"""The board of a team."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from handoff.actions import record_result, reject_handoff
from handoff.models import Handoff, LostReason, RejectReason
from handoff.queries import board as boards
from tests.handoff.pages import PART, names
from tests.handoff.world import CONTACT, FRIDAY, THURSDAY, claimed_by, contacted_by, handoff_of, jst


def just_contacted(rep) -> Handoff:
    return contacted_by(rep, at=timezone.now())


@pytest.fixture
def lost_reason(db):
    return LostReason.objects.order_by("pk").first()


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


def test_the_counts_of_results_lead_to_exactly_their_rows(client, manager, rep, lost_reason):
    said = {"opportunity": {"revenue": 100}, "won": {"revenue": 200}, "recycled": {}, "withdrawn": {}}
    for result, rest in (said | {"lost": {"lost_reason": lost_reason}}).items():
        record_result(handoff=just_contacted(rep), by=rep, result=result, now=timezone.now(), **rest)
    rejected = just_contacted(rep)
    reject_handoff(handoff=rejected, by=rep, reason=RejectReason.objects.all()[0], now=timezone.now())
    old = contacted_by(rep)
    record_result(handoff=old, by=rep, result="won", revenue=1, now=CONTACT)
    client.force_login(manager)
    page = client.get(reverse("handoff:board"))
    html = page.content.decode()
    assert [(column.result.value, column.count) for column in page.context["results"]] == [
        ("opportunity", 1), ("won", 1), ("lost", 1), ("withdrawn", 1), ("recycled", 1), ("rejected", 1),
    ]  # fmt: skip
    for column in page.context["results"]:
        address = f"/queue/?tab=done&closed=30&result={column.result.value}"
        assert address.replace("&", "&amp;") in html
        assert names(client.get(address)) == [card.handoff.lead.name for card in column.cards]


def test_a_card_offers_what_its_reader_may_do_with_it(client, manager, marketer, rep):
    waiting, contacted = handoff_of(), contacted_by(rep)
    for user, offered in ((manager, {"assign", "accept", "result", "reject", "contact"}), (marketer, set())):
        client.force_login(user)
        html = client.get(reverse("handoff:board")).content.decode()
        item = html.split(f'id="card-{contacted.pk}"')[1].split("</li>")[0]
        assert set(re.findall('data-step="([a-z]+)"', item)) == offered
        assert ('draggable="true"' in item) == bool(offered)
    assert waiting.pk != contacted.pk


def test_a_result_form_begins_with_what_the_lead_was_dragged_onto(client, manager, rep):
    handoff = just_contacted(rep)
    client.force_login(manager)
    address = reverse("handoff:result", args=[handoff.pk])
    for asked, chosen in {"won": "won", "lost": "lost", "nonsense": "opportunity"}.items():
        form = client.get(address, {"result": asked}, **PART).context["form"]
        assert form["result"].initial == chosen


def test_the_board_shows_all_that_is_at_risk(client, manager):
    for _number in range(10):
        handoff_of()
    client.force_login(manager)
    assert len(client.get("/handoff/board/").context["at_risk"]) == 10


def test_what_can_still_be_kept_stands_before_what_is_overdue(user_board):
    handoff_of(name="late", at=jst(7, 15, 10))
    handoff_of(name="soon", at=FRIDAY)
    found = user_board(THURSDAY - timedelta(hours=2))
    assert [card.handoff.lead.name for card in found.at_risk] == ["soon", "late"]


def test_the_age_of_a_card_is_business_time(user_board, rep):
    handoff_of(name="waits", at=FRIDAY)  # Friday 17:00; Monday is a public holiday
    claimed_by(rep, name="taken", at=jst(7, 21, 9, 30))
    found = user_board(jst(7, 21, 10))
    ages = {card.handoff.lead.name: card.age for column in found.columns for card in column.cards}
    assert ages == {"waits": "2 business hours", "taken": "30 business minutes"}


def test_a_long_column_shows_the_most_urgent_and_counts_all(user_board):
    for number in range(22):
        handoff_of(name=f"number {number}", at=FRIDAY + timedelta(minutes=number))
    waiting = user_board(jst(7, 21, 10)).columns[0]
    assert (waiting.count, len(waiting.cards)) == (22, 20)
    assert waiting.cards[0].handoff.lead.name == "number 0"


def test_the_board_asks_the_database_no_more_for_more_leads(client, manager, rep, django_assert_num_queries):
    client.force_login(manager)
    claimed_by(rep)
    client.get("/handoff/board/")
    with CaptureQueriesContext(connection) as one:
        client.get("/handoff/board/")
    for _number in range(5):
        handoff_of()
        claimed_by(rep)
    with django_assert_num_queries(len(one)):
        client.get("/handoff/board/")


@pytest.fixture
def user_board(manager):
    """The board of the manager at an instant."""
    return lambda now: boards.board(manager, now)
