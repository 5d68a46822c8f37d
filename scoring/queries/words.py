"""The engine's words for nodes, in the reader's language and with this installation's names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class HotParts:
    head: str
    conditions: tuple[str, ...] = ()
    exit: str = ""


def rule_in_words(rule: Any) -> str:
    return str(rule.when or rule.each)


def details_in_words(rule: Any) -> str:
    return ""


def rule_words(rule: Any) -> str:
    return f"{rule.points} {rule_in_words(rule)} {details_in_words(rule)}"


def bounds_in_words(group: Any) -> str:
    return f"{group.get('min', '')} – {group.get('max', '')}"


def group_words(group: Any) -> str:
    return f"{group.dimension} {group.min} {group.max}"


def condition_in_words(condition: Any) -> str:
    return str(condition)


def band_words(bands: Any) -> str:
    return str(bands)


def grade_words(grades: Any) -> str:
    return str(grades)


def hot_words(definition: Any) -> str:
    return str(definition.when)


def hot_parts(definition: Any) -> HotParts:
    return HotParts(head=str(definition.when))
