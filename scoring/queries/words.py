"""The engine's words for nodes, in the reader's language and with this installation's names."""

from __future__ import annotations

from typing import Any


def rule_in_words(rule: Any) -> str:
    return rule.name


def details_in_words(rule: Any) -> str:
    return ""


def bounds_in_words(group: Any) -> str:
    return f"{group.get('min', '')} – {group.get('max', '')}"


def condition_in_words(condition: Any) -> str:
    return str(condition)
