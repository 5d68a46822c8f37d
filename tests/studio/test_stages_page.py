"""Stages in the studio: a rule each, built as hot definitions are; who meets it, who moves, and the way back."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from leads.enums import Stage
from leads.models import Lead
from scoring import yaml_text
from scoring.actions import publish_version, run_rescores, score_all_dirty
from scoring.models import ScoringModel
from scoring.queries.documents import document_of
from scoring.queries.validation import tidy
from studio.draft.store import draft_token, save_draft, undo_edit
from studio.models import Proposal
from studio.queries.document_diff import changes
from studio.queries.lint import findings, static_findings
from studio.queries.single_edits import single_edits
from studio.queries.stages import stage_counts
from studio.queries.trial import trial_of
from tests.clients import as_
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.published import Publish, document, mail_rule
from tests.scoring.explained import explanation_of

pytestmark = pytest.mark.django_db
NO_ROWS = {"when-TOTAL_FORMS": "0", "when-INITIAL_FORMS": "0", "joined": "all", "together": "any"}
AT_40, AT_80 = ({"score": "total", "op": ">=", "value": value} for value in (40, 80))
LARGE = {"field": "company.employees", "op": ">=", "value": 100}
STAGED = {"mql": AT_40, "sql": {"all": [AT_80, LARGE]}}


def address(name: str, *args: Any) -> str:
    return reverse(f"{'scoring' if name == 'lead_panel' else 'studio'}:{name}", args=args)


def post(user: User, url: str, **typed: Any) -> Any:
    return as_(user).post(url, {"seen": draft_token(ScoringModel.objects.get()), **typed})


def draft() -> dict[str, Any]:
    return ScoringModel.objects.get().draft or {}


def words_of(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def raw(stages: Any = None, **rest: Any) -> dict[str, Any]:
    return document(mail_rule(points=40), **rest) | ({"stages": stages} if stages else {})


def save(model: ScoringModel, stages: Any, by: User) -> ScoringModel:
    model = ScoringModel.objects.get(pk=model.pk)
    return save_draft(model=model, document=raw(stages), revision=model.draft_revision, by=by, now=timezone.now())


@pytest.fixture
def model(publish: Publish) -> ScoringModel:
    """Three leads of 0, 40 and 80 points, the last at a large company; and a customer of 80 there."""
    at = timezone.now() - timedelta(days=1)
    company = CompanyFactory(employees=200)
    LeadFactory()
    for lead, mails in (
        (LeadFactory(), 1),
        (LeadFactory(company=company), 2),
        (LeadFactory(company=company, stage=Stage.CUSTOMER), 2),
    ):
        for number in range(mails):
            activity(lead, "email_open", at, object=str(number))
    return publish(raw(), at=timezone.now())


# --- editing ---------------------------------------------------------------------------------------------------------


def test_an_admin_writes_a_rule_with_the_builder_of_hot_definitions(admin: User, model: ScoringModel) -> None:
    url = address("stage", model.pk, "sql")
    assert as_(admin).get(url).context["form"]["threshold"].value() == "70", "the threshold of the hot band"
    row = {
        "when-TOTAL_FORMS": "1",
        "when-0-subject": "field:company.employees",
        "when-0-op": ">=",
        "when-0-value": "100",
    }
    answer = post(admin, url, **NO_ROWS | row | {"threshold": "80", "together": "all"})
    assert answer.headers["Location"] == model.get_absolute_url()
    assert draft()["stages"] == {"sql": {"all": [AT_80, LARGE]}}
    form = as_(admin).get(url).context["form"]
    assert (form["threshold"].value(), form["together"].value(), len(form.rows.forms)) == ("80", "all", 1)


def test_a_new_mql_begins_at_the_warm_band_and_either_rule_leaves_the_other_alone(
    admin: User, model: ScoringModel
) -> None:
    save(model, {"sql": STAGED["sql"]}, admin)
    assert as_(admin).get(address("stage", model.pk, "mql")).context["form"]["threshold"].value() == "40"
    post(admin, address("stage", model.pk, "mql"), **NO_ROWS, threshold="50")
    assert draft()["stages"] == {"sql": STAGED["sql"], "mql": AT_40 | {"value": 50}}
    post(admin, address("delete_stage", model.pk, "sql"))
    assert draft()["stages"] == {"mql": AT_40 | {"value": 50}}
    post(admin, address("delete_stage", model.pk, "mql"))
    assert "stages" not in draft()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"threshold": ""}, "Enter a score or a condition."),
        ({"threshold": "many"}, "Enter a number."),
        (
            {"threshold": "", "when-TOTAL_FORMS": "1", "when-0-subject": "field:stage", "when-0-op": "=",
             "when-0-value": "mql"},
            "Stage rules can’t use the lead’s stage.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_lost(
    admin: User, model: ScoringModel, typed: dict[str, str], said: str
) -> None:
    page = post(admin, address("stage", model.pk, "mql"), **NO_ROWS | typed)
    assert (page.status_code, said in page.content.decode(), draft()) == (422, True, {})


def test_the_builder_does_not_offer_the_stage(admin: User, model: ScoringModel) -> None:
    page = as_(admin).get(address("stage", model.pk, "mql")).content.decode()
    assert ("field:company.employees" in page, "field:stage" in page) == (True, False)
    assert "field:stage" in as_(admin).get(address("new_hot", model.pk)).content.decode()


def test_a_rule_that_the_form_cannot_say_is_edited_as_text(admin: User, model: ScoringModel) -> None:
    save(model, {"mql": {"field": "stage", "op": "known"}}, admin)
    answer = as_(admin).get(address("stage", model.pk, "mql"))
    assert answer.headers["Location"] == address("document_text", model.pk)


@pytest.mark.parametrize("stage", ["customer", "inquiry", "x"])
def test_there_is_no_rule_for_another_stage(admin: User, model: ScoringModel, stage: str) -> None:
    assert as_(admin).get(address("stage", model.pk, stage)).status_code == 404
    assert post(admin, address("delete_stage", model.pk, stage)).status_code == 404


def test_the_demand_waterfall_makes_warm_leads_mqls_and_leaves_sqls_to_sales(admin: User, model: ScoringModel) -> None:
    post(admin, address("edit_thresholds", model.pk), hot="80", warm="35", a="25", b="10", one="40", two="20")
    post(admin, address("use_waterfall", model.pk))
    assert draft()["stages"] == {"mql": AT_40 | {"value": 35}}
    undo_edit(model=ScoringModel.objects.get(), by=admin, now=timezone.now())
    assert ("stages" in draft(), draft()["bands"]["warm"]) == (False, 35)


def test_two_admins_who_edit_a_rule_each_keep_both_and_the_same_one_is_a_conflict(
    admin: User, model: ScoringModel
) -> None:
    old = draft_token(ScoringModel.objects.get())
    post(admin, address("stage", model.pk, "mql"), **NO_ROWS, threshold="50")
    page = as_(admin).post(address("stage", model.pk, "mql"), {"seen": old, **NO_ROWS, "threshold": "60"})
    assert page.status_code == 409
    assert page.context["form"]["threshold"].value() == "60"
    assert draft()["stages"] == {"mql": AT_40 | {"value": 50}}


# --- who may ---------------------------------------------------------------------------------------------------------


def test_a_rep_who_posts_a_stage_is_refused_and_nothing_changed(rep: User, model: ScoringModel) -> None:
    before = ScoringModel.objects.get()
    for name, typed in [("stage", NO_ROWS | {"threshold": "1"}), ("delete_stage", {})]:
        assert post(rep, address(name, model.pk, "mql"), **typed).status_code == 403
    assert ScoringModel.objects.get().draft_revision == before.draft_revision
    page = as_(rep).get(address("thresholds", model.pk))
    assert ("A lead becomes an MQL" in words_of(page), "Create rule for MQL" in words_of(page)) == (True, False)


def test_a_marketer_proposes_stages_and_sales_publishes_them_with_one_press(
    admin: User, marketer: User, manager: User, model: ScoringModel
) -> None:
    assert post(marketer, address("use_waterfall", model.pk)).status_code == 303
    page = words_of(as_(marketer).get(address("publish", model.pk)))
    assert "This draft changes interest levels, grades, hot definitions or stages." in page
    assert "Request approval" in page
    assert post(marketer, address("publish", model.pk), note="stages").status_code == 303
    assert ScoringModel.objects.get().current_version == model.current_version
    asked = Proposal.objects.get()
    assert post(marketer, address("decide", model.pk, asked.pk)).status_code == 403
    assert post(manager, address("decide", model.pk, asked.pk)).status_code == 303
    published = ScoringModel.objects.get().current_version
    assert published is not None
    assert (published.number, published.published_by) == (2, marketer)
    assert document_of(published).stages.rules


def test_an_administrator_publishes_other_stages_alone(admin: User, model: ScoringModel) -> None:
    save(model, STAGED, admin)
    assert post(admin, address("publish", model.pk), note="stages").status_code == 303


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_each_condition_says_how_many_meet_it_and_how_many_move_on_publishing(admin: User, model: ScoringModel) -> None:
    made = save(model, STAGED, admin)
    page = as_(admin).get(address("stage_conditions", model.pk))
    counts = page.context["counts"]
    told = [(each.counted.name, each.counted.leads, each.moving) for each in counts.stages]
    assert (counts.leads, told) == (4, [("MQL", 3, 1), ("SQL", 2, 1)])
    assert [(line.words, line.leads) for line in counts.stages[1].counted.lines] == [
        ("Total score of 80 or more", 2),
        ("At least 100 employees", 2),
    ]
    assert "1 of them isn’t there yet and becomes an SQL when you publish." in words_of(page)
    publish_version(model=made, by=admin, note="stages", now=timezone.now())
    run_rescores(now=timezone.now())
    score_all_dirty(now=timezone.now())
    assert sorted(Lead.objects.values_list("stage", flat=True)) == ["customer", "inquiry", "mql", "sql"]
    now = ScoringModel.objects.get()
    again = stage_counts(document_of(now.current_version), model=now, now=timezone.now())
    assert [each.moving for each in again.stages] == [0, 0]


def test_another_model_than_the_primary_moves_nobody_and_says_so(
    admin: User, model: ScoringModel, publish: Publish
) -> None:
    second = publish(raw() | {"model": "Second"}, at=timezone.now())
    save(second, STAGED, admin)
    counts = as_(admin).get(address("stage_conditions", second.pk)).context["counts"]
    assert [(each.counted.leads, each.moving) for each in counts.stages] == [(3, 0), (2, 0)]
    for name in ("thresholds", "effect"):
        assert "Only the primary model moves leads between stages." in words_of(
            as_(admin).get(address(name, second.pk))
        )


def test_the_effect_of_the_draft_says_how_many_become_mql_and_sql(admin: User, model: ScoringModel) -> None:
    save(model, STAGED, admin)
    page = as_(admin).get(address("effect", model.pk))
    assert page.context["summary"].advancing == [("mql", "MQL", 1), ("sql", "SQL", 1)]
    assert "1 becomes an MQL 1 becomes an SQL" in words_of(page)
    save(model, None, admin)
    assert "becomes an" not in words_of(as_(admin).get(address("effect", model.pk)))


def test_the_difference_names_the_stages_and_each_is_an_edit_of_its_own(admin: User, model: ScoringModel) -> None:
    made = save(model, STAGED, admin)
    page = words_of(as_(admin).get(address("publish", model.pk)))
    assert "SQL Stages" in page
    assert "All of these: Total score of 80 or more At least 100 employees" in page
    publish_version(model=made, by=admin, note="stages", now=timezone.now())
    old, new = document_of(model.current_version), document_of(ScoringModel.objects.get().current_version)
    said = [(each.kind, each.where, each.name) for each in changes(old, new)]
    assert said == [("added", "Stages", "MQL"), ("added", "Stages", "SQL")]
    assert [each.kind for each in changes(new, old)] == ["removed", "removed"]
    edits = single_edits(old, new)
    assert [edit.change.name for edit in edits] == ["MQL", "SQL"]
    assert [[rule.stage for rule in edit.document.stages.rules] for edit in edits] == [["mql"], ["sql"]]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["MQL Total score of 40 or more", "become at least an MQL as well", "All of these:"]),
        ("ja", ["MQL 総合スコアが40点以上", "MQL以上になります", "従業員数が100名以上"]),
    ],
)
def test_the_definition_page_says_the_stages(
    model: ScoringModel, publish: Publish, rep: User, language: str, said: list[str]
) -> None:
    User.objects.filter(pk=rep.pk).update(language=language)
    publish(raw(STAGED), at=timezone.now())
    page = words_of(as_(rep).get(address("definition")))
    assert [each in page for each in said] == [True, True, True]


def test_without_rules_the_definition_page_says_what_sales_does(model: ScoringModel, rep: User) -> None:
    page = words_of(as_(rep).get(address("definition")))
    assert "A lead becomes an MQL" in page
    assert "A lead becomes an SQL" in page


def test_a_lead_is_told_which_rule_it_meets_until_when_and_what_it_lacks(
    model: ScoringModel, publish: Publish, rep: User
) -> None:
    asked = {"activity": "document_request", "within": "14d"}
    made = publish(raw({"mql": asked, "sql": AT_80}), at=timezone.now())
    lead = Lead.objects.filter(stage="inquiry").order_by("pk")[1]
    at = timezone.now()
    activity(lead, "document_request", at)
    score_all_dirty(now=at)
    said = explanation_of(lead=lead, model=made, at=timezone.now(), language="en")
    mql, sql = said["stages"]
    assert (said["stage"], mql["met"], sql["met"]) == ("mql", True, False)
    assert mql["conditions"][0]["expires_at"][:10] == (at + timedelta(days=14)).astimezone().isoformat()[:10]
    assert (sql["one_short"], [each["short_by"] for each in sql["missing"]]) == (True, [40.0])
    Lead.objects.filter(pk=lead.pk).update(owner=rep)
    page = words_of(as_(rep).get(address("lead_panel", lead.pk)))
    assert "MQL met" in page
    assert "SQL not met" in page


def test_the_command_line_explains_the_stages_and_shows_them_as_text(model: ScoringModel, publish: Publish) -> None:
    publish(raw(STAGED), at=timezone.now())
    lead = Lead.objects.order_by("pk")[2]
    told, shown = StringIO(), StringIO()
    call_command("explain", str(lead.pk), "--language", "en", stdout=told)
    assert (
        "SQL: met\n  [x] All of these:\n      [x] Total score of 80 or more\n      [x] At least 100 employees"
        in told.getvalue()
    )
    call_command("scoring_model", "show", "Default", stdout=shown)
    assert yaml_text.load(shown.getvalue()).raw["stages"] == STAGED


def test_a_trial_compares_the_stages_of_both_documents(admin: User, model: ScoringModel) -> None:
    lead = Lead.objects.order_by("pk")[2]
    made = save(model, STAGED, admin)
    publish_version(model=made, by=admin, note="stages", now=timezone.now())
    old, new = document_of(model.current_version), document_of(ScoringModel.objects.get().current_version)
    trial = trial_of(lead, model, published=old, draft=new, at=timezone.now())
    assert trial is not None
    assert [(each.name, each.before, each.after) for each in trial.hot] == [
        ("Hot lead", True, True), ("MQL", None, True), ("SQL", None, True)
    ]  # fmt: skip


def test_remarks_are_made_about_stages_as_about_hot_definitions(model: ScoringModel, publish: Publish) -> None:
    LeadFactory.create_batch(20)
    never = {"all": [LARGE, {"field": "company.employees", "op": "<", "value": 50}]}
    capped = raw({"mql": AT_80, "sql": never})
    capped["groups"][0]["max"] = 60
    made = publish(capped, at=timezone.now())
    document_ = document_of(made.current_version)
    static = [(each.path, each.name, each.code) for each in static_findings(document_)]
    assert ("stages.mql", "MQL", "unreachable") in static
    assert ("stages.sql", "SQL", "contradicts") in static
    found = [each for each in findings(document_, model=made, now=timezone.now()) if each.path.startswith("stages")]
    assert [(each.name, each.numbers["count"]) for each in found if each.code == "never"] == [("MQL", 0), ("SQL", 0)]
    everybody = publish(raw({"mql": {"score": "total", "op": ">=", "value": 0}}), at=timezone.now())
    all_of_them = findings(document_of(everybody.current_version), model=everybody, now=timezone.now())
    assert [(each.path, each.code) for each in all_of_them if each.path.startswith("stages")] == [
        ("stages.mql", "always")
    ]


def test_stages_go_through_yaml_and_back(model: ScoringModel) -> None:
    written = yaml_text.write(tidy(raw(STAGED)))
    assert "stages:\n  mql:" in written
    loaded = yaml_text.load(written)
    assert loaded.raw == tidy(raw(STAGED))
    assert loaded.line_of("stages.sql.all[1].value") > loaded.line_of("stages.mql")


def test_the_timeline_tells_when_a_rule_is_met_and_no_longer(
    model: ScoringModel, publish: Publish, marketer: User
) -> None:
    asked = {"activity": "document_request", "within": "14d"}
    start = timezone.now() - timedelta(days=20)
    publish(raw({"mql": asked}), at=timezone.now())
    lead = Lead.objects.order_by("pk").first()
    assert lead is not None
    activity(lead, "document_request", start + timedelta(days=10), now=timezone.now())
    score_all_dirty(now=timezone.now())
    page = words_of(as_(marketer).get(reverse("leads:timeline", args=[lead.pk])))
    assert "Meets the rule for MQL" in page
    assert "Met the stage rule" in page


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Leads matching the stages now"), ("ja", "現在ステージの条件を満たす")]
)
def test_the_counts_are_told_in_both_languages(
    admin: User, rep: User, model: ScoringModel, language: str, words: str
) -> None:
    save(model, STAGED, admin)
    User.objects.filter(pk=rep.pk).update(language=language)
    with translation.override(language):
        assert words in words_of(as_(rep).get(address("stage_conditions", model.pk)))
