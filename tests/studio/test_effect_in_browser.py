"""The effect of a draft in a real browser: it follows a saved edit, leads to names, and everybody can read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from background.models import JobRun
from scoring.models import ScoringModel
from studio.actions import effects
from studio.draft.store import save_draft
from tests.axe import violations
from tests.browser import SignIn
from tests.factories import LeadFactory, activity
from tests.published import Publish, document, mail_rule

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def model(publish: Publish) -> ScoringModel:
    """Three leads with two mails each, at 40 points a mail: hot."""
    at = timezone.now() - timedelta(minutes=5)
    for number in range(3):
        lead = LeadFactory(name=f"Lead {number}")
        for mail in range(2):
            activity(lead, "email_open", at - timedelta(days=1), object=str(mail))
    return publish(document(mail_rule(points=40), mail_rule(name="Clicked", each={"activity": "email_click"})), at=at)


@pytest.fixture
def studio(sign_in: SignIn, marketer: User) -> Page:
    """A marketer's browser."""
    return sign_in(marketer)


def test_the_effect_follows_an_edit_and_leads_to_names(studio: Page, model: ScoringModel) -> None:
    studio.goto(model.get_absolute_url())
    studio.get_by_text("The draft is the same as version 1").wait_for()
    studio.locator("#rule-0-0").get_by_role("button").first.click()
    studio.get_by_role("button", name="Turn off").first.click()
    leaving = studio.locator("#effect .lq-effect-out")
    expect(leaving).to_contain_text("−3")
    studio.locator("#effect .lq-effect-edits").wait_for(state="attached")
    assert violations(studio) == []
    studio.set_viewport_size({"width": 375, "height": 800})
    assert studio.evaluate("document.documentElement.scrollWidth") == 375
    leaving.click()
    studio.get_by_role("link", name="Lead 1").wait_for()
    assert violations(studio) == []
    studio.goto(f"{model.get_absolute_url()}test/?q=lead")
    studio.get_by_role("link", name="Lead 2").click()
    studio.locator(".lq-trial-total td", has_text="80").first.wait_for()
    assert violations(studio) == []


def test_a_press_of_stop_wins_against_the_panel_that_asks_again(
    studio: Page, model: ScoringModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "MANY", 1)
    fresh = ScoringModel.objects.get(pk=model.pk)
    raw = document(mail_rule(points=30))
    save_draft(model=fresh, document=raw, revision=fresh.draft_revision, by=None, now=timezone.now())
    studio.goto(model.get_absolute_url())
    studio.get_by_text("Waiting to count all leads").wait_for()
    studio.get_by_role("button", name="Stop", exact=True).click()
    studio.get_by_text("Stopped after 0 leads.").wait_for()
    assert JobRun.objects.get(kind="effect").state == "stopped"
    assert violations(studio) == []


def test_on_a_small_screen_one_line_above_the_rules_says_the_effect_and_leads_to_it(
    studio: Page, model: ScoringModel
) -> None:
    studio.set_viewport_size({"width": 375, "height": 700})
    studio.goto(model.get_absolute_url())
    studio.get_by_text("The draft is the same as version 1").wait_for()
    line = studio.locator("#effect-line")
    expect(line).to_be_hidden()
    studio.locator("#rule-0-0").get_by_role("button").first.click()
    studio.get_by_role("button", name="Turn off").first.click()
    line.get_by_text("−3 stop being hot").wait_for()
    assert violations(studio) == []
    studio.locator("#rule-0-1").get_by_role("button").first.scroll_into_view_if_needed()
    line.get_by_role("link").click()
    studio.wait_for_function("() => document.getElementById('effect').getBoundingClientRect().top < 300")
    expect(line).to_be_visible()
    studio.set_viewport_size({"width": 1400, "height": 800})
    expect(line).to_be_hidden()
