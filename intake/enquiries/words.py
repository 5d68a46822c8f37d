"""A text as clauses and words: Japanese as SudachiPy sees it, English by its letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from web.japanese import tokenizer

MOST_WORDS = 60  # of a clause; patterns look at every pair of its words
LONGEST_SENTENCE = 1_000  # characters; what runs on without an end is cut
SENTENCE = re.compile(rf"(?:[^。!?.\n]|[.](?=\S)){{1,{LONGEST_SENTENCE}}}[。!?.]{{0,9}}")
JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
ENGLISH_WORD = re.compile(r"[a-z]+(?=n't\b)|n't\b|'[a-z]+|[a-z]+(?:-[a-z]+)*|\d[\d,.]*|[^\s\w]")
CONTRACTED = {
    "n't": "not", "'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'s": "is", "ca": "can",
    "wo": "will",
}  # fmt: skip
PAUSES = frozenset("、,;")
JOINS_JA = frozenset(["が", "けれど", "けれども", "けど", "から", "し", "のに", "ものの"])
JOINS_EN = frozenset(
    ["but", "because", "so", "although", "though", "however", "while", "whereas", "since", "unless", "then"]
)
# What begins a clause of its own behind a comma or "and".
STARTS_EN = JOINS_EN | {
    "i", "we", "you", "it", "they", "he", "she", "there", "please", "pls", "kindly", "just", "only", "our", "my",
    "your", "could", "can", "would", "will", "do", "does", "is", "are", "no", "not", "what", "how", "when", "which",
    "who", "if", "need", "needs", "let", "email", "e-mail",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """text[begin:end] of the folded text. `base` is its dictionary form in its usual spelling."""

    begin: int
    end: int
    base: str
    is_noun: bool = False
    is_verbal: bool = False
    is_join: bool = False


@dataclass(frozen=True, kw_only=True)
class Clause:
    """Words that say one thing. `sentence` counts from 0; `is_open` where the sentence goes on after it."""

    words: Sequence[Word]
    sentence: int
    is_japanese: bool
    is_question: bool
    is_open: bool

    @cached_property
    def line(self) -> str:
        """The bases with a space before and after each: what patterns are looked for in."""
        return " " + "".join(f"{word.base} " for word in self.words)

    @property
    def begin(self) -> int:
        return self.words[0].begin

    @property
    def end(self) -> int:
        return self.words[-1].end

    def words_at(self, begin: int, end: int) -> list[Word]:
        """The words whose bases lie in line[begin:end]."""
        words, place = [], 1
        for word in self.words:
            if place < end and place + len(word.base) > begin:
                words.append(word)
            place += len(word.base) + 1
        return words


def clauses_of(text: str) -> list[Clause]:
    """The clauses of a folded text, in order."""
    clauses = []
    for number, match in enumerate(SENTENCE.finditer(text)):
        is_japanese = JAPANESE.search(match.group()) is not None
        words = list((japanese_words if is_japanese else english_words)(match.group(), match.start()))
        parts = list(_parts(words, _begins_japanese_clause if is_japanese else _begins_english_clause))
        clauses += [
            Clause(
                words=part, sentence=number, is_japanese=is_japanese, is_open=place < len(parts) - 1,
                is_question=place == len(parts) - 1 and "?" in match.group()[-3:],
            )
            for place, part in enumerate(parts)
        ]  # fmt: skip
    return clauses


def japanese_words(sentence: str, begin: int) -> Iterator[Word]:
    """What SudachiPy finds, without white space. Latin words stay as they are written.

    御社 is 貴社: the dictionary takes it for two words where letters stand around it.
    """
    before = ""
    for part in tokenizer().tokenize(sentence.replace("御社", "貴社")):
        surface, (kind, detail, *_rest) = part.surface(), part.part_of_speech()
        if kind == "空白" or not surface.strip():
            continue
        base = surface if surface.isascii() else part.normalized_form().replace(" ", "")
        yield Word(
            begin + part.begin(), begin + part.end(), base, is_noun=kind == "名詞",
            is_verbal=kind in ("動詞", "助動詞", "形容詞") or detail == "接続助詞",
            is_join=(detail == "接続助詞" and surface in JOINS_JA) or surface == "ため"
            or (surface, before, kind) == ("で", "の", "助動詞"),
        )  # fmt: skip
        before = surface


def english_words(sentence: str, begin: int) -> Iterator[Word]:
    """Small letters, "don't" as two words: do, not."""
    for match in ENGLISH_WORD.finditer(sentence):
        base = CONTRACTED.get(match.group(), match.group())
        yield Word(begin + match.start(), begin + match.end(), base, is_join=base in JOINS_EN)


def _parts(words: list[Word], begins_clause: Callable[[list[Word], int], bool]) -> Iterator[list[Word]]:
    begin = 0
    for place in range(1, len(words)):
        if begins_clause(words, place) or place - begin == MOST_WORDS:
            yield words[begin:place]
            begin = place
    if words:
        yield words[begin:]


def _begins_japanese_clause(words: list[Word], place: int) -> bool:
    """After "but, so, because", with the pause that follows; after a verb with a pause."""
    before, word = words[place - 1], words[place]
    if word.base in PAUSES:
        return False
    if before.base in PAUSES:
        return place > 1 and (words[place - 2].is_verbal or words[place - 2].is_join)
    return before.is_join and word.base not in "はも"


def _begins_english_clause(words: list[Word], place: int) -> bool:
    """At "but, so, because" and a dash; behind a comma or "and" where a clause can begin."""
    before, word = words[place - 1], words[place]
    if before.base in (";", "–"):
        return True
    return word.base in JOINS_EN or (before.base in (",", "and", "-") and word.base in STARTS_EN)
