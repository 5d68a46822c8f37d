"""The list of what was sent by a form says what became of each, releases what was caught, and confirms by mail."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from intake.actions.confirmations import send_due_confirmations
from intake.models import Submission, WebForm
from leads.actions.erasure import erase_lead
from leads.enums import ErasureReason
from leads.models import Activity, Lead
from scoring.actions import score_all_dirty
from scoring.models import Answer, Framework
from tests.clients import as_
from tests.intake.form_visits import Visitor, asked, published_form
from tests.published import Publish, document

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits() -> None:
    cache.clear()


@pytest.fixture
def form(marketer: User) -> WebForm:
    return published_form(marketer)


def listed(person: User, form: WebForm, **query: str) -> str:
    answer = as_(person).get(reverse("intake:form_submissions", args=[form.pk]), query)
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_list_says_lead_score_and_that_it_became_hot(form: WebForm, marketer: User, publish: Publish) -> None:
    publish(document({"name": "Asked", "each": {"activity": "form_submit"}, "points": 75}), at=timezone.now())
    Visitor(form).send()
    score_all_dirty(now=timezone.now())
    page = listed(marketer, form)
    assert "佐藤 花子 score 0 → 75 became hot" in page
    assert "Text agreed to 入力した内容を" in page


def test_what_was_caught_is_released_with_one_press_and_counts_at_its_own_time(form: WebForm, marketer: User) -> None:
    Visitor(form).send(website_url="http://spam.example")
    submission = Submission.objects.get()
    assert "A field that people can’t see was filled in" in listed(marketer, form, state="caught")
    url = reverse("intake:form_release", args=[form.pk, submission.pk])
    for _time in range(2):
        as_(marketer).post(url)
    submission.refresh_from_db()
    activity = Activity.objects.get()
    assert (submission.state, activity.occurred_at) == ("taken", submission.received_at)
    assert Lead.objects.get().name == "佐藤 花子"


def test_nothing_is_taken_in_before_the_press_in_the_mail(marketer: User) -> None:
    form = published_form(marketer, double_opt_in=True)
    Visitor(form).send()
    assert (Submission.objects.get().state, Lead.objects.exists()) == ("waiting", False)
    assert [send_due_confirmations(now=timezone.now()) for _time in range(2)] == [1, 0]
    letter = mail.outbox[0]
    assert (letter.to, "佐藤" in str(letter.body)) == (["hanako@example.jp"], False)
    link = re.search(r"http\S+", str(letter.body))
    assert link
    path = "/" + link[0].partition("://")[2].partition("/")[2]
    assert Client().get(path).status_code == 200
    assert not Lead.objects.exists()
    for _time in range(2):
        assert Client().post(path).status_code == 200
    submission = Submission.objects.get()
    assert (submission.state, "confirmed_at" in submission.consent) == ("taken", True)
    assert (Lead.objects.get().consent, Activity.objects.count()) == (True, 1)


def test_a_question_of_a_framework_becomes_an_answer_with_the_form_as_evidence(marketer: User) -> None:
    criterion = Framework.objects.filter(is_active=True).order_by("pk")[0].criteria.order_by("pk")[0]
    option = criterion.options.filter(is_active=True).order_by("pk")[0]
    form = published_form(marketer, asked(f"answer.{criterion.field}"))
    name = f"q-answer_{criterion.field.replace('.', '_')}"
    assert Visitor(form).send(**{name: "nonsense"}).status_code == 422
    Visitor(form).send(**{name: option.code})
    answer = Answer.objects.get()
    assert (answer.criterion, answer.option, answer.evidence) == (criterion, option, "資料請求")


def test_the_file_has_a_column_for_each_field_and_runs_no_formula(form: WebForm, marketer: User) -> None:
    Visitor(form).send(**{"q-company_name": "=1+1"})
    text = as_(marketer).get(reverse("intake:form_download", args=[form.pk])).content.decode("utf-8-sig")
    head, line = text.splitlines()
    assert head.startswith("Sent at,Status,Lead,Version,Company")
    assert "'=1+1" in line


def test_erasing_a_person_empties_what_they_sent(form: WebForm, admin: User) -> None:
    Visitor(form).send()
    erase_lead(lead=Lead.objects.get(), by=admin, reason=ErasureReason.ASKED, now=timezone.now())
    submission = Submission.objects.get()
    assert (submission.values, submission.consent, submission.state) == ({}, {}, "taken")
    cache.clear()
    Visitor(form).send()
    kept = Submission.objects.latest("pk")
    assert (kept.state, kept.problem, kept.values) == ("kept", "erased", {})


def test_an_empty_list_says_what_will_be_there(form: WebForm, marketer: User) -> None:
    assert "Nothing sent yet" in listed(marketer, form)
    assert "Nothing found" in listed(marketer, form, state="test")
