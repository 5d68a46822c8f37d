"""Texts from files into values as the database keeps them. A cleaner gets a text that is not empty, or raises Bad."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from intake.imports.problems import Bad
from leads.enums import Origin, Stage, TitleLevel

Cleaner = Callable[[str], Any]

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
AHEAD = timedelta(days=1)  # a file knows its times in some zone; a day is enough for all of them
BIGGEST = 2**31 - 1
NUMERAL = re.compile(r"[+-]?\d{1,3}(?:[,'’ ]\d{3})+|[+-]?\d+")
DECIMAL = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
JAPANESE_DATE = re.compile(
    r"(令和|平成|昭和)?\s*(\d{1,4}|元)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日(?:\s*\([月火水木金土日]\))?"
)
PLAIN_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d{2})(\d{2})")
CLOCK = re.compile(r"(\d{1,2})(?:[:時](\d{1,2}))?(?:[:分](\d{1,2}))?(?:\.\d+)?[時分秒]?")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, None: 0}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


YES = _words("yes y true t 1 on ok agreed はい 有 有り あり 同意 同意する 同意済 可 ○ 〇 ◯ ✓ 希望する")
NO = _words("no n false f 0 off refused いいえ 無 無し なし 不同意 同意しない 不可 × ✕ 希望しない")

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


def folded(text: str) -> str:
    """For comparing words: full-width and half-width forms, capitals and space make no difference."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def shown(text: str) -> str:
    """The beginning of a wrong value, for a message (which is stored, and NUL cannot be)."""
    return (text if len(text) <= 60 else text[:59] + "…").replace("\0", "\ufffd")


def text_of(limit: int) -> Cleaner:
    """One line of text of at most `limit` characters, kept as it was written."""

    def clean(text: str) -> str:
        if not text.isprintable():
            if "\0" in text:
                raise Bad("nul")
            text = CONTROL.sub(" ", text).strip()
        if len(text) > limit:
            raise Bad("too_long", max=limit)
        return text

    return clean


def clean_email(text: str) -> str:
    """Normalised as all addresses are: NFKC, lower case."""
    value = unicodedata.normalize("NFKC", text).strip().lower()
    try:
        validate_email(value)
    except ValidationError:
        raise Bad("email", value=shown(text)) from None
    if len(value) > 254:
        raise Bad("too_long", max=254)
    return value


def clean_phone(text: str) -> str:
    """Full-width digits and dashes become plain ones."""
    return str(text_of(40)(unicodedata.normalize("NFKC", text).translate(DASHES)))


DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー"), "-")


def whole_number(low: int, high: int) -> Cleaner:
    """1,200 and 1200名 as 1200."""

    def clean(text: str) -> int:
        plain = unicodedata.normalize("NFKC", text).strip().removesuffix("名").removesuffix("人").removesuffix("円")
        plain = plain.strip().removesuffix(".0")
        if not NUMERAL.fullmatch(plain):
            raise Bad("integer", value=shown(text))
        number = int(re.sub(r"[^\d+-]", "", plain)) if len(plain) < 40 else high + 1
        if not low <= number <= high:
            raise Bad("range", value=shown(text))
        return number

    return clean


def clean_decimal(text: str) -> float:
    plain = unicodedata.normalize("NFKC", text).strip()
    if not DECIMAL.fullmatch(plain) or len(plain) > 30:
        raise Bad("decimal", value=shown(text))
    return float(plain.replace(",", ""))


def clean_amount(text: str) -> Decimal:
    """An amount of money in whole units of its currency, with a sign or a 円 around it or not."""
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("¥$€£").removesuffix("円").strip()
    if not DECIMAL.fullmatch(plain):
        raise Bad("decimal", value=shown(text))
    amount = Decimal(plain.replace(",", "")) if len(plain) < 40 else Decimal(10**14)
    if not 0 <= amount < 10**14:
        raise Bad("range", value=shown(text))
    return amount


def clean_boolean(text: str) -> bool:
    word = folded(text)
    if word not in YES and word not in NO:
        raise Bad("boolean", value=shown(text))
    return word in YES


def clean_date(text: str) -> date:
    """2026-11-22, 2026/11/22, 2026年11月22日, 令和8年11月22日; a time of day behind it is dropped."""
    found = _day_and_rest(text)
    if found is None:
        raise Bad("date", value=shown(text))
    if not EARLIEST <= found[0] <= LATEST:
        raise Bad("too_early" if found[0] < EARLIEST else "range", value=shown(text))
    return found[0]


def time_in(zone: ZoneInfo, now: datetime) -> Cleaner:
    """An instant, in `zone` where the text names none. Not in the future: it tells of something that happened."""

    def clean(text: str) -> datetime:
        found = _instant(text, zone)
        if found.date() < EARLIEST:
            raise Bad("too_early", value=shown(text))
        if found > now + AHEAD:
            raise Bad("future", value=shown(text))
        return found

    return clean


def _instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _written_out(text)
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (OverflowError, ValueError):
        raise Bad("time", value=shown(text)) from None


def _written_out(text: str) -> datetime:
    found = _day_and_rest(text)
    if found is None:
        raise Bad("time", value=shown(text))
    day, rest = found
    if not rest:
        return datetime.combine(day, time.min)
    match = CLOCK.fullmatch(rest)
    if match is None:
        return _iso_clock(day, rest, text)
    try:
        hour, minute, second = (int(part or 0) for part in match.groups())
        return datetime.combine(day, time(hour, minute, second))
    except ValueError:
        raise Bad("time", value=shown(text)) from None


def _iso_clock(day: date, rest: str, text: str) -> datetime:
    """What follows the day may name a zone: 10:15+09:00, 10:15Z."""
    try:
        return datetime.combine(day, time.fromisoformat(rest))
    except ValueError:
        raise Bad("time", value=shown(text)) from None


def _day_and_rest(text: str) -> tuple[date, str] | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    match = PLAIN_DATE.match(plain)
    if match:
        parts = [int(part) for part in match.groups() if part]
    elif match := JAPANESE_DATE.match(plain):
        era, year, *rest = match.groups()
        parts = [ERAS[era] + (1 if year == "元" else int(year)), *map(int, rest)]
    else:
        return None
    rest_of_text = plain[match.end() :].lstrip(" T").strip()
    if rest_of_text and rest_of_text[0].isdigit() and plain[match.end()].isdigit():
        return None  # a longer number
    try:
        return date(*parts), rest_of_text
    except ValueError:
        raise Bad("no_such_date", value=shown(text)) from None


def one_of(words: Mapping[str, Any], shown_choices: str) -> Cleaner:
    """The value of a word; `words` are folded."""

    def clean(text: str) -> Any:
        value = words.get(folded(text))
        if value is None:
            raise Bad("choice", value=shown(text), choices=shown_choices)
        return value

    return clean


def clean_title_level(text: str) -> int:
    """A level by its code, number or word; a longer title by the word it ends with (営業部長)."""
    word = folded(text)
    level = TITLE_LEVELS.get(word) or TITLE_CODES.get(word)
    if level is None:
        endings = [known for known in TITLE_LEVELS if word.endswith(known) and not known.isascii()]
        level = TITLE_LEVELS[max(endings, key=len)] if endings else None
    if level is None:
        raise Bad("choice", value=shown(text), choices=", ".join(each.code for each in TitleLevel))
    return int(level)


TITLE_CODES = {each.code: each for each in TitleLevel} | {str(each.value): each for each in TitleLevel}


def coded(kind: type[Origin] | type[Stage], extra: Mapping[str, Any]) -> Cleaner:
    """An enum of ours by its code, its label in either language, or another word people use."""
    words = {folded(word): each.value for word, each in extra.items()} | {each.value: each.value for each in kind}
    return one_of(words, ", ".join(each.value for each in kind))
