"""A rule that names an industry, a country or a language by its code says the name, in both languages."""

from __future__ import annotations

import pytest
from django.utils import translation

from engine.parse import parse_condition
from leads.enums import Industry
from scoring.queries.catalog import catalog
from scoring.queries.words import condition_in_words, reader

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "names"), [("en", ["manufacturing", "real estate"]), ("ja", ["製造", "不動産"])])
def test_the_names_of_industries_are_those_of_the_leads(language: str, names: list[str]) -> None:
    field = catalog().fields["company.industry"]
    said = {choice.code: choice.label.say(language) for choice in field.called}
    assert [said["manufacturing"], said["real_estate"]] == names
    assert said.keys() == set(Industry.values)
    assert field.choices == ()


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Country is Japan or Germany and language is Japanese"), ("ja", "国が日本またはドイツ、かつ言語が日本語")],
)
def test_countries_and_languages_are_said_by_their_names(language: str, said: str) -> None:
    raw = {
        "all": [
            {"field": "country", "op": "in", "value": ["JP", "DE"]},
            {"field": "language", "op": "=", "value": "ja"},
        ]
    }
    condition, problems = parse_condition(raw)
    assert problems == ()
    assert condition is not None
    with translation.override(language):
        assert condition_in_words(reader(), condition) == said
