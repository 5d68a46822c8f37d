"""What we write out by hand is what Django's templates say, but for white space between tags."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import DjangoTemplates
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from web.widgets import WRITTEN, Renderer

NASTY = "\"><script>'&amp;日本語"
CHOICES = [("", "---"), ("a", NASTY), (3, gettext_lazy("Name")), (NASTY, [("x", "One"), (True, mark_safe("<b>2</b>"))])]
CASES: dict[str, tuple[forms.Widget, Any]] = {
    "a text": (forms.TextInput(attrs={"class": "wide", "data-x": NASTY}), NASTY),
    "no value": (forms.TextInput(), None),
    "an empty value": (forms.TextInput(), ""),
    "a zero": (forms.NumberInput(attrs={"min": 0, "step": 0.01}), 0),
    "attributes that are and are not": (forms.EmailInput(attrs={"required": True, "disabled": False}), "a@b.example"),
    "a lazy attribute": (forms.TextInput(attrs={"placeholder": gettext_lazy("Name")}), "x"),
    "a hidden one": (forms.HiddenInput(), 12),
    "a ticked box": (forms.CheckboxInput(), True),
    "a box": (forms.CheckboxInput(), False),
    "a date": (forms.DateInput(format="%Y-%m-%d"), None),
    "a password": (forms.PasswordInput(), "secret"),
    "words": (forms.Textarea(attrs={"rows": 3}), f"\nfirst {NASTY}\n"),
    "no words": (forms.Textarea(), None),
    "a choice": (forms.Select(choices=CHOICES), "a"),
    "a choice of a group": (forms.Select(choices=CHOICES, attrs={"hx-get": "/?a=1&b=2"}), "x"),
    "a number chosen": (forms.Select(choices=CHOICES), 3),
    "several": (forms.SelectMultiple(choices=CHOICES), ["a", "x"]),
    "nothing to choose": (forms.Select(choices=()), None),
    "left to Django": (forms.RadioSelect(choices=CHOICES), "a"),
}


def said(widget: forms.Widget, value: Any, renderer: Any) -> str:
    return re.sub(r"\n\s*(?=<)|(?<=>)\s+(?=<)|\n$", "", widget.render("n<ame", value, {"id": "id_x"}, renderer))


@pytest.mark.parametrize("case", CASES)
def test_a_control_is_djangos(case: str) -> None:
    widget, value = CASES[case]
    assert said(widget, value, Renderer()) == said(widget, value, DjangoTemplates())


def test_every_template_that_we_replace_is_one_of_djangos() -> None:
    for name in WRITTEN:
        assert DjangoTemplates().get_template(name) is not None


@pytest.mark.parametrize(("language", "words"), [("ja", "選択してください"), ("en", "Select…")])
def test_an_empty_select_asks_to_choose(language: str, words: str) -> None:
    field = forms.ChoiceField(choices=[*BLANK_CHOICE_DASH, ("a", "A")])
    with translation.override(language):
        markup = str(type("Form", (forms.Form,), {"field": field})()["field"])
    assert f'<option value="" selected>{words}</option>' in markup
    assert "---" not in markup
