from __future__ import annotations

import pytest
from django.utils import translation

from intake.imports.fields import COMPANY_FIELDS, LEAD_FIELDS
from leads.models import ActivityType, AttributeDefinition, Source
from scoring.actions import score_all_dirty
from scoring.models import LeadScore
from scoring.queries.base_fields import base_fields
from scoring.queries.catalog import catalog
from tests.factories import LeadFactory
from tests.published import document


def test_what_an_admin_adds_is_known_at_once_and_nothing_is_built_twice(db):
    before = catalog()
    assert catalog() is before
    assert "factory_tour" not in before.activities
    ActivityType.objects.create(code="factory_tour", label_en="Factory tour", label_ja="工場見学")
    Source.objects.create(code="tv", label_en="TV", label_ja="テレビ")
    AttributeDefinition.objects.create(
        code="tier", type="choice", label_en="tier", label_ja="ランク", choices=["gold", "silver"]
    )
    after = catalog()
    assert after.activities["factory_tour"].label.ja == "工場見学"
    assert [choice.code for choice in after.fields["custom.tier"].choices] == ["gold", "silver"]
    assert after.fields["source"].choice("tv") is not None
    assert catalog() is after


def test_the_frameworks_are_questions_with_their_answers(db):
    criterion = catalog().criteria["bant.authority"]
    assert [option.code for option in criterion.options] == ["decides", "influences", "none"]


def test_an_attribute_that_is_put_aside_goes_on_counting_where_a_version_uses_it(publish, now):
    definition = AttributeDefinition.objects.create(code="tier", type="text", label_en="tier", label_ja="ランク")
    lead = LeadFactory(custom={"tier": "gold"})
    rule = {"name": "Gold", "when": {"field": "custom.tier", "op": "=", "value": "gold"}, "points": 7}
    publish(document(rule))
    definition.is_active = False
    definition.save()
    lead.save()
    score_all_dirty(now=now)
    assert LeadScore.objects.get().total == 700


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_field_is_called_the_same_where_rules_name_it_and_where_files_fill_it(language):
    labels = {field.code: getattr(field.label, language).lower() for field in base_fields(())}
    with translation.override(language):
        imported = {
            field.name.removeprefix("lead."): str(field.label).lower() for field in LEAD_FIELDS + COMPANY_FIELDS
        }
    both = set(labels) & set(imported)
    assert {name: imported[name] for name in both} == {name: labels[name] for name in both}
    assert set(labels) - set(imported) == {"channel", "is_competitor"}
    # Parts that a file may have apart, and what is no field of a lead.
    assert {"family_name", "given_name", "enquiry"} < set(imported) - set(labels)
