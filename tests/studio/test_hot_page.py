"""The page of hot definitions: how many meet each condition, how long it lasts, what the draft does to the queue."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from engine.nodes import HotDefinition
from scoring.models import ScoringModel
from scoring.queries.documents import document_of
from scoring.queries.validation import read_hot
from studio.draft.store import draft_token, save_draft
from studio.queries.hot_counts import hot_counts
from studio.queries.hysteresis import hysteresis_of
from tests.clients import as_
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.published import Publish, document, mail_rule

pytestmark = pytest.mark.django_db
SCORE = {"score": "total", "op": ">=", "value": 70}
MAILS = {"activity": "email_open", "within": "14d"}
LARGE = {"field": "company.employees", "op": ">=", "value": 100}
HOT = [
    {"name": "Score or both", "when": {"any": [SCORE, {"all": [MAILS, LARGE]}]}},
    {"name": "Mails", "when": MAILS},
]


def definition(**more: object) -> HotDefinition:
    found = read_hot({"name": "Hot", "when": SCORE, **more})
    assert found is not None
    return found


@pytest.fixture
def model(publish: Publish) -> ScoringModel:
    """Three leads: mails and a large company; mails alone, 80 points of them; nothing."""
    at = timezone.now() - timedelta(days=1)
    first, second = LeadFactory(company=CompanyFactory(employees=200)), LeadFactory()
    LeadFactory()
    activity(first, "email_open", at, object="1")
    for number in range(2):
        activity(second, "email_open", at, object=str(number))
    return publish(document(mail_rule(points=40), hot=HOT), at=timezone.now())


def test_each_condition_says_how_many_leads_meet_it(model: ScoringModel) -> None:
    found = hot_counts(document_of(model.current_version), model=model, now=timezone.now())
    told = [(each.name, each.leads, [(line.leads, line.is_inner) for line in each.lines]) for each in found.definitions]
    assert found.leads == 3
    assert told == [
        ("Score or both", 2, [(1, False), (1, False), (2, True), (1, True)]),
        ("Mails", 2, []),
    ]


def test_counting_conditions_is_one_statement(model: ScoringModel, django_assert_max_num_queries) -> None:
    document_of(model.current_version)
    now = timezone.now()
    hot_counts(document_of(model.current_version), model=model, now=now)
    with django_assert_max_num_queries(9):  # of which one reads leads; the others set limits and ask for the catalog
        hot_counts(document_of(model.current_version), model=model, now=now)


def test_what_the_draft_does_to_the_queue_stands_beside_the_definitions(model: ScoringModel, admin: User) -> None:
    raw = document(mail_rule(points=40), hot=HOT[:1])
    save_draft(model=model, document=raw, revision=model.draft_revision, by=admin, now=timezone.now())
    harder = document(mail_rule(points=10), hot=[{"name": "Score or both", "when": SCORE}])
    fresh = ScoringModel.objects.get()
    save_draft(model=fresh, document=harder, revision=fresh.draft_revision, by=admin, now=timezone.now())
    page = as_(admin).get(reverse("studio:hot_effect", args=[model.pk]))
    assert (page.context["summary"].entering, page.context["summary"].leaving) == (0, 2)


def test_the_picture_has_the_numbers_of_the_definition() -> None:
    found = hysteresis_of(definition(exit={"total": 55}, grace="3d"))
    assert found is not None
    assert found.steps == (
        "Hot from 70 points.",
        "Between 55 and 70 it stays hot, so it doesn’t switch back and forth or notify twice.",
        "At 55 or less it stays hot for another 3 days.",
    )
    assert [">70</text>" in found.picture, ">55</text>" in found.picture] == [True, True]


def test_without_a_grace_time_it_ends_at_once_and_the_exit_is_ten_below() -> None:
    found = hysteresis_of(definition())
    assert found is not None
    assert found.steps[-1] == "At 60 or less it stops being hot immediately."


def test_conditions_alone_have_no_picture() -> None:
    found = read_hot({"name": "Hot", "when": MAILS})
    assert found is not None
    assert hysteresis_of(found) is None


@pytest.mark.parametrize("threshold", [1, 20, 50, 100])
def test_the_picture_stays_inside_its_frame(threshold: int) -> None:
    raw = {"name": "Hot", "when": SCORE | {"value": threshold}, "exit": {"total": max(0, threshold - 30)}}
    found = read_hot(raw | {"grace": "3d"})
    assert found is not None
    drawn = hysteresis_of(found)
    assert drawn is not None
    assert 'width="-' not in drawn.picture
    assert Decimal(threshold) == Decimal(drawn.picture.split("</text>")[0].rsplit(">", 1)[1])


@pytest.mark.parametrize(("language", "words"), [("en", "Matching leads now"), ("ja", "現在の該当リード")])
def test_the_counts_are_told_in_both_languages(
    model: ScoringModel, rep: User, now: datetime, language: str, words: str
) -> None:
    User.objects.filter(pk=rep.pk).update(language=language)
    page = as_(rep).get(reverse("studio:hot_conditions", args=[model.pk]))
    assert words in page.content.decode()


def test_the_form_keeps_and_changes_whether_a_definition_makes_hot_again_and_speaks_of_customers(
    publish: Publish, admin: User
) -> None:
    hot = [{"name": "Hot", "when": SCORE, "again": True, "customers": True}]
    model = publish(document(mail_rule(), hot=hot), at=timezone.now())
    address = reverse("studio:hot", args=[model.pk, 0])
    form = as_(admin).get(address).context["form"]
    assert (form["again"].initial, form["customers"].initial) == (True, True)
    typed = {"name": "Hot", "threshold": "70", "together": "any", "joined": "all", "seen": draft_token(model)}
    rows = {"when-TOTAL_FORMS": "0", "when-INITIAL_FORMS": "0"}
    assert as_(admin).post(address, typed | rows | {"again": "on"}).status_code == 303
    assert ScoringModel.objects.get().draft["hot"] == [{"name": "Hot", "when": SCORE, "again": True}]
