"""How many people a text names, and how many of them would use it. Of a range the lower end counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake.enquiries.numbers import NUMBER, number

MOST_PEOPLE = 10_000_000
UNIT_JA = r"(?:名|人|ユーザー?|アカウント|ライセンス|シート|席|id)"
UNIT_EN = (
    r"(?:people|persons?|users?|seats?|licen[cs]es?|accounts?|employees|staff|members|colleagues|engineers|reps|"
    r"workers|agents|nurses|doctors|teachers|drivers|managers|admins|consultants|clerks|headcount|developers|"
    r"salespeople|sales (?:reps|people)|students|technicians|operators)"
)
TO = r"\s?(?:〜|~|-|–|—|ー|から|より|to|or|、|/|and|乃至|ないし)\s?"
USED_JA = (
    r"様?(?:分|程度?|ほど|くらい|ぐらい|規模|前後|以上|体制)?(?:の(?:部署|部門|チーム|営業))?"
    r"(?:で(?!は|す|あ|ござ)|分|[のが、]?(?:導入|利用|使用|使[うっいえ])|[にへ]の?展開|想定)"
)
DESCRIBED = r"(?:(?:new|active|sales|internal|additional|more|extra|named|concurrent|office|field|full-time) ){0,2}"
PEOPLE = re.compile(
    rf"(?P<up_to>(?<!not )\bfor (?:about |around |approximately |some |up to |between |roughly )?)?"
    rf"(?P<first>{NUMBER})\s?(?:{UNIT_JA}?{TO}(?P<second>{NUMBER})\s?)?"
    rf"(?:{UNIT_JA}(?![前称気工間口事材物生目柄月])(?!ひとり|あたり|当たり|当り|につき)(?!では?な[いく]|じゃな[いく])"
    rf"(?=(?P<used_ja>{USED_JA}))?"
    rf"|[\s-]?{DESCRIBED}{UNIT_EN}(?![a-z])(?=(?P<used_en> (?:would|will|need|want|who|waiting|to)\b|(?:の|で)))?)"
)
OTHERS = re.compile(
    rf"\b(?:team|group|staff|department) of (?:about |around |approximately |some )?(?P<first>{NUMBER})"
    rf"(?:{TO}(?P<second>{NUMBER}))?"
    rf"|\b(?:only|about|around|just) (?P<using>{NUMBER}) (?:of (?:us|them|those) )?(?:would|will|need|use)\b"
    rf"|\b(?P<we>{NUMBER}) of us\b"
    rf"|\b(?:pricing|demo|trial|licensing) for (?:about |around |up to |some )?(?P<bare>{NUMBER})(?=\s*(?:[.,;!?]|$))"
)
USING_EN = re.compile(r"\b(?:need|needs|want|buy|purchase|add|order|quote|quotation|license|only)\b[^.!?\n]{0,30}$")
NOT_EN = re.compile(r"\b(?:not|n't)\s*(?:for )?$")


@dataclass(frozen=True, kw_only=True)
class People:
    """`count` at text[begin:end]; `most` is the upper end of a range. `is_used`: so many would use it."""

    begin: int
    end: int
    count: int
    most: int | None
    is_used: bool


def people_in(text: str) -> list[People]:
    """Every number of people of a folded text, in order."""
    found = [_people(match, text) for written in (PEOPLE, OTHERS) for match in written.finditer(text)]
    return sorted((people for people in found if people), key=lambda people: people.begin)


def headcount_of(people: list[People]) -> People | None:
    """How many would use it, else how many are named first."""
    return min(people, key=lambda row: not row.is_used, default=None)


def _people(match: re.Match[str], text: str) -> People | None:
    parts = match.groupdict()
    name = next(name for name in ("first", "using", "we", "bare") if parts.get(name))
    count, second = number(parts[name]), number(parts["second"]) if parts["second"] else None
    if not count or count > MOST_PEOPLE or NOT_EN.search(text, max(0, match.start() - 9), match.start()):
        return None
    if second is not None and second < count:
        return None
    is_used = match.re is OTHERS or bool(
        parts["used_ja"] or parts["used_en"] or parts["up_to"]
        or USING_EN.search(text, max(0, match.start() - 40), match.start())
    )  # fmt: skip
    return People(begin=match.start(name), end=match.end(), count=count, most=second, is_used=is_used)
