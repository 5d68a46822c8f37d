"""Small things that every row of a list repeats: rendered once, not once a row."""

from __future__ import annotations

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def band_heat(band: str = "cold") -> SafeString:
    """Hot, warm or cold, by word and icon."""
    return _heat(band, get_language() or "")


@cache
def _heat(band: str, language: str) -> SafeString:
    return SafeString(render_to_string("scoring/leads/_band.html", {"band": band}).strip())
