"""Publishing in a real browser: a definition is read and agreed to, a file compared, and every page readable by all.

From a template to a version and back goes the journey in tests/journeys.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from leads.models import Lead
from scoring.models import Framework, ScoringModel
from scoring.starters import starter
from studio.actions.approval import ask_approval
from studio.draft.store import save_draft
from tests.axe import unreadable
from tests.browser import SignIn
from tests.factories import LeadFactory, UserFactory, activity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_definition_is_read_and_agreed_to(
    sign_in: SignIn, marketer: User, publish: Callable[..., ScoringModel]
) -> None:
    model = publish(starter("manufacturing", "en").document)
    page = sign_in(marketer, model.current_version.get_absolute_url())
    page.get_by_role("button", name="I’ve read this").click()
    page.get_by_role("button", name="I’ve read this").wait_for(state="detached")
    page.goto(reverse("studio:definition"))
    assert unreadable(page) == []
    page.emulate_media(media="print")
    assert page.locator(".lq-no-print").first.is_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Sign off for Marketing").click()
    page.wait_for_url("**/scoring/definition/*/1/")
    assert model.current_version.sign_offs.get().side == "marketing"
    assert unreadable(page) == []


@pytest.fixture
def told(publish: Callable[..., ScoringModel]) -> ScoringModel:
    """Two versions, a draft, and a request for its approval; a few leads who are hot."""
    at, raw = timezone.now(), starter("manufacturing", "ja").document
    for number in range(5):
        activity(LeadFactory(name=f"Lead {number}"), "quote_request", at - timedelta(days=1), object=str(number))
    publish(raw)
    model = publish(raw | {"hot": raw["hot"][:2]})
    draft = save_draft(model=model, document=raw, revision=model.draft_revision, by=None, now=at)
    asker = UserFactory(role=Role.ADMIN)
    ask_approval(model=draft, by=asker, note="Please", now=at, revision=draft.draft_revision)
    return draft


def test_every_page_around_publishing_is_readable(sign_in: SignIn, admin: User, told: ScoringModel) -> None:
    User.objects.filter(pk=admin.pk).update(language="ja")
    page = sign_in(admin)
    addresses = {
        reverse("studio:models"): ".lq-table",
        reverse("studio:thresholds", args=[told.pk]): ".lq-met",
        reverse("studio:compare", args=[told.pk]) + "?one=1&other=2": ".lq-change-removed",
        reverse("studio:document_text", args=[told.pk]): "#id_file",
        told.proposals.get().get_absolute_url(): "#effect .lq-effect-hot",
        reverse("studio:changes", args=[told.pk]): ".lq-change-added",
        reverse("studio:audience", args=[told.pk]): "main form",
        reverse("studio:edit_thresholds", args=[told.pk]): "#id_hot",
        reverse("studio:hot_definitions"): "main .lq-panel",
        reverse("studio:hot", args=[told.pk, 0]): "#id_name",
        reverse("studio:move", args=[told.pk, 0, 0]): "main form",
        reverse("studio:effect_names", args=[told.pk, "entering"]): "main .lq-panel",
        reverse("studio:publish", args=[told.pk]): "#effect .lq-effect-hot",
        told.current_version.get_absolute_url(): "#outcome dd",
        reverse("studio:versions", args=[told.pk]): ".lq-versions",
        reverse("studio:roll_back", args=[told.pk, 1]): "main .lq-stats",
        told.get_absolute_url(): "#effect .lq-effect-hot",
        reverse("studio:group", args=[told.pk, 0]): "#id_name",
        reverse("studio:frameworks"): "main .lq-panel",
        reverse("studio:framework", args=[Framework.objects.get(code="bant").pk]): "main form",
        reverse("studio:new_framework"): "main form",
        reverse("studio:new_model"): "input[value=software]",
        reverse("studio:test_lead", args=[told.pk]) + f"?lead={Lead.objects.first().pk}": ".lq-trial-total",
        reverse("studio:rule", args=[told.pk, 0, 0]): "#id_points",
    }
    for address, part in addresses.items():
        page.goto(address)
        page.locator(part).first.wait_for()
        assert unreadable(page) == []


def test_the_first_steps_are_readable_and_can_be_put_away(sign_in: SignIn, marketer: User) -> None:
    page = sign_in(marketer, reverse("studio:models"))
    page.get_by_role("heading", name="Getting started").wait_for()
    assert unreadable(page) == []
    page.locator("form[action$='/away/'] button").click()
    page.get_by_role("heading", name="Getting started").wait_for(state="detached")


def test_a_file_from_the_disk_is_compared_and_takes_the_place_of_the_draft(
    sign_in: SignIn, admin: User, told: ScoringModel
) -> None:
    page = sign_in(admin, reverse("studio:document_text", args=[told.pk]))
    rules = page.locator("textarea").input_value().replace("points: 35", "points: 36")
    page.set_input_files("#id_file", {"name": "rules.yaml", "mimeType": "text/yaml", "buffer": rules.encode()})
    page.get_by_role("button", name="Compare with draft").click()
    page.locator(".lq-change-changed").wait_for()
    assert unreadable(page) == []
    page.get_by_role("button", name="Replace the draft").click()
    page.wait_for_url(f"**{told.get_absolute_url()}")
    assert ScoringModel.objects.get().draft["groups"][1]["rules"][0]["points"] == 36
