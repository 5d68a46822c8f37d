"""Frameworks of one's own, answers that age, and how both become rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

import engine
from accounts.models import Team, User
from leads.models import DirtyMark, Lead
from scoring.models import Answer, Criterion, Framework, Option, ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.validation import problems_of
from tests.clients import as_
from tests.factories import LeadFactory
from tests.published import Publish, document, mail_rule

pytestmark = pytest.mark.django_db


def address(name: str, *args: Any) -> str:
    space = "scoring" if name in {"lead_panel", "answer", "confirm_answer"} else "studio"
    return reverse(f"{space}:{name}", args=args)


def edit(user: User, framework: Framework, to: str = "", **typed: str) -> Any:
    """The page as it is, sent back with something else typed; what is switched off is not sent."""
    client, page = as_(user), address("framework", framework.pk)
    form = client.get(page).context["form"]
    now = {name: form[name].value() for name in form.fields}
    sent = {name: "on" if value is True else value for name, value in now.items() if value not in (None, False)}
    return client.post(to or page, {name: value for name, value in (sent | typed).items() if value != "off"})


def press(user: User, row: Framework | Criterion | Option, do: str) -> Any:
    kind = type(row).__name__.lower()
    framework = row if isinstance(row, Framework) else getattr(row, "framework", None) or row.criterion.framework
    client = as_(user)
    answer = client.post(address("press_framework", framework.pk, kind, row.pk, do))
    return client.get(answer["Location"]) if answer.status_code == 303 else answer


def criterion(code: str, framework: str = "bant") -> Criterion:
    return Criterion.objects.get(framework__code=framework, code=code)


def option(code: str, of: str) -> Option:
    return criterion(of).options.get(code=code)


@pytest.fixture
def lead(rep: User, team: Team) -> Lead:
    made: Lead = LeadFactory(owner=rep, team=team)
    return made


# --- frameworks ------------------------------------------------------------------------------------------------------


def test_the_shipped_answers_have_points_and_an_age() -> None:
    budget = criterion("budget")
    assert dict(budget.options.values_list("code", "points")) == {"approved": 2500, "planned": 1000, "none": -1000}
    assert (budget.confirm_after_days, budget.weight) == (180, 1)
    for framework in Framework.objects.all():
        best = sum(max(each.options.values_list("points", flat=True)) for each in framework.criteria.all())
        assert 9_500 <= best <= 10_000


def test_a_marketer_makes_a_framework_with_questions_and_answers(marketer: User) -> None:
    names = {"code": "own", "label_en": "Our own", "label_ja": "自社基準"}
    assert as_(marketer).post(address("new_framework"), names).status_code == 303
    own = Framework.objects.get(code="own")
    assert edit(marketer, own, new_code="fit", new_en="Does it fit?").status_code == 303
    question = own.criteria.get()
    typed = {
        f"new_{question.pk}_{name}": value for name, value in {"code": "ok", "ja": "合う", "points": "１２．５"}.items()
    }
    assert edit(marketer, own, **typed, **{f"criterion_{question.pk}_days": "30"}).status_code == 303
    question.refresh_from_db()
    made = question.options.get()
    assert (question.label_ja, question.confirm_after_days) == ("Does it fit?", 30)
    assert (made.code, made.label_en, made.points) == ("ok", "合う", 1250)
    assert "own.fit" in catalog().criteria


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"new_code": "Budget 2"}, "new_code"),
        ({"new_code": "budget"}, "new_code"),
        ({"new_en": "Nameless"}, "new_code"),
        ({"framework_en": " "}, "framework_en"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    marketer: User, typed: dict[str, str], field: str
) -> None:
    before = Criterion.objects.count()
    answer = edit(marketer, Framework.objects.get(code="bant"), **typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Criterion.objects.count() == before


@pytest.mark.parametrize("points", ["many", "1e400", "nan", "1001"])
def test_points_are_numbers_within_reason(marketer: User, points: str) -> None:
    approved = option("approved", "budget")
    answer = edit(marketer, approved.criterion.framework, **{f"option_{approved.pk}_points": points})
    assert (answer.status_code, option("approved", "budget").points) == (422, 2500)


def test_questions_are_put_in_order(marketer: User) -> None:
    press(marketer, criterion("timing"), "up")
    press(marketer, option("approved", "budget"), "down")
    press(marketer, criterion("budget"), "up")
    assert list(Framework.objects.get(code="bant").criteria.values_list("code", flat=True)) == [
        "budget",
        "authority",
        "timing",
        "need",
    ]
    assert list(criterion("budget").options.values_list("code", flat=True)) == ["planned", "approved", "none"]


def test_what_has_answers_or_rules_is_switched_off_instead_of_deleted(
    marketer: User, lead: Lead, publish: Publish, now: datetime
) -> None:
    approved = option("approved", "budget")
    Answer.objects.create(lead=lead, criterion=approved.criterion, option=approved, answered_at=now)
    publish(document({"name": "Need", "answer": "bant.need", "points": {"clear": 5}}))
    for row, why in (
        (approved, "1 answer recorded"),
        (criterion("budget"), "1 answer recorded"),
        (Framework.objects.get(code="bant"), "used by rules of Default"),
        (option("vague", "need"), "used by rules of Default"),
    ):
        said = [str(message) for message in press(marketer, row, "delete").context["messages"]]
        assert len(said) == 1
        assert why in said[0]
        assert "Deactivate it instead" in said[0]
        assert type(row).objects.filter(pk=row.pk).exists()
    press(marketer, criterion("timing"), "delete")
    assert not Criterion.objects.filter(framework__code="bant", code="timing").exists()
    assert edit(marketer, Framework.objects.get(code="bant"), **{f"criterion_{approved.criterion_id}_on": "off"})
    assert criterion("budget").is_active is False


def test_what_is_switched_off_is_asked_no_more_and_rules_go_on(rep: User, lead: Lead, publish: Publish) -> None:
    Criterion.objects.filter(framework__code="bant", code="need").update(is_active=False)
    Option.objects.filter(criterion=criterion("budget"), code="none").update(is_active=False)
    form = as_(rep).get(address("answer", lead.pk, "bant")).context["form"]
    assert [each.code for each in form.criteria] == ["budget", "authority", "timing"]
    assert "No budget" not in str(form[f"answer_{criterion('budget').pk}"])
    assert problems_of(document({"name": "n", "answer": "bant.need", "points": {"clear": 5}}), catalog()) == ()


def test_a_rep_sees_frameworks_and_changes_none(rep: User) -> None:
    assert b"Add to model" not in as_(rep).get(address("frameworks")).content
    assert as_(rep).post(address("new_framework"), {"code": "x"}).status_code == 403
    assert press(rep, criterion("budget"), "delete").status_code == 403
    assert criterion("budget").label_en == "Budget"


def test_a_framework_becomes_a_group_of_rules_in_the_draft(marketer: User, publish: Publish) -> None:
    model = publish(document(mail_rule()))
    Criterion.objects.filter(framework__code="bant", code="budget").update(weight="0.5")
    Criterion.objects.filter(framework__code="bant", code="authority").update(confirm_after_days=None)
    Criterion.objects.filter(framework__code="bant", code="need").update(is_active=False)
    bant = Framework.objects.get(code="bant")
    for _ in range(2):
        answer = as_(marketer).post(address("add_to_model", bant.pk), {"model": str(model.pk)})
        assert answer.status_code == 303
    draft = ScoringModel.objects.get(pk=model.pk).draft
    assert problems_of(draft, catalog()) == ()
    assert [group["name"] for group in draft["groups"]] == ["Interest", "BANT", "BANT 2"]
    assert draft["groups"][1]["dimension"] == "qualification"
    budget, authority, timing = draft["groups"][1]["rules"]
    assert budget == {
        "name": "Budget",
        "answer": "bant.budget",
        "points": {"approved": 12.5, "planned": 5, "none": -5},
        "decay": {"window": "180d"},
    }
    assert "decay" not in authority
    assert timing["decay"] == {"window": "90d"}


@pytest.mark.parametrize("chosen", ["", "x", "0", "99999", "9" * 30, "²"])
def test_a_model_that_does_not_exist_gets_nothing(marketer: User, chosen: str) -> None:
    bant = Framework.objects.get(code="bant")
    assert as_(marketer).post(address("add_to_model", bant.pk), {"model": chosen}).status_code == 404


# --- answers ---------------------------------------------------------------------------------------------------------


def answer(user: User, lead: Lead, **typed: str) -> Any:
    return as_(user).post(address("answer", lead.pk, "bant"), typed)


def panel(user: User, lead: Lead) -> Any:
    return as_(user).get(address("lead_panel", lead.pk))


def test_an_old_answer_asks_for_itself_again_and_one_tap_confirms_it(rep: User, lead: Lead, now: datetime) -> None:
    then = now - timedelta(days=181)
    approved, decides = option("approved", "budget"), option("decides", "authority")
    old = Answer.objects.create(
        lead=lead, criterion=approved.criterion, option=approved, evidence="mail", confidence="high", answered_at=then
    )
    Answer.objects.create(lead=lead, criterion=decides.criterion, option=decides, answered_at=then)
    DirtyMark.objects.all().delete()
    with time_machine.travel(now, tick=False):
        (asked,) = panel(rep, lead).context["frameworks"]
        assert [row.is_due for row in asked.rows] == [True, False, False, False]
        assert asked.next_question == approved.criterion
        assert "ask again" in panel(rep, lead).content.decode()
        for _ in range(2):
            assert as_(rep).post(address("confirm_answer", lead.pk, old.pk)).status_code == 200
        (asked,) = panel(rep, lead).context["frameworks"]
    newest = Answer.objects.filter(criterion=approved.criterion).order_by("-pk")
    assert newest.count() == 2
    first = newest[0]
    assert (first.option, first.by, first.answered_at, first.evidence, first.confidence) == (
        approved, rep, now, "mail", "high",
    )  # fmt: skip
    assert DirtyMark.objects.filter(lead_id=lead.pk).exists()
    assert asked.next_question == criterion("need")


def test_an_answer_of_another_lead_cannot_be_confirmed(rep: User, lead: Lead, outsider: User, now: datetime) -> None:
    approved = option("approved", "budget")
    foreign = LeadFactory(owner=outsider)
    given = Answer.objects.create(lead=foreign, criterion=approved.criterion, option=approved, answered_at=now)
    assert as_(rep).post(address("confirm_answer", lead.pk, given.pk)).status_code == 404
    assert as_(rep).post(address("confirm_answer", foreign.pk, given.pk)).status_code == 404
    assert Answer.objects.count() == 1


def test_an_answer_may_be_dated_back_but_not_ahead(rep: User, lead: Lead, publish: Publish, now: datetime) -> None:
    rule = {"name": "B", "answer": "bant.budget", "points": {"approved": 20}, "decay": {"linear": "100d"}}
    publish(document(rule), at=now)
    approved = option("approved", "budget")
    typed = {f"answer_{approved.criterion_id}": str(approved.pk), f"confidence_{approved.criterion_id}": "low"}
    with time_machine.travel(now, tick=False):
        ahead = answer(rep, lead, **typed, answered_at=(now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"))
        assert (ahead.status_code, Answer.objects.count()) == (422, 0)
        assert list(ahead.context["form"].errors) == ["answered_at"]
        DirtyMark.objects.all().delete()
        back = answer(rep, lead, **typed, answered_at="2026-01-01T09:00")
    given = Answer.objects.get()
    assert (back.status_code, given.confidence, given.answered_at.year) == (200, "low", 2026)
    assert given.answered_at < now
    assert DirtyMark.objects.filter(lead_id=lead.pk).exists()


def test_being_more_sure_is_news_and_the_same_again_is_not(rep: User, lead: Lead) -> None:
    approved = option("approved", "budget")
    typed = {f"answer_{approved.criterion_id}": str(approved.pk)}
    for sure in ("low", "low", "high"):
        assert answer(rep, lead, **typed, **{f"confidence_{approved.criterion_id}": sure}).status_code == 200
    assert list(Answer.objects.order_by("pk").values_list("confidence", flat=True)) == ["low", "high"]


def test_the_panel_shows_the_answer_behind_the_points_and_the_cell(
    rep: User, lead: Lead, publish: Publish, now: datetime
) -> None:
    approved = option("approved", "budget")
    Answer.objects.create(lead=lead, criterion=approved.criterion, option=approved, answered_at=now, by=rep)
    rule = {"name": "Money", "answer": "bant.budget", "points": {"approved": 80}, "decay": {"window": "30d"}}
    raw = document(rule, dimension="qualification") | {"matrix": {}}
    publish(raw, at=now)
    with time_machine.travel(now, tick=False):
        reading = panel(rep, lead).context["reading"]
        page = panel(rep, lead).content.decode()
    (evidence,) = reading.steps[0].evidence
    assert (evidence.label, evidence.object, evidence.points) == ("BANT: Budget: Budget approved", str(rep), 8000)
    assert evidence.expires_at == now + timedelta(days=30)
    assert reading.cell in page
    assert reading.cell.startswith("engagement low, qualification high")


# --- the three gates of a qualified lead -----------------------------------------------------------------------------


def test_decision_power_interest_and_means_are_three_gates(lead: Lead, now: datetime) -> None:
    """S95, and S19: whoever lacks one is told apart by what is unknown."""
    gates = {"authority": "decides", "need": "clear", "budget": "approved"}
    leaves = [{"answer": f"bant.{code}", "op": "in", "value": [value]} for code, value in gates.items()]
    unknown = {"any": [{"answer": f"bant.{code}", "op": "unknown"} for code in gates]}
    parsed = [engine.parse_condition(raw)[0] for raw in (*leaves, {"all": leaves}, unknown)]
    raw = engine.parse(document()).document
    assert raw is not None

    def met() -> list[bool]:
        from tests.engine.world import run

        compiled = engine.compile_document(
            raw, catalog(), sources=engine.Sources(scope=engine.only([lead.pk])), t=now, conditions=parsed
        )
        return run(compiled.query, compiled.parameters)[0].matches

    assert met() == [False, False, False, False, True]
    for code in ("authority", "need"):
        given = option(gates[code], code)
        Answer.objects.create(lead=lead, criterion=given.criterion, option=given, answered_at=now)
    assert met() == [True, True, False, False, True]
    given = option("approved", "budget")
    Answer.objects.create(lead=lead, criterion=given.criterion, option=given, answered_at=now)
    assert met() == [True, True, True, True, False]


def test_moving_a_row_keeps_what_was_typed_beside_it(marketer: User) -> None:
    bant, timing = Framework.objects.get(code="bant"), criterion("timing")
    page = address("press_framework", bant.pk, "criterion", timing.pk, "up")
    assert edit(marketer, bant, page, framework_en="Our BANT", new_code="risk").status_code == 303
    bant.refresh_from_db()
    assert bant.label_en == "Our BANT"
    assert list(bant.criteria.values_list("code", flat=True)) == ["budget", "authority", "timing", "need", "risk"]
    assert edit(marketer, bant, page, framework_en="").status_code == 422
    assert as_(marketer).post(address("press_framework", bant.pk, "criterion", timing.pk, "sing")).status_code == 404
