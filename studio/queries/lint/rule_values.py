"""Rules that give nothing, or whose points a cap hides: seen from the text alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from engine import Document
from studio.queries.lint.finding import Finding, plain_number, rules_of


def text_findings(document: Document) -> Iterator[Finding]:
    """Rules that cannot matter, or of which a cap hides a part even when they are alone."""
    names: dict[Any, str] = {}
    for place in rules_of(document):
        rule, meaning = place.rule, (place.rule.each, place.rule.when, place.rule.answer)
        most = max(map(abs, rule.gives))
        if rule.disabled:
            yield place.finding("disabled", _("Turned off."))
        elif meaning in names:
            yield place.finding("duplicate", _("Same condition as “%(other)s”."), other=names[meaning])
        if not most:
            yield place.finding("no_points", _("Gives no points."))
        if rule.cap is not None and most > rule.cap:
            words = _("Its cap of %(cap)s is less than one match gives (%(points)s).")
            yield place.finding("above_cap", words, cap=plain_number(rule.cap), points=plain_number(most))
        names.setdefault(meaning, rule.name)
    for place in rules_of(document):
        high = place.group.max
        if high is not None and max(place.rule.gives) > high and not place.rule.disabled:
            words = _("Gives more than its group allows (%(max)s). The rest doesn’t count.")
            yield place.finding("shadowed", words, max=plain_number(high))
