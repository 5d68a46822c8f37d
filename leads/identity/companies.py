"""Names of companies: legal form, name, branch and department apart, and what two companies are to each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from leads.identity.characters import edits, plain, same_looking, script
from web.cleaning import is_placeholder

STOCK = "株式会社"
# Each legal form in full, as it is abbreviated in brackets, and as banks write it. Longer words come first.
FORMS: dict[str, tuple[str, ...]] = {
    "特定非営利活動法人": ("npo法人", "特非", "特定非営利法人", "トクヒ"),
    "一般社団法人": ("一社", "イッシャ"),
    "公益社団法人": ("公社",),
    "社団法人": ("社", "シャ"),
    "一般財団法人": ("一財", "イチザイ"),
    "公益財団法人": ("公財",),
    "財団法人": ("財", "ザイ"),
    "社会福祉法人": ("社福", "福", "フク"),
    "医療法人社団": (),
    "医療法人財団": (),
    "医療法人": ("医", "イ"),
    "国立大学法人": (),
    "学校法人": ("学", "ガク"),
    "宗教法人": ("宗", "シュウ"),
    "独立行政法人": ("独", "ドク"),
    "協同組合": ("協組", "協"),
    "相互会社": ("相", "ソ"),
    STOCK: ("株", "カ"),
    "有限会社": ("有", "ユ"),
    "合同会社": ("同", "合同", "ド"),
    "合資会社": ("資", "合資", "シ"),
    "合名会社": ("名", "合名", "メ"),
    "監査法人": (),
    "弁護士法人": (),
    "税理士法人": (),
}
# The English for 株式会社 is as often Inc. as Co., Ltd.; what is registered elsewhere has forms of its own.
FORMS_BEHIND_LATIN = {
    r"(?:co\.?,?\s*)?ltd\.?": STOCK, r"limited": STOCK, r"k\.?\s?k\.?": STOCK, r"kabushiki\s*(?:kaisha|gaisha)": STOCK,
    r"inc(?:orporated)?\.?": STOCK, r"corp(?:oration)?\.?": STOCK, r"co\.?": STOCK,
    r"l\.?l\.?c\.?": "合同会社", r"g\.?k\.?": "合同会社", r"y\.?k\.?": "有限会社",
    r"gmbh": "gmbh", r"ag": "ag", r"s\.?a\.?s\.?": "sas", r"s\.?a\.?": "sa", r"b\.?v\.?": "bv", r"plc": "plc",
    r"s\.?p\.?a\.?": "spa", r"s\.?r\.?l\.?": "srl", r"a\.?b\.?": "ab", r"pty\.?\s*ltd\.?": "pty",
    r"pte\.?\s*ltd\.?": "pte", r"l\.?l\.?p\.?": "llp",
}  # fmt: skip
# Forms that a short word may stand for: 社団法人 is also 一般社団法人, as (医) is also 医療法人社団.
FAMILIES = [
    frozenset({"社団法人", "一般社団法人", "公益社団法人"}),
    frozenset({"財団法人", "一般財団法人", "公益財団法人"}),
    frozenset({"医療法人", "医療法人社団", "医療法人財団"}),
]
_LONG = {plain(name): name for name in FORMS} | {
    plain(short): name for name, shorts in FORMS.items() for short in shorts if len(short) > 3
}
_SHORT = {plain(short): name for name, shorts in FORMS.items() for short in shorts}
_ALL_LONG = "|".join(sorted(_LONG, key=len, reverse=True))
_ALL_SHORT = "|".join(sorted(_SHORT, key=len, reverse=True))
FORM_IN_FRONT = re.compile(rf"^(?:({_ALL_LONG})|\(({_ALL_SHORT})\)|({_ALL_SHORT})\))\s*(?=\S)")
FORM_BEHIND = re.compile(rf"(?<=\S)\s*(?:({_ALL_LONG})|\(({_ALL_SHORT})\)|\(({_ALL_SHORT}))(?=\s|$|\S)")
MEDICAL_KIND = re.compile(r"(社団|財団)\s*(?=\S)")
LATIN_FORM = re.compile(
    r"(?<=[\w.&)])[,\s]+(?:"
    + "|".join(f"({one})" for one in FORMS_BEHIND_LATIN)
    + r")(?=$|,|\s-|\s[\w ]*(?:branch|office|division|dept\.?|department|factory|plant)$)"
)
BRANCH = r"(?:支店|支社|支部|支局|営業所|事業所|出張所|本店|本社|工場|研究所|センター|オフィス|店)"
DEPARTMENT = r"(?:事業本部|本部|事業部|部門|部|課|室|係|グループ|チーム)"
PLACES = (
    "東日本 西日本 北日本 中日本 北海道 東北 関東 北関東 南関東 首都圏 中部 東海 北陸 甲信越 関西 近畿 中国 四国"
    " 九州 沖縄 札幌 青森 盛岡 仙台 秋田 山形 福島 水戸 宇都宮 前橋 高崎 埼玉 大宮 さいたま 千葉 東京 新宿 渋谷"
    " 丸の内 品川 多摩 立川 横浜 川崎 神奈川 新潟 富山 金沢 福井 甲府 長野 松本 岐阜 静岡 浜松 名古屋 愛知 三重 津"
    " 四日市 滋賀 京都 大阪 梅田 堺 神戸 兵庫 姫路 奈良 和歌山 鳥取 松江 岡山 広島 福山 山口 徳島 高松 松山 高知"
    " 福岡 博多 北九州 佐賀 長崎 熊本 大分 宮崎 鹿児島 那覇 第一 第二 第三"
)
_PLACE = "|".join(sorted((plain(place) for place in PLACES.split()), key=len, reverse=True))
_TAIL_WORD = rf"(?:[^\s]{{0,20}}?(?:{plain(BRANCH)}|{DEPARTMENT}))"
SPACED_TAIL = re.compile(rf"\s+({_TAIL_WORD}(?:\s*{_TAIL_WORD})*)$")
JOINED_TAIL = re.compile(rf"(?<=\S\S)((?:{_PLACE}){plain(BRANCH)}(?:\s*{_TAIL_WORD})*)$")
LATIN_TAIL = re.compile(r"[,\s]+(?:[-/]\s*)?([\w ]{2,30} (?:branch|office|division|dept\.?|department|factory|plant))$")


class FormPlace(StrEnum):
    """On which side of the name the legal form stands; 株式会社X and X株式会社 are two entries of the register."""

    NONE = ""
    BEFORE = "before"
    AFTER = "after"


class CompanyLikeness(StrEnum):
    """What two names of companies are to each other, the nearest first."""

    SAME = "same"
    LOOKS_SAME = "looks_same"  # but for characters that look alike
    FORM_MISSING = "form_missing"  # one of them names no legal form
    OTHER_BRANCH = "other_branch"
    OTHER_SIDE = "other_side"  # 株式会社X and X株式会社
    OTHER_FORM = "other_form"  # 株式会社X and 合同会社X
    CLOSE = "close"  # a letter apart, in Latin letters
    UNKNOWN = "unknown"  # in two scripts, or one is missing
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A name taken apart: `core` in plain characters, `key` the core as it is compared."""

    core: str = ""
    key: str = ""
    form: str = ""
    place: FormPlace = FormPlace.NONE
    branch: str = ""
    script: str = ""


NO_COMPANY = CompanyName()


@lru_cache(maxsize=16384)
def company_name(text: str) -> CompanyName:
    """A name as it was written, taken apart. `NO_COMPANY` for a placeholder."""
    if is_placeholder(text):
        return NO_COMPANY
    name = plain(text.replace("㊩", "(医)").replace("㊫", "(学)").replace("㊖", "(財)"))
    name, form, place, branch = _without_form(name)
    for tail in (SPACED_TAIL, JOINED_TAIL, LATIN_TAIL):
        if not branch and (match := tail.search(name)) and match.start():
            name, branch = name[: match.start()].strip(), match[1].strip()
    core = name.strip(" ,.・")
    return CompanyName(core, same_looking(core), form, place, branch, script(core))


def _without_form(name: str) -> tuple[str, str, FormPlace, str]:
    """The rest of a plain name, its legal form, where that stood, and what stood behind a form behind the name."""
    if match := FORM_IN_FRONT.match(name):
        form, rest = _form_of(match), name[match.end() :]
        if form == "医療法人" and (kind := MEDICAL_KIND.match(rest)):
            form, rest = form + kind[1], rest[kind.end() :]
        return rest, form, FormPlace.BEFORE, ""
    if match := FORM_BEHIND.search(name):
        return name[: match.start()], _form_of(match), FormPlace.AFTER, name[match.end() :].lstrip(")").strip()
    if match := LATIN_FORM.search(name):
        form = next(form for form, group in zip(FORMS_BEHIND_LATIN.values(), match.groups(), strict=True) if group)
        return name[: match.start()], form, FormPlace.NONE, name[match.end() :].strip(" ,-")
    return name, "", FormPlace.NONE, ""


def _form_of(match: re.Match[str]) -> str:
    long, short = match[1], match[2] or match[3]
    return _LONG[long] if long else _SHORT[short]


def compare_companies(one: CompanyName, other: CompanyName) -> CompanyLikeness:
    """What two names are to each other; the order of the two makes no difference."""
    if not one.key or not other.key:
        return CompanyLikeness.UNKNOWN
    if one.key != other.key:
        return _other_names(one, other)
    if one.form and other.form and one.form != other.form:
        if not any({one.form, other.form} <= family for family in FAMILIES):
            return CompanyLikeness.OTHER_FORM
    elif one.form and other.form and one.place and other.place and one.place != other.place:
        return CompanyLikeness.OTHER_SIDE
    if one.branch and other.branch and one.branch != other.branch:
        return CompanyLikeness.OTHER_BRANCH
    if bool(one.form) != bool(other.form):
        return CompanyLikeness.FORM_MISSING
    is_equal = one.core.replace(" ", "") == other.core.replace(" ", "")
    return CompanyLikeness.SAME if is_equal else CompanyLikeness.LOOKS_SAME


def _other_names(one: CompanyName, other: CompanyName) -> CompanyLikeness:
    if one.script != other.script:
        return CompanyLikeness.UNKNOWN if "latin" in (one.script, other.script) else CompanyLikeness.DIFFERENT
    shortest = min(len(one.key), len(other.key))
    if one.script == "latin" and shortest > 5 and edits(one.key, other.key, 1) == 1:
        return CompanyLikeness.CLOSE
    return CompanyLikeness.DIFFERENT
