"""Rules that compare a property of an activity as a number, where some hold it as text: they never match those."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from engine import Document
from engine.nodes import ANY_ACTIVITY, ActivityLeaf, Condition, FieldLeaf, leaves
from studio.queries.lint.finding import Finding, LintRule, rules_of

PREFIX = "properties."
# Of each (activity type or "any", property) how many activities hold it as text.
TEXTS = """
SELECT asked.type, asked.property, count(activity.id)
FROM unnest(%s::text[], %s::text[]) AS asked(type, property)
JOIN leads_activity AS activity ON jsonb_typeof(activity.properties -> asked.property) = 'string'
JOIN leads_activitytype AS kind ON kind.id = activity.type_id AND (asked.type = kind.code OR asked.type = %s)
GROUP BY 1, 2
"""

Property = tuple[str, str]
"""The code of an activity type, and the name of a property."""


def property_findings(document: Document) -> Iterator[Finding]:
    """Each rule that wants a number where text is stored, with the number of those activities."""
    asked = [(place, wanted) for place in rules_of(document) for wanted in dict.fromkeys(numbers_of(place))]
    texts = texts_stored({wanted for _place, wanted in asked})
    for place, wanted in asked:
        if count := texts.get(wanted, 0):
            words = _("%(count)s activities hold “%(property)s” as text, so they never match a number.")
            yield place.finding("text_for_number", words, count=count, property=wanted[1])


def numbers_of(place: LintRule) -> Iterator[Property]:
    """The properties that a rule compares with a number."""
    if place.rule.each is not None:
        yield from _compared(place.rule.each.activity, place.rule.each.where)
    for leaf in leaves(place.rule.when):
        if isinstance(leaf, ActivityLeaf):
            yield from _compared(leaf.activity, leaf.where)


def _compared(activity: str, where: Condition | None) -> Iterator[Property]:
    for leaf in leaves(where):
        if isinstance(leaf, FieldLeaf) and leaf.field.startswith(PREFIX) and _has_number(leaf.value):
            yield activity, leaf.field.removeprefix(PREFIX)


def _has_number(value: object) -> bool:
    values = value if isinstance(value, tuple) else (value,)
    return any(isinstance(one, int | Decimal) and not isinstance(one, bool) for one in values)


def texts_stored(asked: set[Property]) -> dict[Property, int]:
    """How many activities hold each of these properties as text; those without any are left out."""
    if not asked:
        return {}
    pairs = sorted(asked)
    with connection.cursor() as cursor:
        cursor.execute(TEXTS, [[kind for kind, _name in pairs], [name for _kind, name in pairs], ANY_ACTIVITY])
        return {(kind, name): count for kind, name, count in cursor.fetchall()}
