"""Fields that are shown or required only sometimes: one language, tried out over all answers before publishing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from intake.actions.webforms import create_webform, save_draft
from intake.models import WebForm
from intake.webforms.conditions import catalog_of, holds
from intake.webforms.document import FormDocument, FormField
from intake.webforms.lint import problems_of
from intake.webforms.targets import targets
from leads.models import Activity
from tests.clients import as_
from tests.intake.form_visits import Visitor, asked, published_form, question

pytestmark = pytest.mark.django_db
NOW = {"field": "timing", "op": "=", "value": "now"}
LATER = {"field": "timing", "op": "=", "value": "later"}


def timing(**changes: Any) -> FormField:
    return question("timing", "now", "later", **changes)


def found(*fields: FormField) -> list[tuple[str, str]]:
    """What is said of the fields' conditions in a form that is otherwise sound."""
    known = targets()
    email = asked("lead.email")
    document = FormDocument(fields=(email, *fields))
    codes = {"unsound_condition", "circle", "never_shown", "always_shown", "never_required", "required_but_hidden"}
    return [(each.code, each.where) for each in problems_of(document, known) if each.code in codes]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (NOW, []),
        ({"all": [NOW, LATER]}, [("never_shown", "budget")]),
        ({"any": [NOW, LATER]}, [("always_shown", "budget")]),
        ({"field": "timing", "op": "known"}, [("always_shown", "budget")]),
        ({"field": "timing", "op": "=", "value": "never"}, [("unsound_condition", "budget")]),
        ({"field": "shoe", "op": "known"}, [("unsound_condition", "budget")]),
        ({"score": "total", "op": ">", "value": 1}, [("unsound_condition", "budget")]),
        ({"field": "budget", "op": "known"}, [("circle", "budget")]),
    ],
)
def test_what_a_condition_comes_to_is_said_before_publishing(condition: Any, expected: Any) -> None:
    assert found(timing(required=True), question("budget", when=condition)) == expected


def test_of_an_optional_field_known_does_not_always_hold() -> None:
    assert found(timing(), question("budget", when={"field": "timing", "op": "known"})) == []


def test_a_field_behind_one_that_is_never_shown_is_never_shown() -> None:
    never = question("plan", when={"all": [NOW, LATER]})
    behind = question("budget", when={"field": "plan", "op": "known"})
    assert found(timing(required=True), never, behind) == [("never_shown", "plan"), ("never_shown", "budget")]


def test_fields_that_wait_for_each_other_are_a_circle() -> None:
    first = question("plan", when={"field": "budget", "op": "known"})
    second = question("budget", when={"field": "plan", "op": "known"})
    assert found(first, second) == [("circle", "plan"), ("circle", "budget")]


def test_required_while_hidden_is_said() -> None:
    field = question("budget", when=NOW, required_when={"field": "timing", "op": "known"})
    assert found(timing(required=True), field) == [("required_but_hidden", "budget")]


def test_numbers_are_tried_on_both_sides_of_what_is_written() -> None:
    size = asked("company.employees", required=True)
    at_least = {"field": "company_employees", "op": ">=", "value": 100}
    below = {"field": "company_employees", "op": "<", "value": 100}
    assert found(size, question("budget", when=at_least)) == []
    assert found(size, question("budget", when={"all": [at_least, below]})) == [("never_shown", "budget")]
    assert found(size, question("budget", when={"any": [at_least, below]})) == [("always_shown", "budget")]


@pytest.mark.parametrize(
    ("condition", "values", "expected"),
    [
        (NOW, {"timing": "now"}, True),
        (NOW, {"timing": ""}, False),
        ({"not": NOW}, {"timing": ""}, False),
        ({"not": NOW}, {"timing": "later"}, True),
        ({"field": "timing", "op": "unknown"}, {}, True),
        ({"field": "timing", "op": "in", "value": ["now", "later"]}, {"timing": "later"}, True),
        ({"any": [NOW, {"field": "timing", "op": "unknown"}]}, {"timing": None}, True),
    ],
)
def test_a_condition_means_the_same_as_in_rules(condition: Any, values: Any, expected: bool) -> None:
    catalog = catalog_of(FormDocument(fields=(timing(),)), {})
    assert holds(condition, catalog, values) is expected


def test_what_is_hidden_is_not_asked_and_not_kept(marketer: User) -> None:
    cache.clear()
    budget = question("budget", when=NOW, required=True)
    form = published_form(marketer, timing(required=True), budget)
    assert Visitor(form).send(**{"q-timing": "now"}).status_code == 422
    assert Visitor(form).send(**{"q-timing": "later", "q-budget": "secret"}).status_code == 200
    assert "budget" not in Activity.objects.get().properties
    answer = Client().post(f"/f/{form.key}/check", {"q-timing": "now", "left": "timing"}).json()
    assert (answer["hidden"], "budget" in answer["required"]) == ([], True)


def test_a_condition_is_typed_in_the_builder_in_words_of_its_field(marketer: User) -> None:
    form: WebForm = create_webform(name="A", site=None, by=marketer, now=timezone.now())
    document = FormDocument.of(form.draft)
    grown = replace(document, fields=(*document.fields, timing(), question("budget")))
    save_draft(form=form, document=grown, seen=0, by=marketer, now=timezone.now())
    typed = {
        "seen": str(form.revision), "language-ja": "1", "language-en": "1", "field-budget-label-ja": "予算",
        "field-budget-when-0-field": "timing", "field-budget-when-0-op": "=", "field-budget-when-0-value": "now",
        "field-budget-when-1-field": "email", "field-budget-when-1-op": "known", "field-budget-when-join": "any",
    }  # fmt: skip
    as_(marketer).post(reverse("intake:form_save", args=[form.pk]), typed)
    form.refresh_from_db()
    written = FormDocument.of(form.draft).field("budget")
    assert written is not None
    assert written.when == {"any": [NOW, {"field": "email", "op": "known"}]}
    page = as_(marketer).get(reverse("intake:form", args=[form.pk])).content.decode()
    assert 'name="field-budget-when-2-field"' in page
