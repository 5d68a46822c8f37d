"""How many leads a publication gives to sales is said, and asked, before it happens."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from engine import parse
from handoff.actions import open_handoffs
from handoff.models import Handoff
from scoring.actions import publish_version, run_rescores, score_all_dirty
from scoring.models import Episode, ScoringModel, Version
from studio.draft.store import draft_token, start_model
from studio.queries.handoffs import handed_over_by
from tests.factories import LeadFactory, activity
from tests.published import document, mail_rule

HOUR = timedelta(hours=1)
EASY = document(mail_rule(points=80))


def readers(now: Any, **fields: Any) -> Any:
    lead = LeadFactory(**fields)
    activity(lead, "email_open", now - HOUR)
    return lead


def publish_all(model: ScoringModel, admin: Any, now: Any) -> None:
    publish_version(model=model, by=admin, note="x", now=now)
    run_rescores(now=now)
    score_all_dirty(now=now)
    open_handoffs(now=now)


@pytest.mark.parametrize(
    "fields",
    [
        {"stage": "customer"}, {"stage": "opportunity"}, {"stage": "disqualified"}, {"stage": "nurture"},
        {"consent": False}, {"is_competitor": True},
    ],
)  # fmt: skip
def test_a_first_publish_hands_over_nobody_who_has_bought_was_put_aside_or_refused(team, admin, now, fields):
    lead = readers(now, **fields)
    publish_all(start_model(name="Default", document=EASY, by=admin, now=now), admin, now)
    assert (Episode.objects.count(), Handoff.objects.count()) == (0, 0)
    lead.refresh_from_db()
    assert lead.stage == fields.get("stage", "inquiry")


def test_only_models_that_hand_over_open_hand_offs(team, admin, publish, now):
    readers(now)
    publish(document(mail_rule()), at=now)
    second = start_model(name="Pilot", document=EASY, by=admin, now=now)
    publish_all(second, admin, now + HOUR)
    assert (second.hands_over, Episode.objects.get().model, Handoff.objects.count()) == (False, second, 0)


def test_the_page_says_how_many_leads_are_handed_over_and_asks(client, team, admin, now):
    for _ in range(3):
        readers(now)
    readers(now, stage="customer")
    model = start_model(name="Default", document=EASY, by=admin, now=now)
    client.force_login(admin)
    address, sent = reverse("studio:publish", args=[model.pk]), {"note": "x", "seen": draft_token(model)}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "Publishing hands off 3 leads to sales." in " ".join(answer.content.decode().split())
    assert Version.objects.count() == 0
    assert client.post(address, sent | {"handoffs": "2"}).status_code == 422
    assert Version.objects.count() == 0
    assert client.post(address, sent | {"handoffs": "3"}).status_code == 303
    assert Version.objects.count() == 1


def test_the_question_comes_first_is_focused_and_its_button_says_what_it_does(client, team, admin, now):
    readers(now)
    readers(now)
    model = start_model(name="Default", document=EASY, by=admin, now=now)
    client.force_login(admin)
    page = client.post(reverse("studio:publish", args=[model.pk]), {"note": "why", "seen": draft_token(model)})
    main = page.content.decode().partition("<main")[2]
    places = [main.index(words) for words in ("autofocus", "Publish and hand off 2 leads", "What changes")]
    assert places == sorted(places)
    assert main.count('name="handoffs"') == main.count('name="note"') == 1


def test_what_was_said_is_what_happens(team, admin, now):
    for fields in ({}, {}, {"stage": "disqualified"}, {"is_anonymous": True, "email": "", "name": ""}):
        readers(now, **fields)
    model = start_model(name="Default", document=EASY, by=admin, now=now)

    said = handed_over_by(parse(EASY).document, model=model, t=now)
    publish_all(model, admin, now)
    assert (said, Handoff.objects.filter(closed_at=None).count()) == (2, 2)


def test_the_command_says_how_many_and_stops_where_it_would_be_more(team, admin, now):
    readers(now)
    start_model(name="Default", document=EASY, by=admin, now=now)
    told = StringIO()
    with pytest.raises(CommandError, match="Nothing was published"):
        call_command("scoring_model", "--language", "en", "publish", "Default", "--at-most", "0", stderr=told)
    assert "Publishing hands off 1 lead to sales." in told.getvalue()
    assert Version.objects.count() == 0
    call_command("scoring_model", "publish", "Default", "--at-most", "1", stdout=StringIO(), stderr=told)
    assert Version.objects.count() == 1


def test_at_a_terminal_the_command_asks(team, admin, now, monkeypatch):
    readers(now)
    start_model(name="Default", document=EASY, by=admin, now=now)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda words: "n")
    with pytest.raises(CommandError, match="Nothing was published"):
        call_command("scoring_model", "--language", "en", "publish", "Default", stdout=StringIO(), stderr=StringIO())
    assert Version.objects.count() == 0
    call_command("scoring_model", "publish", "Default", "--yes", stdout=StringIO(), stderr=StringIO())
    assert Version.objects.count() == 1


def test_switching_a_model_to_hand_over_asks_for_those_who_wait_and_leaves_the_past(client, team, admin, publish, now):
    readers(now)
    publish(document(mail_rule()), at=now)
    second = start_model(name="Pilot", document=EASY, by=admin, now=now)
    publish_all(second, admin, now + HOUR)
    cooled = Episode.objects.get()
    Episode.objects.filter(pk=cooled.pk).update(ended_at=now + 2 * HOUR, end_cause="cooled")
    Episode.objects.create(
        lead=LeadFactory(), model=second, version=cooled.version, number=1, definition="Hot lead", score=8000,
        started_at=now + HOUR,
    )  # fmt: skip
    client.force_login(admin)
    address = reverse("studio:hands_over", args=[second.pk])
    answer = client.post(address, {"on": "yes"})
    assert "1 lead is hot by “Pilot” now" in " ".join(answer.content.decode().split())
    assert not ScoringModel.objects.get(pk=second.pk).hands_over
    assert client.post(address, {"on": "yes", "handoffs": "1"}).status_code == 303
    assert open_handoffs(now=now + 3 * HOUR) == 1
    assert Handoff.objects.get().episode != cooled
