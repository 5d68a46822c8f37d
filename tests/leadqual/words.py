"""Every text that people read, by its language: of the catalogs, the templates, and the code that speaks both."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import polib
import yaml
from babel.messages.extract import extract
from django.utils.translation import templatize

from devserver.catalogs import ROOT, catalog_path
from devserver.extraction import KEYWORDS, owner_directory, owners

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
# What is written here is what customers, files and searches say: it is read, and shown to nobody.
READ_ONLY = (
    "benchmarks/company_pairs.py",
    "benchmarks/people.py",
    "handoff/imports.py",
    "insights/demo/people.py",
    "insights/demo/words.py",
    "intake/enquiries",
    "intake/imports/headers.py",
    "intake/imports/vocabulary.py",
    "leads/identity",
    "leads/models/company.py",
    "leads/titles.py",
    "leads/queries/search.py",
    "web/cleaning",
)
NOT_OURS = {"tests", "migrations", "node_modules", ".venv", "var"}
TEMPLATE_TAGS = re.compile(
    r"\{#.*?#\}|\{%\s*blocktranslate.*?endblocktranslate\s*%\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->", re.DOTALL
)
MARKUP = re.compile(r"<(style|script|code)\b.*?</\1>|<[^>]*>", re.DOTALL)


class Text(NamedTuple):
    """What is said, and where."""

    place: str
    language: str
    words: str


class Pair(NamedTuple):
    """An English text of a catalog with its Japanese."""

    place: str
    context: str | None
    english: str
    japanese: str


@cache
def pairs() -> tuple[Pair, ...]:
    """Every entry of every catalog; one with a plural twice."""
    found = []
    for owner in owners():
        path = catalog_path(owner_directory(owner))
        for entry in polib.pofile(str(path)) if path.is_file() else ():
            japanese = entry.msgstr or entry.msgstr_plural[0]
            english = [entry.msgid, *([entry.msgid_plural] if entry.msgid_plural else [])]
            found += [Pair(owner, entry.msgctxt, words, japanese) for words in english]
    return tuple(found)


@cache
def texts() -> tuple[Text, ...]:
    """Everything that is said in either language."""
    of_catalogs = [
        Text(pair.place, language, words)
        for pair in pairs()
        for language, words in (("en", pair.english), ("ja", pair.japanese))
    ]
    return (*of_catalogs, *_of_templates(), *_of_code(), *_of_starters())


def templates() -> list[Path]:
    """The templates of the rooms and of the frame."""
    return sorted(path for path in ROOT.glob("**/templates/**/*") if path.suffix in {".html", ".txt"} and _ours(path))


def modules() -> list[Path]:
    """The Python of the rooms."""
    return sorted(path for path in ROOT.glob("*/**/*.py") if _ours(path))


def translated(source: str) -> list[tuple[str | None, str]]:
    """Context and text of what a piece of a template has translated."""
    python = "\n".join(line.lstrip() for line in templatize(source).split("\n"))
    found = extract("python", BytesIO(python.encode()), KEYWORDS, options={"encoding": "utf-8"})
    return [(context, words if isinstance(words, str) else words[0]) for _line, words, _comments, context in found]


def _of_templates() -> Iterator[Text]:
    for path in templates():
        shown = MARKUP.sub("\n", TEMPLATE_TAGS.sub(" ", path.read_text(encoding="utf-8")))
        for words in shown.split("\n"):
            if re.search(r"[^\W\d]", words):
                yield Text(_name(path), _language(words), words.strip())


def _of_code() -> Iterator[Text]:
    """Of modules with Japanese in their strings: those, and the English beside them; and what commands print."""
    for path in modules():
        strings = _strings(ast.parse(path.read_text(encoding="utf-8")))
        of_commands = "commands" in path.parts
        if _name(path).startswith(READ_ONLY) or not (of_commands or any(map(JAPANESE.search, strings))):
            continue
        for words in strings:
            if JAPANESE.search(words):
                yield Text(_name(path), "ja", words)
            elif " " in words.strip() or words[:1].isupper():
                yield Text(_name(path), "en", words)
    for words in _strings(ast.parse((ROOT / "engine/words/english.py").read_text(encoding="utf-8"))):
        yield Text("engine/words/english.py", "en", words)


def _strings(tree: ast.Module) -> list[str]:
    """The strings of a module that do something: not its docstrings."""
    idle = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in idle
    ]


def _of_starters() -> Iterator[Text]:
    for path in sorted((ROOT / "scoring/starters").glob("*.yaml")):
        for language, words in _bilingual(yaml.safe_load(path.read_text(encoding="utf-8"))):
            yield Text(_name(path), language, words)


def _bilingual(node: Any) -> Iterator[tuple[str, str]]:
    """The texts of a document that are given for each language."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"en", "ja"} and isinstance(value, str):
                yield key, value
            else:
                yield from _bilingual(value)
    elif isinstance(node, list):
        for value in node:
            yield from _bilingual(value)


def _ours(path: Path) -> bool:
    return not NOT_OURS & set(path.relative_to(ROOT).parts)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _language(words: str) -> str:
    return "ja" if JAPANESE.search(words) else "en"
