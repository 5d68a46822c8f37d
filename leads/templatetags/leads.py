"""The words that pages about leads use. Load with {% load leads %}."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from lucide import IconDoesNotExist

from leads import wording
from leads.enquiry import Span
from leads.enums import Stage
from leads.models import Company, Lead
from leads.queries import contact_data
from leads.queries.refusals import refused_in_words_at
from web.drawing import icon
from web.formats import listed

register = template.Library()


@register.filter
def contact(lead: Lead, field: str) -> str:
    """`{{ lead|contact:"email" }}`: the value, or dots where the reader may not see it."""
    return contact_data.contact(lead, field)


@register.filter
def called(lead: Lead) -> str:
    """The lead's name, else what else is known and may be seen."""
    return contact_data.name_of(lead)


@register.filter
def refused_at(lead: Lead) -> datetime | None:
    """When the lead wrote itself that it wishes no contact."""
    return refused_in_words_at(lead)


@register.filter
def position(lead: Lead) -> str:
    """What the lead does there: title and department."""
    return " · ".join(filter(None, [lead.title, lead.department]))


@register.filter
def said(row: Lead | Company, column: str) -> str:
    """`{{ company|said:"industry" }}`: what a column holds, in the reader's words."""
    return wording.value_words(column, getattr(row, column))


@register.filter
def place(company: Company) -> str:
    """Region and country."""
    return listed(filter(None, [company.region, said(company, "country")]))


@register.filter
def in_brief(company: Company) -> str:
    """How many people, in which industry and where."""
    people, industry = wording.employees(company.employees), said(company, "industry")
    return " · ".join(filter(None, [people, industry, company.region]))


@register.simple_tag
def stage_badge(stage: str) -> SafeString:
    """The badge of a stage; a list shows the same few again and again."""
    return _stage_badge(stage, get_language() or "")


@cache
def _stage_badge(stage: str, language: str) -> SafeString:
    words = dict(Stage.choices).get(stage, stage)
    return SafeString(render_to_string("leads/_stage.html", {"stage": stage, "words": words}).strip())


@register.filter
def reason(code: str) -> str:
    """The words of a stage change's reason."""
    return wording.reason(code)


@register.simple_tag
def marked(text: str, spans: Sequence[Span]) -> SafeString:
    """The text with the words that tell something in <mark>, each with what it tells; line breaks are kept."""
    parts: list[SafeString] = []
    place = 0
    for begin, end, kind in sorted(spans):
        begin = max(begin, place)
        if begin < end <= len(text):
            mark = '<mark class="lq-mark lq-mark-{}" title="{}">{}</mark>'
            parts += [_lines(text[place:begin]), format_html(mark, kind, wording.sign(kind), _lines(text[begin:end]))]
            place = end
    return mark_safe("".join([*parts, _lines(text[place:])]))  # noqa: S308 - every part is escaped


def _lines(text: str) -> SafeString:
    return mark_safe(escape(text).replace("\n", "<br>"))  # noqa: S308 - escaped


@register.filter
def told_by(source: str) -> str:
    """Who told us of an activity: `import:7` is "Import 7"."""
    return wording.source(source)


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """`{{ scores|item:lead.pk }}`: nothing where the key is not there."""
    return mapping.get(key) if mapping else None


@register.simple_tag
def safe_icon(name: str) -> SafeString:
    """An icon that an admin named; a plain dot where no such icon exists."""
    try:
        return icon(name, 15)
    except IconDoesNotExist:
        return icon("circle-dot", 15)
