"""The rules as a file in the browser: taken away under a telling name, compared before they replace the draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from scoring import yaml_text
from scoring.actions import publish_version
from scoring.models import ScoringModel
from scoring.queries.validation import tidy
from studio.draft.store import save_draft, start_model
from tests.clients import as_
from tests.published import document, mail_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(admin: User, now: datetime) -> ScoringModel:
    made = start_model(name="営業 Default", document=document(mail_rule()), by=admin, now=now)
    publish_version(model=made, by=admin, note="first", now=now)
    return ScoringModel.objects.get(pk=made.pk)


def speaks(user: User, language: str) -> None:
    user.language = language
    user.save(update_fields=["language"])


def upload(user: User, model: ScoringModel, content: bytes, name: str = "rules.yaml") -> Any:
    file = SimpleUploadedFile(name, content, content_type="application/yaml")
    return as_(user).post(reverse("studio:document_upload", args=[model.pk]), {"file": file})


def test_a_file_is_named_after_the_model_and_the_version(
    model: ScoringModel, marketer: User, admin: User, now: datetime
) -> None:
    url = reverse("studio:document_file", args=[model.pk])
    answer = as_(marketer).get(url)
    assert "%E5%96%B6%E6%A5%AD_Default-v1.yaml" in answer.headers["Content-Disposition"]
    assert yaml_text.load(answer.content.decode()).raw == tidy(model.current_version.document)
    save_draft(model=model, document=document(mail_rule(points=9)), revision=model.draft_revision, by=admin, now=now)
    assert "Default-draft.yaml" in as_(marketer).get(url).headers["Content-Disposition"]
    version = as_(marketer).get(reverse("studio:version_file", args=[model.pk, 1]))
    assert version.content == answer.content


def test_a_file_is_compared_with_the_draft_and_saves_nothing(model: ScoringModel, marketer: User) -> None:
    page = upload(marketer, model, yaml_text.write(document(mail_rule(points=9))).encode())
    [change] = page.context["changes"]
    assert (page.status_code, change.before, change.after) == (
        200,
        "+5 · For each email open",
        "+9 · For each email open",
    )
    assert ScoringModel.objects.get().draft is None
    kept = as_(marketer).post(
        reverse("studio:document_text", args=[model.pk]),
        {"seen": page.context["seen"], "text": page.context["form"]["text"].value()},
    )
    assert (kept.status_code, ScoringModel.objects.get().draft["groups"][0]["rules"][0]["points"]) == (303, 9)


def test_an_unknown_key_is_named_with_its_path_and_line_and_nothing_is_lost(
    model: ScoringModel, marketer: User
) -> None:
    written = yaml_text.write(document(mail_rule())).replace("points: 5", "points: 5\n        colour: red")
    page = upload(marketer, model, written.encode())
    [mark] = page.context["form"].marks
    line = written.splitlines().index("        colour: red") + 1
    assert (page.status_code, mark.path, mark.line) == (422, "groups[0].rules[0].colour", line)
    assert "colour: red" in page.content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a" * 10_000_000, "ファイルが50万文字を超えています"),
        (b"a: " + b"b" * 500_000, "ファイルが50万文字を超えています"),
        ("あ".encode() * 600_000, "ファイルが50万文字を超えています"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"", "空"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(model: ScoringModel, marketer: User, content: bytes, words: str) -> None:
    speaks(marketer, "ja")
    page = upload(marketer, model, content)
    assert (page.status_code, words in page.content.decode()) == (422, True)
    assert ScoringModel.objects.get().draft is None


def test_a_file_of_half_a_million_characters_is_read(model: ScoringModel, marketer: User) -> None:
    written = yaml_text.write(document(mail_rule()))
    page = upload(marketer, model, (written + "#" * (yaml_text.MAX_CHARACTERS - len(written))).encode())
    assert (page.status_code, page.context["changes"]) == (200, [])


def test_a_file_with_a_byte_order_mark_is_read(model: ScoringModel, marketer: User) -> None:
    page = upload(marketer, model, b"\xef\xbb\xbf" + yaml_text.write(document(mail_rule())).encode())
    assert (page.status_code, page.context["changes"]) == (200, [])


def test_no_file_at_all_says_so(model: ScoringModel, marketer: User) -> None:
    assert as_(marketer).post(reverse("studio:document_upload", args=[model.pk])).status_code == 422
