"""How far a condition is from being met, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SENTENCES: Mapping[str, tuple[str, str]] = {
    "more_points": ("{n} more {unit} needed", "あと{n}{unit}"),
    "fewer_points": ("{n} {unit} too many", "{n}{unit}超過"),
    "more": ("{n} more {unit}", "{what}があと{n}{unit}"),
    "fewer": ("{n} {unit} too many", "{what}が{n}{unit}超過"),
    "more_of": ("{what}: {n} more needed", "{what}があと{n}"),
    "fewer_of": ("{what}: {n} too many", "{what}が{n}超過"),
    "more_times": ("{n} more {what}", "{what}があと{n}回"),
    "fewer_times": ("{n} {what} too many", "{what}が{n}回多い"),
    "more_objects": ("{n} more different {what}", "{what}があと{n}種類"),
    "fewer_objects": ("{n} different {what} too many", "{what}が{n}種類多い"),
    "empty": ("{what} is empty", "{what}が未入力"),
    "unanswered": ("{what} not answered yet", "{what}が未確認"),
    "stale": (
        "{what} was last answered {value} on {on}. Ask again.",
        "{what}は{on}の回答{value}が最新です。再確認してください。",
    ),
    "now": ("currently {what}: {value}", "現在の{what}：{value}"),
    "otherwise": ("not met yet", "条件を満たしていません"),
}


def gap(code: str, params: Mapping[str, Any], language: str) -> str:
    """The words of a distance."""
    english, japanese = SENTENCES[code]
    return (japanese if language == "ja" else english).format_map(params)
