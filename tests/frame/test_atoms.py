"""The components: what they escape, say and draw."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import RequestContext, Template
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from frame.templatetags.lq import trend
from web.drawing import curve, stacked_bar


def drawn(text: str, **values: object) -> str:
    request = RequestFactory().get("/leads/", {"q": "sato", "after": "x"})
    request.user = AnonymousUser()
    return Template(CottonCompiler().process(text)).render(RequestContext(request, values))


EVIL = "\"><script>alert('1')</script>{{ 7 }}"


@pytest.mark.parametrize(
    "text",
    [
        '<c-button label="{{ evil }}" />',
        '<c-button data-name="{{ evil }}">x</c-button>',
        '<c-button :data-name="evil">x</c-button>',
        '<c-button href="{{ evil }}">{{ evil }}</c-button>',
        '<c-panel :title="evil" :aside="evil">{{ evil }}</c-panel>',
        '<c-badge :id="evil">{{ evil }}</c-badge>',
        '<c-copy :value="evil" :label="evil" />',
        '<c-chip set :clear="evil">{{ evil }}</c-chip>',
        '<c-empty :title="evil" :action="evil" :href="evil">{{ evil }}</c-empty>',
        '<c-stat :label="evil" :note="evil">{{ evil }}</c-stat>',
        '<c-menu id="m" :label="evil" :trigger="evil">{{ evil }}</c-menu>',
        "{% bar 5 evil evil %}",
    ],
)
def test_what_people_typed_is_shown_as_text_wherever_it_lands(text: str) -> None:
    html = drawn(text, evil=EVIL)
    assert "<script" not in html
    assert re.findall(r"\son\w+=", html) == []


def test_attributes_a_component_does_not_know_pass_through_and_false_ones_do_not() -> None:
    html = drawn('<c-button hx-get="/x" :hx-vals="vals" disabled :hidden="no">x</c-button>', vals='{"a": 1}', no=False)
    assert re.search(r'hx-get="/x" hx-vals="{&quot;a&quot;: 1}" disabled>', html)


def test_a_component_does_not_see_the_variables_of_the_page() -> None:
    assert "leak" not in drawn("<c-panel>x</c-panel><c-button>x</c-button>", title="leak", label="leak", href="leak")


class SmallForm(forms.Form):
    name = forms.CharField(help_text="As on the card")
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)


def test_a_field_ties_its_control_to_its_label_help_and_errors() -> None:
    html = drawn('<c-field :field="form.name" />', form=SmallForm({}))
    assert '<label for="id_name">' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert {'id="id_name_helptext"', 'id="id_name_error"', 'aria-invalid="true"'} <= set(
        re.findall(r'[\w-]+="[^"]*"', html)
    )


def test_a_group_of_choices_is_a_fieldset_with_a_legend() -> None:
    html = drawn('<c-field :field="form.kind" />', form=SmallForm())
    assert html.count("<fieldset") == html.count("<legend") == 1


def test_a_trend_of_less_than_a_point_is_level() -> None:
    assert [trend(change) for change in (600, -230, 40, 0)] == ["↑6", "↓2", "→", "→"]


def test_a_score_bar_never_leaves_its_box_and_says_its_numbers() -> None:
    html = stacked_bar([("fit", 60), ("engagement", 70), ("qualification", -5)], "words")
    widths = [float(width) for width in re.findall(r'x="[\d.]+" width="([\d.]+)"', html)]
    assert (widths, 'aria-label="words"' in html, "style" in html) == ([60, 40], True, False)


def test_a_curve_without_values_draws_nothing_and_a_level_one_a_line() -> None:
    assert curve([], "none", css="lq-curve") == ""
    assert 'd="M0 0 L100 0"' in curve([(0, 5), (1, 5)], "level", css="lq-curve")


def test_the_pager_keeps_the_search_and_drops_the_other_mark() -> None:
    html = drawn('<c-pager before="b1" after="a1" />')
    assert re.findall(r'href="([^"]*)"', html) == ["?q=sato&amp;before=b1", "?q=sato&amp;after=a1"]
    assert drawn('<c-pager before="" after="" />').strip() == ""
