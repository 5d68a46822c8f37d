"""Stages in a real browser: a rule is built, counted and left to sales again; readable by all, on a telephone too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from scoring.models import ScoringModel
from studio.draft.store import save_draft
from tests.axe import unreadable
from tests.browser import SignIn
from tests.factories import LeadFactory, activity
from tests.published import Publish, document, mail_rule

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def model(publish: Publish) -> ScoringModel:
    """Three leads with two mails each, at 40 points a mail."""
    at = timezone.now() - timedelta(minutes=5)
    for number in range(3):
        lead = LeadFactory(name=f"Lead {number}")
        for mail in range(2):
            activity(lead, "email_open", at - timedelta(days=1), object=str(mail))
    return publish(document(mail_rule(points=40)), at=at)


@pytest.fixture
def studio(sign_in: SignIn, admin: User) -> Page:
    """An administrator's browser."""
    return sign_in(admin)


def stages() -> object:
    return (ScoringModel.objects.get().draft or {}).get("stages")


def test_the_rules_of_stages_are_made_counted_and_taken_back(studio: Page, model: ScoringModel) -> None:
    here = reverse("studio:thresholds", args=[model.pk])
    studio.goto(here)
    assert unreadable(studio) == []
    studio.get_by_role("button", name="Use Demand Waterfall").click()
    studio.locator(".lq-stage .lq-hot-lead").wait_for()
    assert stages() == {"mql": {"score": "total", "op": ">=", "value": 40}}
    studio.get_by_role("link", name="Create rule for SQL").click()
    studio.locator("#id_threshold").fill("60")
    studio.locator("#id_together").select_option("all")
    studio.locator("lq-combobox input").first.fill("employees")
    studio.locator("lq-combobox [role=option]").first.click()
    studio.locator("[name=when-0-value]").fill("100")
    assert unreadable(studio) == []
    studio.get_by_role("button", name="Save to draft").click()
    studio.locator("#effect .lq-effect-move").first.wait_for()
    assert unreadable(studio) == []
    written = stages()
    assert isinstance(written, dict)
    assert written["sql"]["all"][0] == {"score": "total", "op": ">=", "value": 60}
    assert written["sql"]["all"][1]["field"] == "company.employees"
    studio.goto(here)
    studio.locator(".lq-met-head").nth(2).wait_for()
    assert unreadable(studio) == []
    studio.get_by_role("button", name="Use the default (on hand-off)").click()
    studio.locator(".lq-stage .lq-hot-lead").wait_for()
    assert stages() == {"sql": written["sql"]}


def test_the_definition_and_a_lead_say_the_stages(studio: Page, model: ScoringModel, publish: Publish) -> None:
    rules = {
        "mql": {"score": "total", "op": ">=", "value": 40},
        "sql": {"all": [{"score": "total", "op": ">=", "value": 90}, {"activity": "email_open", "within": "14d"}]},
    }
    publish(document(mail_rule(points=40)) | {"stages": rules}, at=timezone.now())
    studio.goto(reverse("studio:definition"))
    studio.locator(".lq-stage .lq-hot-lead").first.wait_for()
    assert unreadable(studio) == []
    studio.goto(LeadFactory._meta.model.objects.first().get_absolute_url())
    studio.locator(".lq-hot-verdict").nth(2).wait_for()
    studio.locator(".lq-curve").first.wait_for()
    assert unreadable(studio) == []


def test_the_publish_page_names_the_stages(studio: Page, model: ScoringModel) -> None:
    raw = document(mail_rule(points=40)) | {"stages": {"mql": {"score": "total", "op": ">=", "value": 40}}}
    save_draft(model=model, document=raw, revision=model.draft_revision, by=None, now=timezone.now())
    studio.goto(reverse("studio:publish", args=[model.pk]))
    studio.locator(".lq-change-added").get_by_text("MQL").first.wait_for()
    studio.locator("#effect .lq-effect-move").first.wait_for()
    assert unreadable(studio) == []
