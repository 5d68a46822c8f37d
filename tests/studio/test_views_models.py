"""Models, versions and thresholds in the browser: from a starter to a published version, and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import engine
from accounts.models import User
from leads.models import AttributeDefinition
from scoring.actions import publish_version, score_all_dirty
from scoring.models import Framework, ScoringModel, Version
from scoring.queries.catalog import catalog
from scoring.queries.validation import problems_of
from scoring.starters import CODES, five_conditions, starters
from studio.draft.store import draft_token, save_draft, start_model
from studio.models import Proposal
from studio.queries.rule_panels import remembered_counts
from tests.clients import as_
from tests.factories import LeadFactory, activity
from tests.published import Publish, document, mail_rule

pytestmark = pytest.mark.django_db


def address(name: str, *args: Any) -> str:
    return reverse(f"studio:{name}", args=args)


def post(user: User, model: ScoringModel, page: str, /, *args: Any, **typed: Any) -> Any:
    fresh = ScoringModel.objects.get(pk=model.pk)
    return as_(user).post(address(page, model.pk, *args), {"seen": draft_token(fresh), **typed})


@pytest.fixture
def model(admin: User, now: datetime) -> ScoringModel:
    """Version 1 in force, and a draft that raises the points of its rule."""
    made = start_model(name="Default", document=document(mail_rule()), by=admin, now=now)
    publish_version(model=made, by=admin, note="first", now=now)
    fresh = ScoringModel.objects.get(pk=made.pk)
    return save_draft(
        model=fresh, document=document(mail_rule(points=8)), revision=fresh.draft_revision, by=admin, now=now
    )


# --- models ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_starter_can_be_published_as_it_is(language: str) -> None:
    found = {starter.code: problems_of(starter.document, catalog()) for starter in starters(language)}
    assert found == dict.fromkeys(CODES, ())
    assert problems_of({"model": "M", "hot": [five_conditions(language)]}, catalog()) == ()


def test_a_marketer_begins_with_a_starter_in_their_language(marketer: User) -> None:
    marketer.language = "ja"
    marketer.save()
    answer = as_(marketer).post(address("new_model"), {"name": "製造", "starter": "manufacturing"})
    model = ScoringModel.objects.get()
    assert (answer.headers["Location"], model.name) == (model.get_absolute_url(), "製造")
    assert model.draft is not None
    assert [group["name"] for group in model.draft["groups"]] == [
        "企業・役職",
        "関心",
        "マイナス要因",
        "ヒアリング結果",
    ]


def test_a_name_is_taken_once_and_a_starter_that_does_not_exist_is_refused(marketer: User, model: ScoringModel) -> None:
    answer = as_(marketer).post(address("new_model"), {"name": "Default", "starter": "../../etc"})
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["name", "starter"])
    assert ScoringModel.objects.count() == 1


def test_the_list_says_what_is_in_force_and_how_many_leads_it_scored(marketer: User, publish: Publish) -> None:
    LeadFactory.create_batch(3)
    publish(document(mail_rule()))
    page = as_(marketer).get(address("models"))
    assert [(each.name, each.scored) for each in page.context["models"]] == [("Default", 3)]


def test_the_page_says_for_how_many_leads_a_rule_counts_now(marketer: User, publish: Publish, now: datetime) -> None:
    for _ in range(2):
        activity(LeadFactory(), "email_open", now)
    LeadFactory()
    model = publish(document(mail_rule(), mail_rule(name="Never", each={"activity": "complaint"})))
    page = as_(marketer).get(model.get_absolute_url())
    (_code, _label, groups) = page.context["columns"][1]
    assert [(rule.name, rule.fires) for rule in groups[0].rules] == [("Opened a mail", 2), ("Never", 0)]


def test_counts_are_remembered_for_what_a_version_says_and_not_for_its_number(publish: Publish, now: datetime) -> None:
    version = publish(document(mail_rule())).current_version
    assert version is not None
    assert sum(remembered_counts(version).values()) == 0
    activity(LeadFactory(), "email_open", now)
    score_all_dirty(now=now)
    other = Version(pk=version.pk, model=version.model, document=document(mail_rule(points=8)))
    assert [sum(remembered_counts(each).values()) for each in (version, other)] == [0, 1]


def test_the_page_costs_the_same_queries_for_one_rule_and_for_three(marketer: User, admin: User, now: datetime) -> None:
    client, counts = as_(marketer), []
    cache.clear()  # what is remembered of models that other tests gave the same numbers ends at some moment
    for names in (["A"], ["A", "B", "C"]):
        model = start_model(
            name="-".join(names), document=document(*[mail_rule(name=n) for n in names]), by=admin, now=now
        )
        publish_version(model=model, by=admin, note="n", now=now)
        client.get(model.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            client.get(model.get_absolute_url())
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_discarding_a_draft_can_be_undone(marketer: User, model: ScoringModel) -> None:
    post(marketer, model, "discard")
    assert ScoringModel.objects.get().draft is None
    post(marketer, model, "undo")
    assert ScoringModel.objects.get().draft == document(mail_rule(points=8))


# --- publishing ------------------------------------------------------------------------------------------------------


def test_the_publisher_sees_what_changes_in_words(marketer: User, model: ScoringModel) -> None:
    page = as_(marketer).get(address("publish", model.pk))
    change = page.context["changes"][0]
    assert (change.kind, change.name, change.before, change.after) == (
        "changed",
        "Opened a mail",
        "+5 · For each email open",
        "+8 · For each email open",
    )


def test_publishing_needs_a_note(marketer: User, model: ScoringModel) -> None:
    answer = post(marketer, model, "publish", note="  ")
    assert (answer.status_code, Version.objects.count()) == (422, 1)
    answer = post(marketer, model, "publish", note="Mails matter more")
    assert (answer.status_code, list(Version.objects.values_list("number", "note"))) == (
        303,
        [(2, "Mails matter more"), (1, "first")],
    )


def test_a_draft_with_problems_is_refused_with_all_of_them(admin: User, model: ScoringModel, now: datetime) -> None:
    bad = document(mail_rule(each={"activity": "gone"}), mail_rule(name="B", points="x"))
    save_draft(model=model, document=bad, revision=model.draft_revision, by=admin, now=now)
    answer = post(admin, model, "publish", note="go")
    assert (answer.status_code, [problem.path for problem in answer.context["problems"]]) == (
        422,
        ["groups[0].rules[1].points"],
    )
    assert Version.objects.count() == 1


def test_a_marketer_who_publishes_other_thresholds_asks_for_approval(
    marketer: User, admin: User, model: ScoringModel, now: datetime
) -> None:
    hot = [{"name": "Hot lead", "when": {"score": "total", "op": ">=", "value": 50}}]
    save_draft(model=model, document=document(mail_rule(), hot=hot), revision=model.draft_revision, by=admin, now=now)
    page = as_(marketer).get(address("publish", model.pk))
    assert page.context["needs_admin"] is True
    assert (post(marketer, model, "publish", note="go").status_code, Version.objects.count()) == (303, 1)
    assert Proposal.objects.get().by == marketer
    assert (post(admin, model, "publish", note="go").status_code, Version.objects.count()) == (303, 2)


def test_publishing_what_somebody_else_changed_meanwhile_is_refused(
    marketer: User, admin: User, model: ScoringModel, now: datetime
) -> None:
    old = draft_token(model)
    save_draft(model=model, document=document(mail_rule(points=1)), revision=model.draft_revision, by=admin, now=now)
    as_(marketer).post(address("publish", model.pk), {"seen": old, "note": "go"})
    assert Version.objects.count() == 1


def test_going_back_makes_a_new_version_that_says_what_the_old_one_said(marketer: User, model: ScoringModel) -> None:
    post(marketer, model, "publish", note="more")
    answer = post(marketer, model, "roll_back", 1, note="It was better before")
    first, third = Version.objects.get(number=1), Version.objects.get(number=3)
    assert (answer.status_code, third.note, third.document) == (303, "It was better before", first.document)
    page = as_(marketer).get(address("versions", model.pk))
    assert [(row.version.number, len(row.changes)) for row in page.context["rows"]] == [(3, 1), (2, 1), (1, 3)]


def test_going_back_to_what_is_in_force_says_so(marketer: User, model: ScoringModel) -> None:
    answer = post(marketer, model, "roll_back", 1, note="why not")
    assert (answer.status_code, Version.objects.count()) == (422, 1)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "This version refers to things that no longer exist: No field “custom.tier”. Use an existing one."),
        (
            "ja",
            "このバージョンは、存在しない項目を参照しています：「custom.tier」という項目はありません。既存の項目を使ってください。",
        ),
    ],
)
def test_going_back_to_what_no_longer_exists_says_what_in_the_readers_language(
    language: str, words: str, marketer: User, admin: User, model: ScoringModel, now: datetime
) -> None:
    marketer.language = language
    marketer.save()
    own = AttributeDefinition.objects.create(owner="lead", code="tier", type="text", label_en="Tier", label_ja="ランク")
    rule = {"name": "Gold", "when": {"field": "custom.tier", "op": "=", "value": "gold"}, "points": 5}
    for rules in ([mail_rule(), rule], [mail_rule(points=7)]):
        fresh = ScoringModel.objects.get(pk=model.pk)
        fresh = save_draft(model=fresh, document=document(*rules), revision=fresh.draft_revision, by=admin, now=now)
        publish_version(model=fresh, by=admin, note="-", now=now)
    newest = Version.objects.count()
    own.delete()
    answer = post(marketer, model, "roll_back", newest - 1, note="back")
    assert answer.context["form"].non_field_errors() == [words]
    assert (answer.status_code, Version.objects.count()) == (422, newest)


# --- thresholds ------------------------------------------------------------------------------------------------------

ROWS = {"when-TOTAL_FORMS": "1", "when-INITIAL_FORMS": "0"}


def draft_of(model: ScoringModel) -> Any:
    return ScoringModel.objects.get(pk=model.pk).draft


def test_an_administrator_sets_bands_and_grades(admin: User, model: ScoringModel) -> None:
    typed = {"hot": "80", "warm": "45", "a": "30", "b": "15", "one": "50", "two": "25"}
    assert post(admin, model, "edit_thresholds", **typed).status_code == 303
    draft = draft_of(model)
    assert (draft["bands"], draft["grades"]) == (
        {"hot": 80, "warm": 45},
        {"fit": {"A": 30, "B": 15}, "engagement": {"1": 50, "2": 25}},
    )
    assert engine.parse(draft).problems == ()


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"hot": "abc"}, ["hot"]),
        ({"hot": "101"}, ["hot"]),
        ({"warm": "90"}, ["warm"]),
        ({"b": "40"}, ["b"]),
        ({"one": "NaN"}, ["one"]),
        ({"two": ""}, ["two"]),
    ],
)
def test_thresholds_out_of_order_or_range_are_refused(
    admin: User, model: ScoringModel, typed: dict[str, str], fields: list[str]
) -> None:
    sound = {"hot": "80", "warm": "45", "a": "30", "b": "15", "one": "50", "two": "25"}
    answer = post(admin, model, "edit_thresholds", **(sound | typed))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, fields)
    assert "bands" not in draft_of(model)


def test_a_hot_definition_joins_a_score_with_conditions(admin: User, model: ScoringModel) -> None:
    row = {"when-0-subject": "activity:quote_request", "when-0-count": "1", "when-0-within": "14", "when-0-unit": "d"}
    form = {"name": "Hot lead", "threshold": "70", "together": "any", "joined": "all", "exit_total": "55",
            "grace": "48", "grace_unit": "h"}  # fmt: skip
    assert post(admin, model, "hot", 0, **ROWS, **row, **form).status_code == 303
    assert draft_of(model)["hot"] == [
        {
            "name": "Hot lead",
            "when": {
                "any": [
                    {"score": "total", "op": ">=", "value": 70},
                    {"activity": "quote_request", "within": "14d", "count": {"op": ">=", "value": 1}},
                ]
            },
            "exit": {"total": 55},
            "grace": "48h",
        }
    ]
    again = as_(admin).get(address("hot", model.pk, 0)).context["form"]
    assert (again.initial["threshold"], again.initial["exit_total"], len(again.rows.forms)) == ("70", "55", 1)


def test_the_five_conditions_are_offered_as_a_template(admin: User, model: ScoringModel) -> None:
    form = as_(admin).get(f"{address('new_hot', model.pk)}?template=five").context["form"]
    subjects = [row.initial["subject"] for row in form.rows.forms]
    assert subjects == [
        "activity:document_request",
        "activity:page_view",
        "field:company.employees",
        "field:title_level",
        "answer:bant.authority",
        "field:planned_on",
    ]


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"threshold": "", "when-0-subject": ""}, ["threshold"]),
        ({"threshold": "abc"}, ["threshold"]),
        ({"exit_total": "x"}, ["exit_total"]),
        ({"grace": "0"}, ["grace"]),
        ({"name": ""}, ["name"]),
        ({"when-0-subject": "field:nope", "when-0-op": "="}, ["__all__"]),
    ],
)
def test_a_hot_definition_says_what_is_wrong_with_it(
    admin: User, model: ScoringModel, typed: dict[str, str], fields: list[str]
) -> None:
    sound = {"name": "New", "threshold": "70", "together": "any", "joined": "all", "when-0-subject": "field:email",
             "when-0-op": "known"}  # fmt: skip
    answer = post(admin, model, "new_hot", **ROWS, **(sound | typed))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, fields)
    assert len(draft_of(model)["hot"]) == 1


def test_everybody_inside_sees_what_makes_a_lead_hot(rep: User, model: ScoringModel) -> None:
    page = as_(rep).get(address("thresholds", model.pk))
    assert "Total score of 70 or more" in page.content.decode()


def test_an_administrator_renames_the_answers_of_a_framework(admin: User) -> None:
    bant = Framework.objects.get(code="bant")
    form = as_(admin).get(address("framework", bant.pk)).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"framework_ja": "BANT（自社版）"}
    answer = as_(admin).post(address("framework", bant.pk), typed)
    assert (answer.status_code, Framework.objects.get(pk=bant.pk).label_ja) == (303, "BANT（自社版）")
