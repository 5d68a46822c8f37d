"""A form is built as a draft that saves itself, and published as a version that stays."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from intake.actions.webforms import UnsoundFormError, create_webform, publish_webform
from intake.models import WebForm
from intake.webforms.document import FormDocument
from intake.webforms.lint import problems_of
from intake.webforms.targets import targets
from leads.models import AttributeDefinition
from tests.clients import as_
from tests.published import Publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(marketer: User) -> WebForm:
    return create_webform(name="Documents", site=None, by=marketer, now=timezone.now())


@pytest.fixture
def browser(marketer: User) -> Client:
    return as_(marketer)


def typed(form: WebForm, **changes: str) -> dict[str, Any]:
    """The whole builder as a browser sends it, with what somebody changed."""
    form.refresh_from_db()
    document = FormDocument.of(form.draft)
    sent = {"seen": str(form.revision), "language-ja": "1", "language-en": "1"}
    for name, text in document.texts.items():
        sent |= {f"text-{name}-ja": text.ja, f"text-{name}-en": text.en}
    for field in document.fields:
        name = f"field-{field.code}"
        sent |= {f"{name}-label-ja": field.label.ja, f"{name}-label-en": field.label.en}
        sent |= {f"{name}-required": "1"} if field.required else {}
    return sent | changes


def save(browser: Client, form: WebForm, **changes: str) -> Any:
    return browser.post(reverse("intake:form_save", args=[form.pk]), typed(form, **changes))


def codes(form: WebForm) -> list[str]:
    form.refresh_from_db()
    return [field.code for field in FormDocument.of(form.draft).fields]


def problems(form: WebForm) -> list[tuple[str, str]]:
    form.refresh_from_db()
    return [(each.code, each.where) for each in problems_of(FormDocument.of(form.draft), targets()) if each.blocks]


def test_a_new_form_asks_company_name_email_and_consent_and_can_be_published(form: WebForm, marketer: User) -> None:
    assert codes(form) == ["company_name", "person", "email", "consent"]
    assert problems(form) == []
    version = publish_webform(form=form, seen=0, by=marketer, now=timezone.now())
    assert (version.number, version.document) == (1, form.draft)


def test_what_is_typed_is_kept_and_a_later_version_leaves_the_first_as_it_was(
    form: WebForm, browser: Client, marketer: User
) -> None:
    first = publish_webform(form=form, seen=0, by=marketer, now=timezone.now())
    assert save(browser, form, **{"text-title-ja": "資料請求"}).status_code == 200
    form.refresh_from_db()
    assert FormDocument.of(form.draft).texts["title"].ja == "資料請求"
    assert FormDocument.of(form.published.document).texts["title"].ja == "Documents"
    page = browser.get(reverse("intake:form_publish", args=[form.pk])).content.decode()
    assert "“Title of the form” changes." in page
    browser.post(reverse("intake:form_publish", args=[form.pk]), {"seen": form.revision})
    assert list(form.versions.values_list("number", flat=True)) == [2, 1]
    first.refresh_from_db()
    assert FormDocument.of(first.document).texts["title"].ja == "Documents"
    assert browser.get(reverse("intake:form_versions", args=[form.pk])).status_code == 200


def test_a_field_is_added_by_its_name_in_either_language_and_moved_and_removed(form: WebForm, browser: Client) -> None:
    for name in ("電話番号", "job title"):
        save(browser, form, do="add:", add=name)
    assert codes(form)[4:] == ["phone", "title"]
    save(browser, form, do="up:title")
    save(browser, form, do="remove:phone")
    assert codes(form) == ["company_name", "person", "email", "consent", "title"]


def test_the_same_field_is_not_added_twice_and_an_unknown_one_is_said(form: WebForm, browser: Client) -> None:
    save(browser, form, do="add:", add="email")
    save(browser, form, do="add:", add="shoe size")
    assert codes(form) == ["company_name", "person", "email", "consent"]


def test_a_missing_translation_keeps_a_form_from_being_published(
    form: WebForm, browser: Client, marketer: User
) -> None:
    save(browser, form, **{"field-email-label-en": ""})
    assert problems(form) == [("no_label", "email")]
    with pytest.raises(UnsoundFormError):
        publish_webform(form=form, seen=form.revision, by=marketer, now=timezone.now())
    sent = typed(form)
    del sent["language-en"]
    browser.post(reverse("intake:form_save", args=[form.pk]), sent)
    assert problems(form) == []


def test_a_form_needs_somebody_to_answer_to(form: WebForm, browser: Client) -> None:
    save(browser, form, do="remove:email")
    assert problems(form) == [("no_identity", "")]
    save(browser, form, do="add:lead.phone")
    assert problems(form) == [("identity_optional", "phone")]
    save(browser, form, **{"field-phone-required": "1"})
    assert problems(form) == []


def test_options_are_pasted_and_only_values_that_can_be_stored_are_taken(form: WebForm, browser: Client) -> None:
    AttributeDefinition.objects.create(
        code="plan", type="choice", label_ja="プラン", label_en="Plan", choices=["basic", "pro"]
    )
    save(browser, form, do="add:", add="プラン")
    pasted = "basic = ベーシック | Basic\npro = プロ | Pro"
    save(browser, form, **{"field-custom_plan-options": pasted})
    options = FormDocument.of(WebForm.objects.get().draft).fields[-1].options
    assert [(each.value, each.label.ja, each.label.en) for each in options] == [
        ("basic", "ベーシック", "Basic"),
        ("pro", "プロ", "Pro"),
    ]
    save(browser, form, **{"field-custom_plan-options": f"{pasted}\ngold = 金 | Gold"})
    assert problems(form) == [("unknown_option", "custom_plan")]


def test_who_saves_an_older_draft_is_told_and_changes_nothing(form: WebForm, browser: Client) -> None:
    old = typed(form, **{"text-title-en": "Mine"})
    save(browser, form, **{"text-title-en": "Theirs"})
    answer = browser.post(reverse("intake:form_save", args=[form.pk]), old)
    assert "Someone else has changed the draft." in answer.content.decode()
    form.refresh_from_db()
    assert FormDocument.of(form.draft).texts["title"].en == "Theirs"


def test_each_field_names_the_rules_that_read_it(form: WebForm, browser: Client, publish: Publish) -> None:
    rule = {"name": "Has a company", "when": {"field": "company.name", "op": "known"}, "points": 5}
    group = {"name": "Fit", "dimension": "fit", "rules": [rule]}
    hot = [{"name": "Hot", "when": {"score": "total", "op": ">=", "value": 70}}]
    publish({"model": "Default", "groups": [group], "hot": hot}, score=False)
    page = browser.get(reverse("intake:form", args=[form.pk])).content.decode()
    assert "read by Has a company" in " ".join(page.split())


def test_hostile_names_and_texts_are_shown_as_text(form: WebForm, browser: Client) -> None:
    save(browser, form, **{"text-title-ja": "<script>alert(1)</script>\0", "field-email-help-ja": "\u202e👍"})
    page = browser.get(reverse("intake:form", args=[form.pk])).content.decode()
    assert "<script>alert(1)" not in page
    assert FormDocument.of(WebForm.objects.get().draft).texts["title"].ja == "<script>alert(1)</script>"
