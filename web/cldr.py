"""Names of countries, languages and currencies in the reader's language, as Unicode's CLDR gives them.

A value that names none of them is returned as it was written: files and forms may hold any text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal, cast

from babel import Locale
from babel.core import get_global
from django.utils.translation import get_language

Names = Mapping[str, str]

SPOKEN = ("en", "ja")  # a name in one of these is recognized, whatever the reader's language


# Countries by names that people write and CLDR does not list.
EVERYDAY = {
    "米国": "US", "アメリカ": "US", "u.s.": "US", "u.s.a.": "US", "united states of america": "US", "英国": "GB",
    "great britain": "GB", "england": "GB", "u.k.": "GB", "大韓民国": "KR", "korea": "KR", "republic of korea": "KR",
    "中華人民共和国": "CN", "日本国": "JP", "holland": "NL", "viet nam": "VN",
}  # fmt: skip


def country_code(text: str) -> str:
    """`JP` for `JP`, `JPN`, `Japan`, `日本` and `ＪＡＰＡＮ`; a text that names no country as it was written."""
    return _country_codes().get(unicodedata.normalize("NFKC", text).strip().casefold(), text)


def country_name(text: str) -> str:
    """`JP`, `JPN`, `Japan` and `日本` are 日本 in Japanese and Japan in English."""
    return _names("territories", _reader()).get(country_code(text), text)


def language_name(text: str) -> str:
    """`ja`, `ja-JP`, `Japanese` and `日本語` are 日本語 in Japanese and Japanese in English."""
    tag = text.strip().replace("_", "-").casefold()
    code = _language_codes().get(tag) or _language_codes().get(tag.partition("-")[0], "")
    return _names("languages", _reader()).get(code, text)


def currency_name(code: str) -> str:
    """`JPY` is 日本円 in Japanese and Japanese Yen in English."""
    return _names("currencies", _reader()).get(code.strip().upper(), code)


def country_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """These two-letter codes with their names, in the order of the names."""
    return sorted(((code, country_name(code)) for code in codes), key=lambda pair: pair[1])


def names_of(kind: Literal["territories", "languages"]) -> list[tuple[str, str, str]]:
    """The two-letter codes of all countries or languages, each with its English and its Japanese name."""
    english, japanese = _names(kind, "en"), _names(kind, "ja")
    return [(code, name, japanese.get(code, name)) for code, name in english.items() if len(code) == 2]


def language_choices() -> list[tuple[str, str]]:
    """Two-letter codes with their names, in the order of the names."""
    names = ((code, name) for code, name in _names("languages", _reader()).items() if len(code) == 2)
    return sorted(names, key=lambda pair: pair[1])


def currency_choices() -> list[tuple[str, str]]:
    """The three-letter codes of the currencies in use, with names, in the order of the codes."""
    return [(code, f"{currency_name(code)} ({code})") for code in currencies_in_use()]


@cache
def currencies_in_use() -> tuple[str, ...]:
    """Codes of what is legal tender somewhere today, in order: no Deutsche Mark, and no unit of account."""
    histories = get_global("territory_currencies").values()
    return tuple(sorted({code for rows in histories for code, _from, until, tender in rows if tender and not until}))


def decimals_of(currency: str) -> int:
    """The number of decimals that amounts in this currency have: none for JPY, 2 for USD, 3 for KWD."""
    fractions = get_global("currency_fractions")
    return int(fractions.get(currency, fractions["DEFAULT"])[0])


def _reader() -> str:
    return "ja" if (get_language() or "").startswith("ja") else "en"


@cache
def _names(kind: Literal["territories", "languages", "currencies"], language: str) -> Names:
    return cast("Names", dict(getattr(Locale(language), kind)))


@cache
def _country_codes() -> Names:
    """By code, by name in a language of `SPOKEN`, and by an older or longer code (`USA`, `UK`)."""
    codes = {alias.casefold(): now[0] for alias, now in get_global("territory_aliases").items()}
    for language in SPOKEN:
        codes |= {name.casefold(): code for code, name in _names("territories", language).items() if code.isalpha()}
    return codes | EVERYDAY | {code.casefold(): code for code in _names("territories", "en") if len(code) == 2}


@cache
def _language_codes() -> Names:
    codes: dict[str, str] = {}
    for language in SPOKEN:
        codes |= {name.casefold(): code for code, name in _names("languages", language).items()}
    return codes | {code.casefold(): code for code in _names("languages", "en")}
