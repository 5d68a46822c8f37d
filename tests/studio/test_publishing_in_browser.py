"""From a starter to the first version and back in a real browser, in both languages; every page is readable by all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from accounts.enums import Role
from leads.models import Lead
from scoring.actions import run_rescores, save_draft, score_all_dirty
from scoring.models import Framework, ScoringModel
from scoring.starters import starter
from studio.actions.approval import ask_approval
from studio.models import VersionNumbers
from tests.axe import unreadable
from tests.factories import LeadFactory, UserFactory, activity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {
        "make": "Make the model", "publish": "Publish", "note": "What changed and why",
        "numbers": "The numbers of that day",
        "back": "Go back to this version", "touches": "Whom it touches", "as_predicted": "as predicted",
        "read": "Read and understood", "name": "Name", "agree": "Agree for Marketing",
    },
    "ja": {
        "make": "モデルを作成", "publish": "公開", "note": "変更の内容と理由", "numbers": "公開時の集計",
        "back": "このバージョンに戻す", "touches": "影響するリード", "as_predicted": "予測どおり",
        "read": "読んで理解しました", "name": "名前", "agree": "マーケティングとして合意する",
    },
}  # fmt: skip


@pytest.fixture
def sign_in(live_server: LiveServer, context: BrowserContext) -> Iterator[Callable[[str, str], Page]]:
    """A browser of a person with this role and language; what it complains about fails the test."""
    complaints: list[str] = []

    def sign_in(role: str, language: str) -> Page:
        client = Client()
        client.force_login(UserFactory(role=role, language=language))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield sign_in
    assert complaints == []


def work() -> None:
    """What the workers do, in a connection of its own: the browser's loop runs in this thread."""

    def score() -> None:
        run_rescores(now=timezone.now())
        score_all_dirty(now=timezone.now())
        connection.close()

    thread = threading.Thread(target=score)
    thread.start()
    thread.join()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_template_is_published_watched_and_taken_back(
    sign_in: Callable[[str, str], Page], live_server: LiveServer, language: str
) -> None:
    words, at = WORDS[language], timezone.now() - timedelta(hours=1)
    for number in range(3):
        activity(LeadFactory(name=f"Lead {number}"), "quote_request", at, object=str(number))
    page = sign_in(Role.ADMIN, language)

    page.goto(f"{live_server.url}{reverse('studio:new_model')}?starter=software")
    page.get_by_label(words["name"]).fill("Ours")
    page.locator("input[value=software]").check()
    page.get_by_role("button", name=words["make"]).click()
    page.wait_for_url("**/scoring/models/*/")
    model = ScoringModel.objects.get()

    page.goto(f"{live_server.url}{model.get_absolute_url()}publish/")
    page.locator("#effect .lq-effect-in").wait_for()
    assert unreadable(page) == []
    page.get_by_label(words["note"]).fill("v1")
    page.get_by_role("button", name=words["publish"], exact=True).click()
    page.wait_for_url("**/versions/1/")
    page.locator("#outcome progress").wait_for()
    work()
    page.get_by_role("heading", name=words["numbers"]).wait_for()
    assert page.locator("#outcome dd").all_inner_texts()[:2] == ["3", "3"]
    page.get_by_text(words["as_predicted"]).wait_for()
    assert unreadable(page) == []

    model = ScoringModel.objects.get()
    document = model.current_version.document | {"hot": model.current_version.document["hot"][:1]}
    save_draft(model=model, document=document, revision=model.draft_revision, by=None, now=timezone.now())
    page.goto(f"{live_server.url}{model.get_absolute_url()}publish/")
    page.get_by_label(words["note"]).fill("v2")
    page.get_by_role("button", name=words["publish"], exact=True).click()
    page.wait_for_url("**/versions/2/")
    work()
    page.get_by_role("heading", name=words["numbers"]).wait_for()
    assert page.locator("#outcome dd").all_inner_texts()[1] == "0"

    page.goto(f"{live_server.url}{reverse('studio:versions', args=[model.pk])}")
    assert unreadable(page) == []
    page.locator(".lq-versions a[href$='/versions/1/back/']").click()
    page.get_by_role("heading", name=words["touches"]).wait_for()
    assert unreadable(page) == []
    page.get_by_role("button", name=words["back"]).click()
    page.wait_for_url("**/versions/3/")
    work()
    page.get_by_role("heading", name=words["numbers"]).wait_for()
    assert page.locator("#outcome dd").all_inner_texts()[:2] == ["3", "3"]
    first, third = (VersionNumbers.objects.get(version__number=number) for number in (1, 3))
    assert (first.scored, first.hot, first.bands) == (third.scored, third.hot, third.bands)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_definition_is_read_and_agreed_to(
    sign_in: Callable[[str, str], Page], live_server: LiveServer, publish: Callable[..., ScoringModel], language: str
) -> None:
    words, model = WORDS[language], publish(starter("manufacturing", language).document)
    page = sign_in(Role.MARKETER, language)
    page.goto(f"{live_server.url}{model.current_version.get_absolute_url()}")
    page.get_by_role("button", name=words["read"]).click()
    page.get_by_role("button", name=words["read"]).wait_for(state="detached")
    page.goto(f"{live_server.url}{reverse('studio:definition')}")
    assert unreadable(page) == []
    page.emulate_media(media="print")
    assert page.locator(".lq-no-print").first.is_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("button", name=words["agree"]).click()
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


def test_every_page_around_publishing_is_readable(
    sign_in: Callable[[str, str], Page], live_server: LiveServer, told: ScoringModel
) -> None:
    page = sign_in(Role.ADMIN, "ja")
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
        reverse("studio:new_hot", args=[told.pk]): "#id_name",
        reverse("studio:hot", args=[told.pk, 0]): "#id_name",
        reverse("studio:move", args=[told.pk, 0, 0]): "main form",
        reverse("studio:effect_names", args=[told.pk, "entering"]): "main .lq-panel",
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
        page.goto(live_server.url + address)
        page.locator(part).first.wait_for()
        assert unreadable(page) == []


@pytest.mark.parametrize(("language", "title"), [("en", "First steps"), ("ja", "はじめの一歩")])
def test_the_first_steps_are_readable_and_can_be_put_away(
    sign_in: Callable[[str, str], Page], live_server: LiveServer, language: str, title: str
) -> None:
    page = sign_in(Role.MARKETER, language)
    page.goto(live_server.url + reverse("studio:models"))
    page.get_by_role("heading", name=title).wait_for()
    assert unreadable(page) == []
    page.locator("form[action$='/away/'] button").click()
    page.get_by_role("heading", name=title).wait_for(state="detached")


def test_a_file_from_the_disk_is_compared_and_takes_the_place_of_the_draft(
    sign_in: Callable[[str, str], Page], live_server: LiveServer, told: ScoringModel
) -> None:
    page = sign_in(Role.ADMIN, "en")
    page.goto(live_server.url + reverse("studio:document_text", args=[told.pk]))
    rules = page.locator("textarea").input_value().replace("points: 35", "points: 36")
    page.set_input_files("#id_file", {"name": "rules.yaml", "mimeType": "text/yaml", "buffer": rules.encode()})
    page.get_by_role("button", name="Compare with the draft").click()
    page.locator(".lq-change-changed").wait_for()
    assert unreadable(page) == []
    page.get_by_role("button", name="Put it in the place of the draft").click()
    page.wait_for_url(f"**{told.get_absolute_url()}")
    assert ScoringModel.objects.get().draft["groups"][1]["rules"][0]["points"] == 36
