"""Editing rules in the browser: what is typed becomes the draft, and what is wrong is said where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from scoring.actions.versions import ThresholdsRefusedError
from scoring.models import ScoringModel, Version
from studio.actions.publication import publish_draft
from studio.draft.store import draft_token, save_draft, start_model
from tests.clients import as_
from tests.published import document, mail_rule

pytestmark = pytest.mark.django_db

EACH = {"name": "Clicked", "points": "3", "group": "0", "kind": "each", "activity": "email_click"}
NO_ROWS = {"when-TOTAL_FORMS": "0", "when-INITIAL_FORMS": "0"}


@pytest.fixture
def model(marketer: User, now: datetime) -> ScoringModel:
    return start_model(name="Default", document=document(mail_rule()), by=marketer, now=now)


def address(name: str, *args: Any) -> str:
    return reverse(f"studio:{name}", args=args)


def rows(*conditions: dict[str, str], joined: str = "all") -> dict[str, str]:
    """The fields of a list of conditions."""
    typed = {"when-TOTAL_FORMS": str(len(conditions)), "when-INITIAL_FORMS": "0", "joined": joined}
    return typed | {f"when-{i}-{key}": value for i, row in enumerate(conditions) for key, value in row.items()}


def post(user: User, model: ScoringModel, url: str, **typed: Any) -> Any:
    fresh = ScoringModel.objects.get(pk=model.pk)
    return as_(user).post(url, {"seen": draft_token(fresh), **typed})


def rules_of(model: ScoringModel, group: int = 0) -> list[dict[str, Any]]:
    draft = ScoringModel.objects.get(pk=model.pk).draft
    assert draft is not None
    found: list[dict[str, Any]] = draft["groups"][group]["rules"]
    return found


def test_a_marketer_builds_three_rules_through_the_forms_and_publishes(marketer: User, now: datetime) -> None:
    model = start_model(name="Default", by=marketer, now=now)
    new = address("new_rule", model.pk, 1)
    post(marketer, model, new, **NO_ROWS, name="Asked for documents", points="20", group="1", kind="each",
         activity="document_request", repeat="once_per_object", at_most="3", cap="40", decay="half_life",
         decay_length="30", decay_unit="d", window="180", window_unit="d")  # fmt: skip
    prices = {
        "subject": "activity:page_view", "count_op": ">=", "count": "2", "within": "14", "unit": "d",
        "where_field": "object", "where_op": "starts_with", "where_value": "/pricing",
    }  # fmt: skip
    pages = {"subject": "activity:page_view", "count_op": ">=", "count": "3", "within": "14", "unit": "d"}
    typed = rows(prices, pages | {"distinct": "object"})
    post(marketer, model, new, **typed, name="Studied the prices", points="10", group="1", kind="when")
    large = {"subject": "field:company.employees", "op": ">=", "value": "１００"}
    size = address("new_rule", model.pk, 0)
    post(marketer, model, size, **rows(large), name="Hundred or more", points="15", group="0", kind="when")
    published = post(marketer, model, address("publish", model.pk), note="The first three rules")

    assert (published.status_code, published.headers["Location"]) == (303, address("version", model.pk, 1))
    groups = Version.objects.get().document["groups"]
    assert groups[0]["rules"] == [
        {"name": "Hundred or more", "when": {"field": "company.employees", "op": ">=", "value": 100}, "points": 15}
    ]
    assert groups[1]["rules"] == [
        {
            "name": "Asked for documents",
            "each": {"activity": "document_request"},
            "points": 20,
            "repeat": "once_per_object",
            "at_most": 3,
            "cap": 40,
            "decay": {"half_life": "30d", "window": "180d"},
        },
        {
            "name": "Studied the prices",
            "when": {
                "all": [
                    {
                        "activity": "page_view",
                        "where": {"field": "object", "op": "starts_with", "value": "/pricing"},
                        "within": "14d",
                        "count": {"op": ">=", "value": 2},
                    },
                    {
                        "activity": "page_view",
                        "within": "14d",
                        "distinct": "object",
                        "count": {"op": ">=", "value": 3},
                    },
                ]
            },
            "points": 10,
        },
    ]


def test_a_rule_opens_as_it_was_typed_and_is_the_same_after_saving_it_untouched(marketer: User, now: datetime) -> None:
    rule = {
        "name": "Many things",
        "when": {
            "any": [
                {"not": {"field": "title_level", "op": "in", "value": ["manager", "director"]}},
                {"field": "planned_on", "op": "within_next", "value": "90d"},
                {"answer": "bant.authority", "op": "=", "value": "decides"},
                {"field": "consent", "op": "=", "value": True},
            ]
        },
        "points": 12.5,
    }
    model = start_model(name="Default", document=document(rule), by=marketer, now=now)
    form = as_(marketer).get(address("rule", model.pk, 0, 0)).context["form"]
    typed = {key: value for key, value in form.initial.items() if value is not False and value != ""}
    typed |= rows(*({k: str(v) for k, v in row.initial.items() if v} for row in form.rows.forms), joined="any")
    answer = post(marketer, model, address("rule", model.pk, 0, 0), **typed)
    assert (answer.status_code, rules_of(model)) == (303, [rule])


def test_a_rule_that_the_form_cannot_show_opens_as_text(marketer: User, now: datetime) -> None:
    pages = [{"field": "object", "op": "=", "value": "/a"}, {"field": "object", "op": "=", "value": "/b"}]
    filtered = {"activity": "page_view", "where": {"any": pages}, "count": {"op": ">=", "value": 1}}
    model = start_model(
        name="Default", document=document({"name": "Filtered", "when": filtered, "points": 1}), by=marketer, now=now
    )
    page = as_(marketer).get(address("rule", model.pk, 0, 0))
    assert (page.status_code, page.context["form"].is_text, "any:" in page.context["form"].initial["text"]) == (
        200,
        True,
        True,
    )


TOO_LONG = "Enter a duration of up to 3,660 days, more than 0."
BAD = [
    ({"points": "abc"}, "points", "Enter a number."),
    ({"points": "NaN"}, "points", "Enter an ordinary number."),
    ({"points": "1e400"}, "points", "Enter an ordinary number."),
    ({"points": "1000000000"}, "points", "Enter a value from −10,000 to 10,000."),
    ({"points": ""}, "points", "This field is required."),
    ({"name": "Opened a mail"}, "name", "The name “Opened a mail” is used twice. Rename one."),
    ({"activity": "teleport"}, "activity", "No activity type “teleport”. Use an existing one."),
    ({"decay": "half_life", "decay_length": "0"}, "decay_length", TOO_LONG),
    ({"decay": "half_life", "decay_length": "99999999"}, "decay_length", TOO_LONG),
    ({"decay": "linear", "decay_length": "soon"}, "decay_length", "Write a duration such as 14d or 36h."),
    ({"at_most": "0"}, "at_most", "Enter a value from 1 to 1,000."),
    ({"cap": "-1"}, "cap", "Enter a value from 0 to 1,000,000."),
    ({"review_on": "2026-02-30"}, "review_on", "This date doesn’t exist. Check it."),
    ({"repeat": "twice"}, "repeat", "Choose one of: every_time, once, once_per_object, once_per_day."),
    ({"kind": "when"}, "joined", "Add at least one condition."),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "field", "words"), BAD)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    marketer: User, model: ScoringModel, typed: dict[str, str], field: str, words: str
) -> None:
    answer = post(marketer, model, address("new_rule", model.pk, 0), **(NO_ROWS | EACH | typed))
    assert (answer.status_code, answer.context["form"].errors[field]) == (422, [words])
    assert rules_of(model) == [mail_rule()]
    kept = {key: answer.context["form"].data[key] for key in typed}
    assert kept == typed


BAD_ROWS = [
    ({"subject": "field:secret", "op": "=", "value": "1"}, "subject", "No field “secret”. Use an existing one."),
    (
        {"subject": "field:owner__password", "op": "=", "value": "1"},
        "subject",
        "No field “owner__password”. Use an existing one.",
    ),
    ({"subject": "field:company.employees", "op": ">=", "value": "many"}, "value", "Enter a whole number."),
    ({"subject": "field:company.employees", "op": "contains", "value": "1"}, "op", None),
    ({"subject": "field:planned_on", "op": "within_next", "value": "0", "unit": "d"}, "value", None),
    ({"subject": "activity:page_view", "count": "-1"}, "count", "Enter a value from 0 to 1,000,000."),
    (
        {"subject": "activity:page_view", "where_field": "object", "where_op": "=", "where_value": ""},
        "where_value",
        None,
    ),
    ({"subject": "score:total", "op": ">=", "value": "1"}, "subject", None),
    ({"subject": "bogus:1"}, "subject", None),
]


@pytest.mark.parametrize(("row", "field", "words"), BAD_ROWS)
def test_a_condition_says_what_is_wrong_with_it(
    marketer: User, model: ScoringModel, row: dict[str, str], field: str, words: str | None
) -> None:
    sound = {"subject": "field:email", "op": "known"}
    typed = rows(sound, row) | {"name": "X", "points": "1", "group": "0", "kind": "when"}
    answer = post(marketer, model, address("new_rule", model.pk, 0), **typed)
    errors = answer.context["form"].rows.forms[1].errors
    assert (answer.status_code, list(errors)) == (422, [field])
    assert words is None or errors[field] == [words]
    assert rules_of(model) == [mail_rule()]


def test_two_hundred_rows_are_refused(marketer: User, model: ScoringModel) -> None:
    many = rows(*[{"subject": "field:email", "op": "known"}] * 200)
    typed = many | {"name": "X", "points": "1", "group": "0", "kind": "when"}
    answer = post(marketer, model, address("new_rule", model.pk, 0), **typed)
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (
        422,
        ["At most 50 conditions are possible. Remove some."],
    )


def test_errors_are_said_in_japanese(marketer: User, model: ScoringModel) -> None:
    marketer.language = "ja"
    marketer.save()
    answer = post(marketer, model, address("new_rule", model.pk, 0), **(NO_ROWS | EACH | {"points": "abc"}))
    assert answer.context["form"].errors["points"] == ["数値で入力してください。"]


# --- text ------------------------------------------------------------------------------------------------------------

BAD_TEXT = [
    ("name: [", 1),
    ("name: A\npoints: 3\npoints: 4\neach: {activity: email_open}", 3),
    ("name: A\npoints: ten\neach: {activity: email_open}", 2),
    ("name: A\npoints: 1\nsurprise: 1\neach: {activity: email_open}", 3),
    ("name: &a A\nhypothesis: *a", 2),
    ("[" * 1000, 1),
    ("name: A\npoints: .nan\neach: {activity: email_open}", 2),
    ("!!python/object/apply:os.system ['true']", 1),
]


@pytest.mark.parametrize(("text", "line"), BAD_TEXT)
def test_text_that_cannot_be_read_is_marked_at_its_line(
    marketer: User, model: ScoringModel, text: str, line: int
) -> None:
    answer = post(marketer, model, address("new_rule_text", model.pk, 0), text=text)
    form = answer.context["form"]
    assert (answer.status_code, form.marks[0].line, form.data["text"]) == (422, line, text)
    assert rules_of(model) == [mail_rule()]


def test_two_hundred_nested_conditions_are_refused(marketer: User, model: ScoringModel) -> None:
    deep = "{not: " * 50 + "{field: email, op: known}" + "}" * 50
    wide = ", ".join(["{field: email, op: known}"] * 200)
    for when in (deep, f"{{all: [{wide}]}}"):
        text = f"name: A\npoints: 1\nwhen: {when}"
        answer = post(marketer, model, address("new_rule_text", model.pk, 0), text=text)
        assert (answer.status_code, bool(answer.context["form"].marks)) == (422, True)
    assert rules_of(model) == [mail_rule()]


def test_ten_megabytes_are_refused_without_a_trace(marketer: User, model: ScoringModel) -> None:
    marketer.language = "ja"
    marketer.save()
    answer = post(marketer, model, address("document_text", model.pk), text="a" * (11 * 1024 * 1024))
    assert (answer.status_code, "保存していません" in answer.content.decode()) == (400, True)
    answer = post(marketer, model, address("document_text", model.pk), text="a: " + "b" * 600_000)
    assert (answer.status_code, rules_of(model)) == (422, [mail_rule()])


def test_the_whole_draft_can_be_written_as_text(marketer: User, model: ScoringModel) -> None:
    page = as_(marketer).get(address("document_text", model.pk))
    text = page.context["form"].initial["text"].replace("points: 5", "points: 6")
    answer = post(marketer, model, address("document_text", model.pk), text=text)
    assert (answer.status_code, rules_of(model)) == (303, [mail_rule(points=6)])


# --- by one press ----------------------------------------------------------------------------------------------------


def test_rules_are_moved_duplicated_switched_and_deleted_by_one_press_each(marketer: User, now: datetime) -> None:
    first, second = mail_rule(name="First"), mail_rule(name="Second")
    model = start_model(name="Default", document=document(first, second), by=marketer, now=now)
    for place, do, names in [
        (1, "up", ["Second", "First"]),
        (0, "duplicate", ["Second", "Second (copy)", "First"]),
        (2, "delete", ["Second", "Second (copy)"]),
        (0, "down", ["Second (copy)", "Second"]),
    ]:
        post(marketer, model, address("press", model.pk, 0, place, do))
        assert [rule["name"] for rule in rules_of(model)] == names
    post(marketer, model, address("press", model.pk, 0, 0, "switch"))
    assert rules_of(model)[0]["disabled"] is True
    post(marketer, model, address("press", model.pk, 0, 0, "switch"))
    assert "disabled" not in rules_of(model)[0]


def test_undo_brings_back_what_was_deleted(marketer: User, model: ScoringModel) -> None:
    post(marketer, model, address("press", model.pk, 0, 0, "delete"))
    assert rules_of(model) == []
    post(marketer, model, address("undo", model.pk))
    assert rules_of(model) == [mail_rule()]


def test_a_rule_can_go_to_another_group(marketer: User, model: ScoringModel) -> None:
    post(marketer, model, address("new_group", model.pk), name="More", dimension="fit", max="10")
    typed = NO_ROWS | EACH | {"name": "Opened a mail", "group": "1"}
    post(marketer, model, address("rule", model.pk, 0, 0), **typed)
    assert (rules_of(model, 0), [rule["name"] for rule in rules_of(model, 1)]) == ([], ["Opened a mail"])


def test_a_group_with_bounds_the_wrong_way_round_is_refused(marketer: User, model: ScoringModel) -> None:
    typed = {"name": "More", "dimension": "fit", "min": "10", "max": "5", "after": "30", "half_life": "0"}
    answer = post(marketer, model, address("new_group", model.pk), **typed)
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["half_life", "min"]


# --- two people ------------------------------------------------------------------------------------------------------


def test_the_second_of_two_editors_is_shown_the_conflict_and_loses_nothing(
    marketer: User, admin: User, model: ScoringModel, now: datetime
) -> None:
    url = address("rule", model.pk, 0, 0)
    began = as_(marketer).get(url)
    theirs = document(mail_rule(points=9))
    save_draft(model=model, document=theirs, revision=model.draft_revision, by=admin, now=now)
    names = {"was_group": "Interest", "was_rule": "Opened a mail", "seen": began.context["seen"]}
    mine = NO_ROWS | EACH | {"name": "Opened a mail", "activity": "email_open", "points": "7"}
    answer = as_(marketer).post(url, mine | names)

    assert answer.status_code == 409
    assert answer.context["form"].data["points"] == "7"
    assert "Aki Admin changed this draft" in answer.content.decode()
    assert (answer.context["theirs"], answer.context["mine"]) == (
        "+9 · For each email open",
        "+7 · For each email open",
    )
    assert rules_of(model) == [mail_rule(points=9)]

    again = as_(marketer).post(answer.context["here"], mine | names | {"seen": answer.context["seen"]})
    assert (again.status_code, rules_of(model)) == (303, [mail_rule(points=7)])


def test_a_conflict_over_a_rule_that_is_gone_saves_mine_as_a_new_one(
    marketer: User, admin: User, model: ScoringModel, now: datetime
) -> None:
    url = address("rule", model.pk, 0, 0)
    began = as_(marketer).get(url)
    other = document(mail_rule(name="Another"))
    save_draft(model=model, document=other, revision=model.draft_revision, by=admin, now=now)
    names = {"was_group": "Interest", "was_rule": "Opened a mail", "seen": began.context["seen"]}
    mine = NO_ROWS | EACH | {"name": "Opened a mail", "activity": "email_open", "points": "7"}
    answer = as_(marketer).post(url, mine | names)
    assert (answer.status_code, answer.context["here"]) == (409, address("new_rule", model.pk, 0))
    as_(marketer).post(answer.context["here"], mine | names | {"seen": answer.context["seen"]})
    assert rules_of(model) == [mail_rule(name="Another"), mail_rule(points=7)]


def test_one_press_on_an_old_page_does_nothing_to_a_rule_that_somebody_changed(
    marketer: User, admin: User, model: ScoringModel, now: datetime
) -> None:
    old = draft_token(model)
    save_draft(model=model, document=document(mail_rule(points=9)), revision=1, by=admin, now=now)
    as_(marketer).post(address("press", model.pk, 0, 0, "delete"), {"seen": old})
    assert rules_of(model) == [mail_rule(points=9)]


def test_one_press_on_an_old_page_leaves_the_rules_that_others_added(
    marketer: User, admin: User, model: ScoringModel, now: datetime
) -> None:
    old = draft_token(model)
    theirs = document(mail_rule(name="B"), mail_rule())
    save_draft(model=model, document=theirs, revision=1, by=admin, now=now)
    as_(marketer).post(address("press", model.pk, 0, 0, "delete"), {"seen": old})
    assert rules_of(model) == [mail_rule(name="B")]


# --- who may ---------------------------------------------------------------------------------------------------------


def test_a_rep_sees_the_rules_but_cannot_edit(rep: User, model: ScoringModel) -> None:
    page = as_(rep).get(model.get_absolute_url())
    assert (page.status_code, "Opened a mail" in page.content.decode(), "Add rule" in page.content.decode()) == (
        200,
        True,
        False,
    )
    for url in (
        address("new_rule", model.pk, 0),
        address("press", model.pk, 0, 0, "delete"),
        address("document_text", model.pk),
    ):
        assert post(rep, model, url, **NO_ROWS, **EACH).status_code == 403
    assert ScoringModel.objects.get(pk=model.pk).draft_revision == model.draft_revision


@pytest.mark.parametrize("extra", ["", "\nbands: {hot: 1, warm: 0}"])
def test_text_that_touches_thresholds_goes_into_the_draft_and_waits_for_approval(
    marketer: User, model: ScoringModel, extra: str
) -> None:
    page = as_(marketer).get(address("document_text", model.pk))
    lower = page.context["form"].initial["text"].replace("value: 70", "value: 10") + extra
    assert post(marketer, model, address("document_text", model.pk), text=lower).status_code == 303
    assert ScoringModel.objects.get(pk=model.pk).draft["hot"][0]["when"]["value"] == 10
    saved = ScoringModel.objects.get(pk=model.pk)
    with pytest.raises(ThresholdsRefusedError):
        publish_draft(model=saved, by=marketer, note="", now=timezone.now(), revision=saved.draft_revision)
    published = ScoringModel.objects.get(pk=model.pk).current_version
    assert published == model.current_version
