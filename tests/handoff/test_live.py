"""What open pages are told: the news of a list, its rows that changed, and nothing that a reader may not see."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from background import live as news_of_all
from frame.live import event_stream
from handoff.actions import claim_handoff, release_handoff
from handoff.live import hears_of, tell_presence
from tests.clients import as_
from tests.handoff.world import CONTACT, claimed_by, handoff_of

PART = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def published(monkeypatch):
    """All that was announced, as it went out."""
    sent = []
    monkeypatch.setattr(news_of_all, "_publish", lambda text: sent.append(json.loads(text)))
    return sent


def ask(user, handoffs, **given):
    shown = ",".join(str(handoff.pk) for handoff in handoffs)
    return as_(user).get("/queue/news/", {"shown": shown, "is_whole": "1", **given}, **PART)


def test_news_counts_what_came_and_what_went(rep, other_rep):
    first, gone = handoff_of(), handoff_of()
    handoff_of()
    claim_handoff(handoff=gone, by=other_rep, now=CONTACT)
    news = ask(rep, [first, gone])
    assert (news.context["new"], news.context["left"]) == (1, 1)


def test_of_a_list_with_more_pages_only_what_is_newer_or_has_moved_is_new(rep):
    now = timezone.now()
    returned, shown, _below = claimed_by(rep), handoff_of(), handoff_of()
    newest = max(shown.pk, _below.pk)
    release_handoff(handoff=returned, by=rep, now=now)
    news = ask(rep, [shown], is_whole="", newest=newest, drawn_at=(now - timedelta(seconds=1)).timestamp())
    assert news.context["new"] == 1
    handoff_of()
    assert ask(rep, [shown], is_whole="", newest=newest).context["new"] == 1


@pytest.mark.parametrize("odd", ["²", "x,y", "", "9" * 30])
def test_what_makes_no_sense_in_the_question_is_left_out(rep, odd):
    news = ask(rep, [], shown=odd, newest=odd, since=odd, drawn_at=odd, here=odd)
    assert (news.status_code, news.context["new"], news.context["left"]) == (200, 0, 0)


def test_a_row_that_changed_is_drawn_again_and_one_that_a_colleague_claimed_says_by_whom(rep, other_rep, manager):
    handoff, quiet = handoff_of(), handoff_of()
    now = timezone.now()
    claim_handoff(handoff=handoff, by=other_rep, now=now)
    told = ask(rep, [handoff, quiet], since=now.timestamp()).content.decode()
    assert f'id="steps-{handoff.pk}" data-gone' in told
    assert "Rika Rep claimed it" in told
    assert f"handoff-{quiet.pk}" not in told
    redrawn = ask(manager, [handoff, quiet], since=now.timestamp()).context["rows"]
    assert [row.handoff.pk for row in redrawn] == [handoff.pk]


def test_a_claim_in_another_team_and_one_for_external_staff_is_told_to_nobody(other_rep, outsider, helper):
    handoff, now = handoff_of(), timezone.now()
    claim_handoff(handoff=handoff, by=other_rep, now=now)
    for reader in (outsider, helper):
        assert ask(reader, [handoff], since=now.timestamp()).context["gone"] == []


def test_a_step_is_announced_to_the_team_and_to_whoever_has_the_lead_after_its_transaction(
    rep, published, django_capture_on_commit_callbacks
):
    handoff = handoff_of()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        claim_handoff(handoff=handoff, by=rep, now=CONTACT)
        assert published == []
    assert published == [
        {"topic": "handoff", "kind": "step", "handoffs": [handoff.pk], "teams": [rep.team_id], "people": [rep.pk]}
    ]


def test_everybody_hears_what_concerns_them(
    rep, manager, marketer, outsider, helper, published, django_capture_on_commit_callbacks
):
    handoff = claimed_by(helper)
    with django_capture_on_commit_callbacks(execute=True):
        tell_presence(handoff)
        release_handoff(handoff=handoff, by=helper, now=CONTACT)
    presence, step = published
    heard = {
        user.name.split()[1]: (hears_of(user)(presence), hears_of(user)(step))
        for user in (rep, manager, marketer, outsider, helper)
    }
    assert heard == {
        "Rep": (True, True),
        "Manager": (True, True),
        "Marketer": (True, True),
        "Outsider": (False, False),
        "Helper": (False, True),
    }


def test_a_server_that_cannot_stream_tells_the_browser_not_to_come_back():
    assert event_stream(RequestFactory().get("/"), "handoff", lambda news: True).status_code == 204
