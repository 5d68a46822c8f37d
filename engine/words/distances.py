"""How far a condition is from holding, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SENTENCES: Mapping[str, tuple[str, str]] = {
    "more_points": ("{n} more points", "あと{n}点"),
    "fewer_points": ("{n} points fewer", "{n}点減少"),
    "more": ("{n} more {what}", "{what}があと{n}"),
    "fewer": ("{n} fewer {what}", "{what}があと{n}減少"),
    "more_times": ("{n} more {what}", "{what}があと{n}回"),
    "fewer_times": ("{n} too many {what}", "{what}が{n}回多い"),
    "more_objects": ("{n} more different {what}", "異なる対象の{what}があと{n}件"),
    "fewer_objects": ("{n} different {what} too many", "異なる対象の{what}が{n}件多い"),
    "unknown": ("{what} is not known yet", "{what}がまだ不明"),
    "stale": (
        "{what} was answered “{value}” on {on}, which is too long ago",
        "{what}の回答「{value}」は{on}のもので、古くなっています",
    ),
    "now": ("{what} is {value} now", "現在の{what}は{value}"),
    "otherwise": ("this would have to change", "この状態が変わる必要があります"),
}


def gap(code: str, params: Mapping[str, Any], language: str) -> str:
    english, japanese = SENTENCES[code]
    return (japanese if language == "ja" else english).format_map(params)
