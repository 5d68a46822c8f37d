"""Words in files for our own codes: yes and no, title levels, origins, stages. A cleaner as in `web.cleaning`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from leads.enums import Origin, Stage, TitleLevel
from web.cleaning import CleaningError, excerpt, folded

Cleaner = Callable[[str], Any]

YES_WORDS = "yes y true t 1 on ok agreed はい 有 有り あり 同意 同意する 同意済 可 ○ 〇 ◯ ✓ 希望する"
NO_WORDS = "no n false f 0 off refused いいえ 無 無し なし 不同意 同意しない 不可 × ✕ 希望しない"
YES, NO = frozenset(YES_WORDS.split()), frozenset(NO_WORDS.split())

TITLE_WORDS: dict[TitleLevel, str] = {
    TitleLevel.EXECUTIVE: "executive president ceo coo cto cfo cmo cio chairman owner founder partner vp"
    " 役員 社長 会長 取締役 執行役員 代表 専務 常務 副社長 代表取締役 代表取締役社長 理事 経営者 経営層 オーナー",
    TitleLevel.DIRECTOR: "director head gm 部長 本部長 事業部長 局長 次長 部長クラス 部長級 室長 支店長 工場長",
    TitleLevel.MANAGER: "manager mgr 課長 マネージャー マネジャー 課長クラス 課長級 課長代理 グループ長",
    TitleLevel.LEAD: "lead leader supervisor chief 係長 主任 リーダー チームリーダー 係長クラス 班長 主任・係長",
    TitleLevel.STAFF: "staff employee associate member 一般 一般社員 社員 担当 担当者 スタッフ 一般職 メンバー 平社員",
}
TITLE_LEVELS = {word: level for level, words in TITLE_WORDS.items() for word in words.split()} | {
    "team lead": TitleLevel.LEAD,
    "department head": TitleLevel.DIRECTOR,
    "general manager": TitleLevel.DIRECTOR,
    "vice president": TitleLevel.EXECUTIVE,
}
ORIGINS = {"マーケティング": Origin.MARKETING, "営業": Origin.SALES, "引き合い": Origin.SALES, "引合": Origin.SALES}
STAGES = {"顧客": Stage.CUSTOMER, "商談": Stage.OPPORTUNITY, "失注": Stage.NURTURE, "ナーチャリング": Stage.NURTURE,
          "育成": Stage.NURTURE, "対象外": Stage.DISQUALIFIED, "問い合わせ": Stage.INQUIRY}  # fmt: skip


def clean_boolean(text: str) -> bool:
    word = folded(text)
    if word not in YES and word not in NO:
        raise CleaningError("boolean", value=excerpt(text))
    return word in YES


def one_of(words: Mapping[str, Any], offered: str) -> Cleaner:
    """A cleaner that takes the value of a word; `words` are folded, `offered` is what the message names."""

    def clean(text: str) -> Any:
        value = words.get(folded(text))
        if value is None:
            raise CleaningError("choice", value=excerpt(text), choices=offered)
        return value

    return clean


def clean_title_level(text: str) -> int:
    """A level by its code, number or word; a longer title by the word it ends with (営業部長)."""
    word = folded(text)
    level = TITLE_LEVELS.get(word) or TITLE_CODES.get(word)
    if level is None:
        endings = [title for title in TITLE_LEVELS if word.endswith(title) and not title.isascii()]
        level = TITLE_LEVELS[max(endings, key=len)] if endings else None
    if level is None:
        raise CleaningError("choice", value=excerpt(text), choices=", ".join(level.code for level in TitleLevel))
    return int(level)


TITLE_CODES = {level.code: level for level in TitleLevel} | {str(level.value): level for level in TitleLevel}


def coded(kind: type[Origin] | type[Stage], extra: Mapping[str, Any]) -> Cleaner:
    """An enum of ours by its code, its label in either language, or another word people use."""
    words = {folded(word): member.value for word, member in extra.items()}
    words |= {member.value: member.value for member in kind}
    return one_of(words, ", ".join(kind.values))
