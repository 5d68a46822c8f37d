"""How the rules are written: words with spaces between them, looked for in the line of a clause.

`見積もり|単価 を? ~4 願う !た`: each part is a regular expression for one whole word.

- `?` behind a part or a group: it may be missing (behind a Latin letter: this letter).
- `~4`: at most four words of any kind.
- `!part`, `!(row)`: this does not come next; `<!part`: this word did not come before.
- `(の 方|担当)`: one of several rows of words. NAME in capitals: a set of words.
- `^`, `$`: the clause begins, ends.

Everything is bounded, so that reading takes time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Words = Mapping[str, str]
"""Sets of words by their names in capitals: `{"PRICE": "単価|価格"}`."""

# Behind a Latin letter it belongs to the letter: `quotes?`.
OPTIONAL = re.compile(r"[^a-z\\]\?\Z")
END = r"(?=(?:[。、!?.,] )*\Z)"


def pattern(names: Words, *written: str) -> re.Pattern[str]:
    """One of the rules."""
    return re.compile("|".join(rf"(?<= ){_row(rule, names)}" for rule in written))


def _row(written: str, names: Words) -> str:
    """The regular expression of words that follow each other."""
    row, place = [], 0
    while place < len(written):
        if written[place] == " ":
            place += 1
        elif written.startswith(("(", "!("), place):
            opening = written.index("(", place)
            end = _closing(written, opening)
            group = "|".join(_row(one, names) for one in _split(written[opening + 1 : end]))
            is_optional = written[end + 1 : end + 2] == "?"
            row.append(f"(?!{group})" if opening > place else f"(?:{group})" + "?" * is_optional)
            place = end + 1 + is_optional
        else:
            part = re.compile(r"[^ (]+").match(written, place)
            assert part
            row.append(_part(part.group(), names))
            place = part.end()
    return "".join(row)


def _closing(written: str, begin: int) -> int:
    """Where the group that opens at `begin` closes."""
    depth = 0
    for place in range(begin, len(written)):
        depth += {"(": 1, ")": -1}.get(written[place], 0)
        if depth == 0:
            return place
    raise ValueError(f"A group is not closed: {written}")


def _split(written: str) -> list[str]:
    """The rows of a group; groups inside it stay whole."""
    rows, depth = [""], 0
    for letter in written:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            rows.append("")
        else:
            rows[-1] += letter
    return rows


def _part(part: str, names: Words) -> str:
    if part == "^":
        return r"(?<=\A )"
    if part == "$":
        return END
    if part.startswith("~"):
        return rf"(?:\S+ ){{0,{part[1:]}}}?"
    if part.startswith("!"):
        return rf"(?!(?:{_word(part[1:], names)}) )"
    if part.startswith("<!"):
        return "".join(rf"(?<! {word} )" for word in _word(part[2:], names).split("|"))
    if OPTIONAL.search(part):
        return rf"(?:(?:{_word(part[:-1], names)}) )?"
    return rf"(?:{_word(part, names)}) "


def _word(word: str, names: Words) -> str:
    return re.sub(r"[A-Z]{2,}", lambda match: names[match.group()], word)
