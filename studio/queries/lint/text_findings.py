"""Rules that cannot matter, seen from what is written alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from engine import Document
from studio.queries.lint.finding import Finding, rules_of


def written_findings(document: Document) -> Iterator[Finding]:
    seen: dict[Any, str] = {}
    for place in rules_of(document):
        rule, meaning = place.rule, (place.rule.each, place.rule.when, place.rule.answer)
        most = max(map(abs, rule.gives))
        if rule.disabled:
            yield place.found("disabled", _("It is switched off."))
        elif twin := seen.get(meaning):
            yield place.found("duplicate", _("It asks the same as “%(other)s”."), other=twin)
        if not most:
            yield place.found("no_points", _("It gives no points."))
        if rule.cap is not None and most > rule.cap:
            words = _("Its cap of %(cap)s is less than it gives once (%(points)s).")
            yield place.found("above_cap", words, cap=_number(rule.cap), points=_number(most))
        seen.setdefault(meaning, rule.name)
    yield from _above_the_group(document)


def _above_the_group(document: Document) -> Iterator[Finding]:
    """A rule whose points do not fit into its group: the group's bound hides a part of them even when it is alone."""
    for place in rules_of(document):
        high = place.group.max
        if high is not None and max(place.rule.gives) > high and not place.rule.disabled:
            words = _("It gives more than its group can hold (%(max)s): the cap hides it.")
            yield place.found("shadowed", words, max=_number(high))


def _number(value: Any) -> float:
    """Whole where it is whole, so that it reads as it was written."""
    return int(value) if value == int(value) else float(value)
