"""The words of hand-offs in templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from frame.navigation import may_open
from handoff import buttons, calling_hours, wording
from handoff.calendars import calendar_of_team, clock_of, intervals_of
from handoff.clock import Hours
from handoff.enums import PolicySection
from handoff.models import Handoff
from handoff.queries.board import Card
from handoff.queries.promises import ShownPromise, why_none, zone_in
from handoff.queries.rows import Row
from handoff.queries.wake_ups import snoozed_for, waits_for
from web.cldr import country_name
from web.formats import listed, span

register = template.Library()

register.filter("country_name", country_name)
register.filter("step_in_words", wording.step_in_words)
register.filter("step_details", wording.step_details)
register.filter("retry_in_words", wording.retry_in_words)
register.filter("waits_for", waits_for)
register.filter("snoozed_for", snoozed_for)
register.filter("route_in_words", wording.route_in_words)
register.filter("deal_in_words", wording.deal_in_words)


@register.filter
def promise_state(promise: ShownPromise) -> str:
    return str(wording.PROMISE_STATES[promise.state])


@register.filter
def promise_kind(promise: ShownPromise) -> str:
    """The badge colour of a promise's state."""
    return wording.PROMISE_KINDS.get(promise.state, "plain")


@register.filter
def promise_icon(promise: ShownPromise) -> str:
    return wording.PROMISE_ICONS[promise.state]


@register.filter
def why_no_promise(row: Row) -> str:
    """Why no clock of an open hand-off runs; empty where one does."""
    return why_none(row.handoff, row.promises)


@register.filter
def hours(intervals: list[list[str]]) -> str:
    """Stored open hours: 09:00–12:00, 13:00–18:00."""
    return listed(span(opens, closes) for opens, closes in intervals)


@register.filter
def clock_hours(periods: Hours) -> str:
    return hours(intervals_of(periods))


@register.inclusion_tag("handoff/_policy_tabs.html", takes_context=True)
def policy_tabs(context: Context, current: str) -> dict[str, Any]:
    """The sections of the hand-off policy whose page the reader may see; `current` is the code of one."""
    user = context["request"].user
    pages = [(section, f"handoff:{section.value}") for section in PolicySection]
    there = [(section, name) for section, name in pages if is_page(name) and may_open(user, name)]
    return {"tabs": [(section.label, reverse(name), section.value == current) for section, name in there]}


def is_page(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


@register.simple_tag
def phone_link(row: Row) -> SafeString:
    """The number of a lead as the queue shows it."""
    return calling_hours.phone_link(row.handoff.lead, zone_in(row.promises), timezone.now(), size=15)


@register.simple_tag
def number_to_call(handoff: Handoff) -> SafeString:
    """The same where nothing but the hand-off is known."""
    zone = clock_of(calendar_of_team(handoff.team)).zone
    return calling_hours.phone_link(handoff.lead, zone, timezone.now(), size=15)


@register.simple_tag(takes_context=True)
def step_buttons(context: Context, row: Row, view: str) -> SafeString:
    """The steps that this person can take with a hand-off, for its panel and its peek."""
    return buttons.step_buttons(row, view=view, csrf_token=str(context["csrf_token"]), is_small=False)


@register.simple_tag(takes_context=True)
def row_menu(context: Context) -> SafeString:
    """The template from which the browser fills the menus of the rows of this page."""
    return format_html(
        '<template id="{}">{}</template>', buttons.ROW_MENU, buttons.menu_entries(str(context["csrf_token"]))
    )


@register.simple_tag(takes_context=True)
def rating_buttons(context: Context, row: Row, view: str) -> SafeString:
    """The survey, where this person is asked."""
    return buttons.rating_buttons(row, view=view, csrf_token=str(context["csrf_token"]))


@register.simple_tag(takes_context=True)
def card_steps(context: Context, card: Card, place: str) -> SafeString:
    """What can be done with a hand-off on the board."""
    return buttons.card_steps(card.handoff.pk, card.allowed, place=place, csrf_token=str(context["csrf_token"]))
