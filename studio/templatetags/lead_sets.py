"""Numbers of leads that open the list of exactly these leads."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from scoring.lead_sets import set_address
from web.formats import number

register = template.Library()


@register.simple_tag
def leads_behind(leads: int, sets: str, *parts: object) -> SafeString | str:
    """A number of leads as a link to them: `sets` is what their names begin with; without it, or of none, no link."""
    words = number(leads)
    if not leads or not sets:
        return words
    return format_html('<a href="{}" class="lq-counted">{}</a>', set_of(sets, *parts), words)


@register.simple_tag
def set_of(sets: str, *parts: object) -> str:
    """The address of the list of leads narrowed to a set."""
    return set_address(".".join(str(part) for part in (sets, *parts)))
