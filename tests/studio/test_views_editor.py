"""The rule editor over HTTP: a form that saves itself, parts that are redrawn, two clients at once, and bad input."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from leads.models import AttributeDefinition
from scoring.models import ScoringModel
from scoring.queries.validation import read_rule
from studio.draft.store import draft_token, save_draft, start_model
from studio.models import DraftStep
from studio.queries.decay_curve import decay_curve
from tests.factories import LeadFactory, activity
from tests.published import Publish, document, mail_rule
from tests.studio.test_views_rules import EACH, NO_ROWS, address, as_, post, rows, rules_of

pytestmark = pytest.mark.django_db

PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def model(marketer: User, now: datetime) -> ScoringModel:
    return start_model(name="Default", document=document(mail_rule(), mail_rule(name="Other")), by=marketer, now=now)


def part(client: Client, url: str, **typed: Any) -> Any:
    return client.post(url, typed, headers=PART)


def opened(client: Client, url: str) -> dict[str, str]:
    """What the open form sends along."""
    context = client.get(url, headers=PART).context
    return {key: str(context[key]) for key in ("seen", "was_group", "was_rule", "sitting")}


MAIL = NO_ROWS | EACH | {"name": "Opened a mail", "activity": "email_open"}


def test_a_rule_opens_in_place_and_its_save_redraws_the_rules(marketer: User, model: ScoringModel) -> None:
    client, url = as_(marketer), address("rule", model.pk, 0, 0)
    sheet = client.get(url, headers=PART)
    assert "<html" not in sheet.content.decode()
    assert 'id="rule-form"' in sheet.content.decode()
    answer = part(client, url, **MAIL, **opened(client, url))
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (204, "lq:close, lq:draft, lq:rules")
    drawn = client.get(address("rules", model.pk), headers=PART).content.decode()
    assert ("+3" in drawn, "Draft saved." in drawn) == (True, True)
    assert rules_of(model)[0]["points"] == 3


def test_a_form_that_saves_itself_goes_on_from_what_it_saved(marketer: User, model: ScoringModel) -> None:
    client, url = as_(marketer), address("rule", model.pk, 0, 1)
    tokens = opened(client, url)
    for name in ("First name", "Second name"):
        saved = part(client, url, **(NO_ROWS | EACH | tokens | {"name": name, "by_itself": "1"}))
        assert (saved.status_code, saved.headers["HX-Trigger"]) == (200, "lq:draft, lq:rules")
        tokens |= {key: saved.context[key] for key in ("seen", "was_group", "was_rule")}
    assert [rule["name"] for rule in rules_of(model)] == ["Opened a mail", "Second name"]
    assert DraftStep.objects.count() == 1
    part(client, address("undo", model.pk))
    assert [rule["name"] for rule in rules_of(model)] == ["Opened a mail", "Other"]


def test_a_new_rule_is_kept_only_when_it_is_saved(marketer: User, model: ScoringModel) -> None:
    client, url = as_(marketer), address("new_rule", model.pk, 0)
    typed = NO_ROWS | EACH | opened(client, url) | {"name": "New one"}
    itself = part(client, url, **(typed | {"by_itself": "1"}))
    assert "a new rule is added when you save it" in itself.content.decode()
    assert [rule["name"] for rule in rules_of(model)] == ["Opened a mail", "Other"]
    assert part(client, url, **typed).status_code == 204
    assert [rule["name"] for rule in rules_of(model)] == ["Opened a mail", "Other", "New one"]


def test_a_form_that_is_not_right_yet_does_not_save_itself_and_keeps_its_tokens(
    marketer: User, model: ScoringModel
) -> None:
    client, url = as_(marketer), address("rule", model.pk, 0, 0)
    tokens = opened(client, url)
    answer = part(client, url, **(MAIL | tokens | {"points": "many", "by_itself": "1"}))
    assert (answer.status_code, {key: answer.context[key] for key in tokens}) == (200, tokens)
    assert "Not saved yet" in answer.content.decode()
    assert rules_of(model)[0] == mail_rule()


def test_two_clients_who_edit_different_rules_both_keep_theirs(
    marketer: User, admin: User, model: ScoringModel
) -> None:
    mika, aki = as_(marketer), as_(admin)
    first, second = address("rule", model.pk, 0, 0), address("rule", model.pk, 0, 1)
    mine, theirs = opened(mika, first), opened(aki, second)
    part(aki, second, **(MAIL | theirs | {"name": "Other, renamed", "points": "9"}))
    answer = part(mika, first, **(MAIL | mine | {"points": "7"}))
    assert answer.status_code == 204
    assert [(rule["name"], rule["points"]) for rule in rules_of(model)] == [("Opened a mail", 7), ("Other, renamed", 9)]


def test_two_clients_who_edit_the_same_rule_are_shown_both(marketer: User, admin: User, model: ScoringModel) -> None:
    mika, aki, url = as_(marketer), as_(admin), address("rule", model.pk, 0, 0)
    mine, theirs = opened(mika, url), opened(aki, url)
    part(aki, url, **(MAIL | theirs | {"points": "9"}))
    itself = part(mika, url, **(MAIL | mine | {"points": "7", "by_itself": "1"}))
    assert (itself.status_code, "someone else changed this rule" in itself.content.decode()) == (200, True)
    answer = part(mika, url, **(MAIL | mine | {"points": "7"}))
    assert (answer.status_code, answer.context["theirs"], answer.context["mine"]) == (
        409,
        "+9 · For each email open",
        "+7 · For each email open",
    )
    assert rules_of(model)[0]["points"] == 9


def test_a_press_on_an_old_page_means_the_group_that_stood_there(
    marketer: User, model: ScoringModel, now: datetime
) -> None:
    post(marketer, model, address("new_group", model.pk), name="Second", dimension="fit")
    post(marketer, model, address("new_group", model.pk), name="Third", dimension="fit")
    old = draft_token(ScoringModel.objects.get(pk=model.pk))
    post(marketer, model, address("press_group", model.pk, 0, "delete"))
    as_(marketer).post(address("press_group", model.pk, 1, "delete"), {"seen": old})
    draft = ScoringModel.objects.get(pk=model.pk).draft
    assert draft is not None
    assert [group["name"] for group in draft["groups"]] == ["Third"]


def test_a_rule_moves_to_any_place_of_any_group(marketer: User, model: ScoringModel) -> None:
    post(marketer, model, address("new_group", model.pk), name="More", dimension="fit")
    post(marketer, model, address("move", model.pk, 0, 0), to_group="0", to_rule="2")
    assert [rule["name"] for rule in rules_of(model)] == ["Other", "Opened a mail"]
    post(marketer, model, address("move", model.pk, 0, 0), to_group="1", to_rule="99")
    assert ([r["name"] for r in rules_of(model)], [r["name"] for r in rules_of(model, 1)]) == (
        ["Opened a mail"],
        ["Other"],
    )
    post(marketer, model, address("new_rule", model.pk, 0), **(NO_ROWS | EACH | {"name": "Other"}))
    answer = post(marketer, model, address("move", model.pk, 0, 1), to_group="1", to_rule="1")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["to_group"])


@pytest.mark.parametrize(
    "typed", [{"to_group": "7", "to_rule": "1"}, {"to_group": "0", "to_rule": "0"}, {"to_group": "x"}]
)
def test_a_place_that_does_not_exist_is_refused(marketer: User, model: ScoringModel, typed: dict[str, str]) -> None:
    answer = post(marketer, model, address("move", model.pk, 0, 0), **typed)
    assert (answer.status_code, [rule["name"] for rule in rules_of(model)]) == (422, ["Opened a mail", "Other"])


def test_the_audience_is_built_from_the_same_rows(marketer: User, model: ScoringModel) -> None:
    url = address("audience", model.pk)
    nested = rows(
        {"subject": "group:any", "negate": "on"},
        {"subject": "field:email", "op": "unknown", "level": "1"},
        {"subject": "field:company.employees", "op": "<", "value": "１０", "level": "1"},
    )
    said = {
        "not": {
            "any": [{"field": "email", "op": "unknown"}, {"field": "company.employees", "op": "<", "value": 10}],
        }
    }
    answer = post(marketer, model, url, **nested)
    assert (answer.status_code, ScoringModel.objects.get(pk=model.pk).draft["audience"]) == (303, said)
    form = as_(marketer).get(url).context["form"]
    assert [row.initial.get("level", 0) for row in form.rows.forms] == [0, 1, 1]
    wrong = post(marketer, model, url, **rows({"subject": "score:total", "op": ">=", "value": "1"}))
    assert (wrong.status_code, list(wrong.context["form"].rows.forms[0].errors)) == (422, ["subject"])
    post(marketer, model, url, **NO_ROWS)
    assert "audience" not in ScoringModel.objects.get(pk=model.pk).draft


# --- what stands beside the rules ------------------------------------------------------------------------------------


def test_each_rule_says_for_how_many_leads_it_counts_in_the_draft_in_one_statement(
    marketer: User, publish: Publish, now: datetime
) -> None:
    for _number in range(3):
        activity(LeadFactory(), "email_open", now - timedelta(days=1))
    model = publish(document(mail_rule(), mail_rule(name="Clicked", each={"activity": "email_click"})))
    client = as_(marketer)
    draft = document(mail_rule(), mail_rule(name="Twice", points=2), mail_rule(name="No", each={"activity": "demo"}))
    save_draft(model=model, document=draft, revision=model.draft_revision, by=None, now=now)
    draft["groups"][0]["rules"][2]["each"]["activity"] = "email_click"
    ScoringModel.objects.filter(pk=model.pk).update(draft=draft)
    with CaptureQueriesContext(connection) as queries:
        first = client.get(address("findings", model.pk))
    assert first.context["fires"] == [(0, 0, 3), (0, 1, 3), (0, 2, 0)]
    assert len([each for each in queries if "uncapped[" in each["sql"]]) == 1
    with CaptureQueriesContext(connection) as again:
        assert client.get(address("findings", model.pk)).context["fires"] == first.context["fires"]
    assert not [each for each in again if "uncapped[" in each["sql"]]


def test_a_late_review_is_marked(marketer: User, now: datetime) -> None:
    late, due = mail_rule(review_on="2020-01-01"), mail_rule(name="Other", review_on="2999-01-01")
    model = start_model(name="Default", document=document(late, due), by=marketer, now=now)
    assert as_(marketer).get(model.get_absolute_url()).content.decode().count("review overdue") == 1


def test_who_else_edits_is_told_and_a_saved_draft_is_announced(
    marketer: User, admin: User, rep: User, model: ScoringModel, now: datetime
) -> None:
    for user in (admin, rep):
        as_(user).get(model.get_absolute_url())
    token = draft_token(ScoringModel.objects.get(pk=model.pk))
    here = as_(marketer).get(address("presence", model.pk), {"seen": token})
    assert ([user.name for user in here.context["others"]], "HX-Trigger" in here.headers) == (["Aki Admin"], False)
    save_draft(model=model, document=document(), revision=model.draft_revision, by=admin, now=now)
    told = as_(marketer).get(address("presence", model.pk), {"seen": token})
    assert told.headers["HX-Trigger"] == "lq:rules, lq:draft"


FADES = [
    ({"half_life": "10d"}, [(0, 5), (10, 2.5), (40, 0.3125)]),
    ({"linear": "40d"}, [(0, 5), (23, 2.125), (46, 0)]),
    ({"half_life": "10d", "window": "20d"}, [(0, 5), (11.5, 2.253), (23, 0)]),
    ({"window": "20d"}, [(0, 5), (11.5, 5), (23, 0)]),
]


@pytest.mark.parametrize(("decay", "points"), FADES)
def test_the_fading_of_a_rule_is_drawn_as_it_counts(decay: dict[str, str], points: list[tuple[float, float]]) -> None:
    rule = read_rule(mail_rule(decay=decay))
    assert rule is not None
    drawn = {round(age, 3): value for age, value in decay_curve(rule)}
    assert {age: drawn[age] for age, _value in points} == pytest.approx(dict(points), abs=0.001)


# --- bad input -------------------------------------------------------------------------------------------------------


def test_a_rule_about_a_deleted_attribute_opens_and_says_what_is_wrong(
    marketer: User, model: ScoringModel, now: datetime
) -> None:
    own = AttributeDefinition.objects.create(
        owner="lead", code="plan", label_en="Plan", label_ja="プラン", type="choice", choices=["gold"]
    )
    rule = {"name": "Gold", "when": {"field": "custom.plan", "op": "=", "value": "gold"}, "points": 3}
    save_draft(model=model, document=document(rule), revision=model.draft_revision, by=None, now=now)
    own.delete()
    client, url = as_(marketer), address("rule", model.pk, 0, 0)
    assert (client.get(url).status_code, client.get(model.get_absolute_url()).status_code) == (200, 200)
    typed = rows({"subject": "field:custom.plan", "op": "=", "value": "gold"})
    answer = post(marketer, model, url, **typed, name="Gold", points="4", group="0", kind="when")
    assert (answer.status_code, answer.context["form"].rows.forms[0].errors["subject"]) == (
        422,
        ["No field “custom.plan”. Use an existing one."],
    )
    assert rules_of(model) == [rule]


def test_two_hundred_nested_conditions_are_refused(marketer: User, model: ScoringModel) -> None:
    for number, words in (
        (200, "At most 50 conditions are possible. Remove some."),
        (40, "Check the highlighted conditions."),
    ):
        nested = [{"subject": "group:all", "level": str(level)} for level in range(number - 1)]
        typed = rows(*nested, {"subject": "field:email", "op": "known", "level": str(number - 1)})
        answer = post(
            marketer, model, address("new_rule", model.pk, 0), **typed, name="X", points="1", group="0", kind="when"
        )
        assert answer.status_code == 422
        assert answer.context["form"].non_field_errors()[0].startswith(words)
    assert len(rules_of(model)) == 2


@pytest.mark.parametrize("level", ["-1", "abc", "1e9", "99999999999999999999"])
def test_a_depth_that_is_none_is_marked(marketer: User, model: ScoringModel, level: str) -> None:
    typed = rows({"subject": "field:email", "op": "known", "level": level})
    answer = post(
        marketer, model, address("new_rule", model.pk, 0), **typed, name="X", points="1", group="0", kind="when"
    )
    assert (answer.status_code, list(answer.context["form"].rows.forms[0].errors)) == (422, ["level"])


@pytest.mark.parametrize("token", ["", "x", "1", "9.9", "99999999999.1", "-1.0", "1.99999999999999999999"])
def test_a_token_that_nobody_gave_out_saves_nothing(marketer: User, model: ScoringModel, token: str) -> None:
    client = as_(marketer)
    answer = part(client, address("rule", model.pk, 0, 0), **(MAIL | {"seen": token, "was_rule": "Opened a mail"}))
    assert answer.status_code == 409
    part(client, address("press", model.pk, 0, 0, "delete"), seen=token)
    part(client, address("move", model.pk, 0, 0), seen=token, to_group="0", to_rule="2")
    assert rules_of(model) == [mail_rule(), mail_rule(name="Other")]
