"""From the press of a rep to the names that marketing tries a rule with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from handoff.models import Feedback
from scoring.models import Episode, ScoreChange
from tests.factories import LeadFactory
from tests.handoff.world import contacted_by

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_press_rates_a_lead_and_two_presses_try_its_rules_off(sign_in: Any, rep: User, marketer: User) -> None:
    handoff = contacted_by(rep, at=timezone.now() - timedelta(hours=1), lead=LeadFactory(name="Aoki", team=rep.team))
    episode = Episode.objects.get()
    ScoreChange.objects.create(
        lead=handoff.lead, model=handoff.model, version=episode.version, at=episode.started_at, fit=0, engagement=8000,
        qualification=0, total=8000, band="hot", grade="A1", contributions=[3000, 5000], hot=[True],
    )  # fmt: skip
    desk = sign_in(rep)
    desk.goto("/queue/?tab=waiting")
    desk.locator(f"#handoff-{handoff.pk}").focus()
    desk.keyboard.press("-")
    toast = desk.locator("lq-toast").filter(has_text="Rated: Wrong")
    expect(toast).to_be_visible()
    assert Feedback.objects.get().verdict == "wrong"
    toast.get_by_role("link", name="Say why").click()
    dialog = desk.locator("#dialog")
    dialog.get_by_label("Studied the prices").check()
    dialog.get_by_label("Comment").fill("A student")
    dialog.get_by_role("button", name="Rate this lead").click()
    expect(desk.get_by_text("Rating saved.")).to_be_visible()

    inbox = sign_in(marketer)
    inbox.goto("/insights/feedback/")
    expect(inbox.get_by_text("A student")).to_be_visible()
    inbox.locator("tbody").get_by_role("link", name="Wrong").click()
    inbox.get_by_role("link", name="Try without this rule").first.click()
    expect(inbox.get_by_role("heading", name="Without “Studied the prices”")).to_be_visible()
    expect(inbox.get_by_text("Would stop being hot").first).to_be_visible()


def test_the_first_press_is_taken_back_by_undo(sign_in: Any, rep: User) -> None:
    handoff = contacted_by(rep, at=timezone.now() - timedelta(hours=1), lead=LeadFactory(name="Aoki", team=rep.team))
    desk = sign_in(rep)
    desk.goto(f"/leads/{handoff.lead_id}/")
    desk.get_by_role("button", name="Good lead").click()
    expect(desk.get_by_text("Rated: Good")).to_be_visible()
    desk.locator("lq-toast").get_by_role("button", name="Undo").click()
    expect(desk.get_by_text("Undone.")).to_be_visible()
    expect(desk.get_by_role("button", name="Good lead")).to_be_visible()
    assert Feedback.objects.count() == 0
