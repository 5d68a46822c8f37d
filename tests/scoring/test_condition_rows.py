"""Nested conditions as rows with a depth: what is typed is what the language says, and opens as it was typed."""

from __future__ import annotations

from typing import Any

import pytest

from engine.parse import parse_condition
from scoring.forms.condition import FormCannotShowError
from scoring.forms.condition_rows import ConditionRows, joined_by, rows_for
from scoring.queries.catalog import catalog

pytestmark = pytest.mark.django_db

MAIL = {"subject": "field:email", "op": "known"}
NAME = {"subject": "field:name", "op": "known"}
MAIL_SAID: dict[str, Any] = {"field": "email", "op": "known"}
NAME_SAID: dict[str, Any] = {"field": "name", "op": "known"}
ANY = {"subject": "group:any"}
ALL = {"subject": "group:all"}


def typed(*rows: dict[str, str]) -> ConditionRows:
    data = {"when-TOTAL_FORMS": str(len(rows)), "when-INITIAL_FORMS": "0"}
    data |= {f"when-{at}-{key}": value for at, row in enumerate(rows) for key, value in row.items()}
    return rows_for(data, prefix="when", catalog=catalog())


def at(level: int, row: dict[str, str], **more: str) -> dict[str, str]:
    return row | {"level": str(level)} | more


SAID = [
    ([at(0, MAIL)], MAIL_SAID),
    ([at(0, MAIL), at(0, NAME)], {"all": [MAIL_SAID, NAME_SAID]}),
    ([at(0, MAIL), at(0, ANY), at(1, MAIL), at(1, NAME)], {"all": [MAIL_SAID, {"any": [MAIL_SAID, NAME_SAID]}]}),
    ([at(0, ANY, negate="on"), at(1, MAIL), at(1, NAME)], {"not": {"any": [MAIL_SAID, NAME_SAID]}}),
    (
        [at(0, ANY), at(1, ALL), at(2, MAIL), at(2, NAME), at(1, NAME), at(0, MAIL, negate="on")],
        {"all": [{"any": [{"all": [MAIL_SAID, NAME_SAID]}, NAME_SAID]}, {"not": MAIL_SAID}]},
    ),
    # Deeper than the group above allows: a member of it. Deeper without any group: not deeper.
    ([at(0, ANY), at(5, MAIL), at(3, NAME)], {"any": [MAIL_SAID, NAME_SAID]}),
    ([at(3, MAIL), at(7, NAME)], {"all": [MAIL_SAID, NAME_SAID]}),
    ([at(0, MAIL), at(0, {"subject": ""}), at(0, NAME, DELETE="on")], MAIL_SAID),
]


@pytest.mark.parametrize(("rows", "said"), SAID)
def test_rows_say_a_nested_condition(rows: list[dict[str, str]], said: dict[str, Any]) -> None:
    form = typed(*rows)
    assert (form.is_valid(), form.raw("all")) == (True, said)


@pytest.mark.parametrize("said", [said for _rows, said in SAID])
def test_a_nested_condition_opens_as_rows_that_say_the_same(said: dict[str, Any]) -> None:
    node = parse_condition(said)[0]
    opened = rows_for(None, prefix="when", catalog=catalog(), when=node)
    sent = typed(*[{key: str(value) for key, value in row.initial.items() if value} for row in opened.forms])
    assert sent.is_valid()
    assert parse_condition(sent.raw(joined_by(node)))[0] == node


@pytest.mark.parametrize("name", ["Japan", "日本", "JPN", "jp"])
def test_a_country_is_typed_by_any_of_its_names(name: str) -> None:
    """Every door keeps the code; a rule that kept the name would match nobody."""
    for field in ("country", "company.country"):
        row = typed({"subject": f"field:{field}", "op": "=", "value": name})
        assert row.is_valid()
        assert row.raw("all") == {"field": field, "op": "=", "value": "JP"}
    several = typed({"subject": "field:country", "op": "in", "value": f"{name}, Germany"})
    assert several.is_valid()
    assert several.raw("all") == {"field": "country", "op": "in", "value": ["JP", "DE"]}


def test_a_problem_deep_inside_is_marked_at_its_row() -> None:
    form = typed(at(0, MAIL), at(0, ANY, negate="on"), at(1, MAIL), at(1, ALL), at(2, NAME))
    assert form.is_valid()
    assert form.mark("all[1].not.any[1].all[0].value", "wrong")
    assert [row.errors for row in form.forms] == [{}, {}, {}, {}, {"value": ["wrong"]}]
    assert form.mark("all[1].not.any", "empty")
    assert form.forms[1].errors == {"subject": ["empty"]}


def test_what_rows_cannot_say_does_not_fit() -> None:
    twice = parse_condition({"not": {"not": MAIL_SAID}})[0]
    with pytest.raises(FormCannotShowError):
        rows_for(None, prefix="when", catalog=catalog(), when=twice)
    many = parse_condition({"any": [{"all": [MAIL_SAID]}] * 26})[0]
    with pytest.raises(FormCannotShowError):
        rows_for(None, prefix="when", catalog=catalog(), when=many)
