"""Names of people: taken apart, read, and compared."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from leads.identity.characters import KANA_ONLY, edits, kana_key, plain, script, short_vowels
from web.cleaning import is_placeholder
from web.cleaning.romaji import katakana
from web.japanese import tokenizer

TITLES = (
    "代表取締役会長 代表取締役社長 代表取締役 取締役 執行役員 監査役 代表社員 代表理事 理事長 事務局長 事務長"
    " 本部長 副本部長 事業部長 部長代理 副部長 部長 次長 課長代理 課長補佐 課長 係長 主任 主査 主幹 室長 所長"
    " 支店長 支社長 店長 工場長 院長 副社長 社長 会長 専務 常務 理事 顧問 担当 教授 准教授 博士 弁護士 税理士 医師"
    " マネージャー リーダー"
)
HONORIFICS = ("様", "サマ", "サン", "氏", "殿", "先生", "君", "クン", "チャン", "御中")
_TITLE = "|".join(sorted(TITLES.split(), key=len, reverse=True))
BEHIND = re.compile(rf"(?<=\S)\s*(?:{'|'.join(HONORIFICS)})$")
# A title beside a name: a word of its own in front, or what two characters of a name stand before.
TITLE_IN_FRONT = re.compile(rf"^(?:[^\s]{{1,12}}[部課室係局]\s+)?(?:{_TITLE})\s+(?=\S)")
TITLE_BEHIND = re.compile(rf"(?<=\S\s)(?:{_TITLE})$|(?<=\S\S)(?:{_TITLE})$")
LATIN_TITLE = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|dr|prof|sir|herr|frau|mme)\b\.?\s+)+|[\s,]+(?:san|sama|ph\.?\s?d|mba|jr|sr|esq|ii|iii)\.?$"
)
BRACKETS = re.compile(r"\s*[(\[（【〔「]([^)\]）】〕」]*)[)\]）】〕」]?\s*")
FILLER_WORDS = (
    "test テスト testtest テスト太郎 名無シ 名前 氏名 ナナシ 匿名 担当 担当者 ゴ担当者 御担当者 システム管理者"
    " 管理者 総務 受付 事務局 noname unknown anonymous guest user admin 代表 アアア aaa xxx asdf"
)
FILLERS = frozenset(FILLER_WORDS.split())
MOST_EDITS = 2


class NameLikeness(StrEnum):
    """What two names are to each other, the nearest first."""

    SAME = "same"
    READS_ALIKE = "reads_alike"  # in another script, by a reading that was given or typed
    MAY_READ_ALIKE = "may_read_alike"  # by the reading that a dictionary gives the characters
    CLOSE = "close"  # a letter or two apart
    INITIALS = "initials"  # I. Sato and Ichiro Sato
    PART = "part"  # one of them says only the family name
    READ_OTHERWISE = "read_otherwise"  # the same characters with two readings
    WRITTEN_OTHERWISE = "written_otherwise"  # 一郎 and 市郎: one sound, two names
    GIVEN_ALONE = "given_alone"  # the given name is one, the family name is not
    FAMILY_ALONE = "family_alone"  # the family name is one, the given name is not
    DIFFERENT = "different"
    UNKNOWN = "unknown"  # in two scripts without a reading, or one of them is missing


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in one writing, `family` "" where it cannot be told from the given name, with its reading in katakana.

    Latin letters have their words in order of the alphabet: nobody knows which of them is the family name.
    """

    whole: str = ""
    family: str = ""
    given: str = ""
    words: tuple[str, ...] = ()
    script: str = ""
    reading: tuple[str, ...] = ()
    is_guessed: bool = False

    @property
    def sound(self) -> str:
        """The reading in one piece; romaji may be in either order, so theirs is in order of the words."""
        return "".join(self.reading)


NOBODY = PersonName()


def person_name(name: str, kana: str = "") -> PersonName:
    """A name as it was written, with titles, honorifics and a reading in brackets, and its reading where that is known.

    `NOBODY` for what is no name: an address, a placeholder, "ご担当者様".
    """
    return _person_name(name, kana)


@lru_cache(maxsize=16384)
def _person_name(name: str, kana: str) -> PersonName:
    text, bracketed = without_titles(name)
    reading = without_titles(kana)[0]
    if not reading and KANA_ONLY.fullmatch(bracketed):
        reading = bracketed
    if not text:
        text, reading = reading, ""
    if not text or is_filler(text):
        return NOBODY
    written = script(text)
    if written == "latin":
        return _latin(text, reading)
    parts = tuple(text.replace("・", " ").split())
    guessed = written == "ideographs" and not KANA_ONLY.fullmatch(reading or "-")
    words, sounds = split_and_read(text) if written == "ideographs" else (parts, tuple(map(kana_key, parts)))
    if reading and not guessed:
        sounds = tuple(map(kana_key, reading.replace("・", " ").split()))
    whole = "".join(words) if written == "ideographs" else kana_key(text)
    family, given = (words[0], "".join(words[1:])) if len(words) > 1 else ("", "")
    if written == "kana":
        family, given = kana_key(family), kana_key(given)
    return PersonName(whole, family, given, words, written, sounds, guessed and bool(sounds))


def _latin(text: str, reading: str) -> PersonName:
    words = tuple(sorted(re.findall(r"[a-z0-9]+(?:'[a-z]+)?", _without_accents(text))))
    sounds = tuple(katakana(word) for word in words)
    if KANA_ONLY.fullmatch(reading or "-"):
        sounds = tuple(map(kana_key, reading.split()))
    return PersonName("".join(words), "", "", words, "latin", sounds if all(sounds) else ())


def _without_accents(text: str) -> str:
    spelt = text.replace("ß", "ss").replace("ø", "o").replace("æ", "ae").replace("ł", "l")
    return "".join(letter for letter in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(letter))


def without_titles(text: str) -> tuple[str, str]:
    """The name itself in plain characters, and what stood in brackets."""
    if "@" in text or "\uff20" in text:
        return "", ""
    name = plain(text)
    bracketed = " ".join(match[1] for match in BRACKETS.finditer(name))
    name = " ".join(BRACKETS.sub(" ", name).split())
    for _again in range(3):
        bare = LATIN_TITLE.sub("", TITLE_BEHIND.sub("", TITLE_IN_FRONT.sub("", BEHIND.sub("", name).strip())).strip())
        if bare == name or not bare:
            break
        name = bare.strip()
    return name.strip(" ,、"), bracketed.strip()


def is_filler(text: str) -> bool:
    """Whether a plain text is typed where a name is asked for and nobody wants to say one."""
    return text.replace(" ", "") in FILLERS or is_placeholder(text) or (len(set(text)) == 1 and len(text) > 1)


def split_and_read(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Family and given name of plain Japanese characters, and how a dictionary reads them; no reading for no name.

    Where somebody typed a space it says where the family name ends.
    """
    typed = tuple(text.replace("・", " ").split())
    tokens = [_tokens(part) for part in typed]
    if len(typed) == 1 and len(tokens[0]) > 1 and tokens[0][0].kind == "姓":
        family = tokens[0][0].surface
        typed = (family, typed[0][len(family) :])
        tokens = [tokens[0][:1], tokens[0][1:]]
    sounds = tuple(kana_key("".join(token.reading for token in part)) for part in tokens)
    return typed, sounds if all(sound and KANA_ONLY.fullmatch(sound) for sound in sounds) else ()


class _Token(NamedTuple):
    surface: str
    reading: str
    kind: str


@lru_cache(maxsize=16384)
def _tokens(text: str) -> list[_Token]:
    return [_Token(one.surface(), one.reading_form(), one.part_of_speech()[3]) for one in tokenizer().tokenize(text)]


def compare_names(one: PersonName, other: PersonName) -> NameLikeness:
    """What two names are to each other; the order of the two makes no difference."""
    if not one.whole or not other.whole:
        return NameLikeness.UNKNOWN
    if one.script != other.script:
        return _across_scripts(one, other)
    if one.whole == other.whole:
        both_given = one.reading and other.reading and not one.is_guessed and not other.is_guessed
        return NameLikeness.READ_OTHERWISE if both_given and one.sound != other.sound else NameLikeness.SAME
    return _latin_words(one, other) if one.script == "latin" else _japanese(one, other)


def _across_scripts(one: PersonName, other: PersonName) -> NameLikeness:
    """Characters, kana and romaji are compared by sound; a sound that was only guessed proves no difference."""
    if not one.reading or not other.reading:
        return NameLikeness.UNKNOWN
    guessed = one.is_guessed or other.is_guessed
    romaji = "latin" in (one.script, other.script)
    mine, theirs = (list(map(short_vowels, name.reading)) if romaji else list(name.reading) for name in (one, other))
    alike = "".join(mine) == "".join(theirs) or "".join(reversed(mine)) == "".join(theirs)
    if alike:
        return NameLikeness.MAY_READ_ALIKE if guessed else NameLikeness.READS_ALIKE
    in_common = set(mine) & set(theirs)
    if min(len(mine), len(theirs)) == 1:
        return NameLikeness.PART if in_common else NameLikeness.UNKNOWN
    if in_common:
        return NameLikeness.UNKNOWN if guessed else NameLikeness.FAMILY_ALONE
    return NameLikeness.DIFFERENT  # neither of the two parts: no dictionary is that wrong


def _japanese(one: PersonName, other: PersonName) -> NameLikeness:
    """Two names in characters, or two in kana, that are not equal."""
    if one.family and one.family == other.given and one.given == other.family:
        return NameLikeness.SAME  # in the other order
    if one.script == "kana" and edits(one.whole, other.whole, 1) == 1 and min(len(one.whole), len(other.whole)) > 4:
        return NameLikeness.CLOSE
    if _only_family(one, other) or _only_family(other, one):
        return NameLikeness.PART
    if one.script == "ideographs" and one.reading and one.sound == other.sound:
        return NameLikeness.WRITTEN_OTHERWISE
    if one.family and one.family == other.family:
        return NameLikeness.FAMILY_ALONE
    return NameLikeness.GIVEN_ALONE if one.given and one.given == other.given else NameLikeness.DIFFERENT


def _only_family(one: PersonName, other: PersonName) -> bool:
    return bool(other.family) and one.whole == other.family


def _latin_words(one: PersonName, other: PersonName) -> NameLikeness:
    """Two names in Latin letters that are not equal, whatever the order of their words."""
    if one.reading and other.reading and set(map(short_vowels, one.reading)) == set(map(short_vowels, other.reading)):
        return NameLikeness.SAME  # Satoh and Sato
    mine, theirs = list(one.words), list(other.words)
    for word in one.words:
        if word in theirs:
            mine.remove(word)
            theirs.remove(word)
    common = len(one.words) - len(mine)
    if not mine or not theirs:
        short = mine or theirs
        return NameLikeness.PART if common == 1 and len(short) == 1 and len(short[0]) > 1 else NameLikeness.INITIALS
    if len(mine) == len(theirs) and all(
        edits(a, b, MOST_EDITS) <= (1 if min(len(a), len(b)) < 6 else MOST_EDITS) and min(len(a), len(b)) > 2
        for a, b in zip(mine, theirs, strict=True)
    ):
        return NameLikeness.CLOSE
    if common and len(mine) == len(theirs) == 1:
        a, b = mine[0], theirs[0]
        if min(len(a), len(b)) == 1 and a[0] == b[0]:
            return NameLikeness.INITIALS
        return NameLikeness.FAMILY_ALONE
    return NameLikeness.DIFFERENT
