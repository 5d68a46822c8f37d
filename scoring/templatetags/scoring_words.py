"""Words of the scoring pages."""

from __future__ import annotations

from typing import Any

from django import template

from engine.problems import Problem
from scoring.queries.validation import language

register = template.Library()


@register.filter
def in_words(problem: Problem) -> str:
    """The sentence of a problem in the reader's language."""
    return problem.text(language())


@register.filter
def bar_share(hundredths: int, largest: int) -> float:
    """How far a line of the waterfall reaches, 0 to 100."""
    return min(100.0, 100 * abs(hundredths) / largest) if largest else 0.0


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """The entry of a mapping whose key is a variable."""
    return mapping.get(key) if hasattr(mapping, "get") else None
