"""A rule that names an industry by its code says the industry's name, in both languages."""

from __future__ import annotations

import pytest

from leads.enums import Industry
from scoring.queries.catalog import catalog

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "names"), [("en", ["manufacturing", "real estate"]), ("ja", ["製造", "不動産"])])
def test_the_names_of_industries_are_those_of_the_leads(language: str, names: list[str]) -> None:
    field = catalog().fields["company.industry"]
    said = {choice.code: choice.label.say(language) for choice in field.called}
    assert [said["manufacturing"], said["real_estate"]] == names
    assert said.keys() == set(Industry.values)
    assert field.choices == ()
