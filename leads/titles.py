"""The title level that a job title says, in Japanese and English, and when a lead's level follows its title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from leads.enums import TitleLevel
from web.cleaning import folded

WORDS: dict[TitleLevel, str] = {
    TitleLevel.EXECUTIVE: "役員 社長 会長 頭取 取締役 執行役員 専務 常務 副社長 代表 理事 理事長 院長 学長 経営者"
    " 経営層 オーナー 監査役 顧問 役員クラス 役員級",
    TitleLevel.DIRECTOR: "部長 本部長 事業部長 局長 次長 部長クラス 部長級 室長 支店長 支社長 工場長 所長 部長代理"
    " 副部長 統括 ゼネラルマネージャー ゼネラルマネジャー",
    TitleLevel.MANAGER: "課長 マネージャー マネジャー 課長クラス 課長級 課長代理 副課長 グループ長 店長"
    " グループリーダー",
    TitleLevel.LEAD: "係長 主任 リーダー チームリーダー 係長クラス 班長 主任・係長 主査 チーフ 主事 職長 課長補佐",
    TitleLevel.STAFF: "一般 一般社員 社員 担当 担当者 スタッフ 一般職 メンバー 平社員 職員 秘書 アシスタント 補佐"
    " エンジニア",
}
JAPANESE = {word: level for level, words in WORDS.items() for word in words.split()}
# Wherever they stand in a title: 取締役営業部長 is one of the board.
ABOVE_ALL = ("代表取締役", "取締役", "執行役員", "代表執行役", "専務", "常務")
NOT_ABOVE = ("秘書", "室", "付", "補佐", "担当", "アシスタント", "スタッフ")
INITIALS_WORDS = "ceo coo cto cfo cmo cio cro cpo cso chro ciso vp svp evp president"
FOUNDER_WORDS = "chairman chairwoman chairperson founder cofounder proprietor"
ABOVE = frozenset(INITIALS_WORDS.split()) | frozenset(FOUNDER_WORDS.split())
STAFF_WORDS = (
    "staff employee associate member assistant secretary intern trainee specialist engineer analyst consultant"
    " coordinator representative developer clerk administrator buyer technician designer planner"
)
STAFF = frozenset(STAFF_WORDS.split())
PARTS = re.compile(r"[\s　・/／,、&]+|兼")


@lru_cache(maxsize=4096)
def level_of_title(title: str) -> TitleLevel | None:
    """The level that a title says, the highest of several; None where it says none.

    Cached: a file has the same few titles again and again.
    """
    text = re.sub(r"[(（\[［].*?[)）\]］]", " ", folded(title))
    levels = [_japanese_level(part) for part in PARTS.split(text) if part and not part.isascii()]
    words = re.findall(r"[a-z]+", text.replace(".", ""))
    levels.append(_english_level(words))
    return max((level for level in levels if level), default=None)


def _japanese_level(text: str) -> TitleLevel | None:
    if text.startswith(ABOVE_ALL) and not text.endswith(NOT_ABOVE):
        return TitleLevel.EXECUTIVE
    endings = [word for word in JAPANESE if text.endswith(word)]
    return JAPANESE[max(endings, key=len)] if endings else None


def _english_level(words: list[str]) -> TitleLevel | None:
    """By the head of the title, not by any word in it: an account executive is none, nor is an assistant to the CEO."""
    said, last = set(words), words[-1] if words else ""
    if said & {"assistant", "secretary", "intern", "trainee"}:
        return TitleLevel.LEAD if "assistant" in said and last in ("manager", "director") else TitleLevel.STAFF
    is_chief = "chief" in said and bool(said & {"officer", "executive"})
    managing = "managing" in said and bool(said & {"director", "partner"})
    if said & ABOVE or is_chief or managing or "board" in said or words == ["executive"]:
        return TitleLevel.EXECUTIVE
    if last == "partner" or (last == "owner" and not said & {"product", "process", "service", "project", "system"}):
        return TitleLevel.EXECUTIVE
    if "director" in said or "gm" in said or {"general", "manager"} <= said or words[:1] == ["head"] or last == "head":
        return TitleLevel.DIRECTOR
    if said & {"manager", "mgr"}:
        return TitleLevel.MANAGER
    if said & {"lead", "leader", "supervisor"} or last == "chief":
        return TitleLevel.LEAD
    return TitleLevel.STAFF if said & STAFF or last == "executive" else None


def level_changes(lead: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What becomes of the columns `title_level` and `title_level_derived` of a lead when `given` is written to it.

    A level that is given stands for itself. Where none is given, a title that changes brings its level along, unless
    somebody has given the lead one before. Only columns that change are returned.
    """
    wanted: dict[str, Any] = {}
    if given.get("title_level") is not None:
        wanted = {"title_level": given["title_level"], "title_level_derived": False}
    elif "title_level" in given and given["title_level"] != lead.get("title_level"):
        wanted = {"title_level": None, "title_level_derived": False}
    elif "title" in given and (lead.get("title_level") is None or lead.get("title_level_derived")):
        title_changes = given["title"] != lead.get("title") or lead.get("title_level") is None
        level = level_of_title(given["title"]) if title_changes else lead.get("title_level")
        wanted = {"title_level": None if level is None else int(level), "title_level_derived": level is not None}
    return {name: value for name, value in wanted.items() if lead.get(name) != value}
