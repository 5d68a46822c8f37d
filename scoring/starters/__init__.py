"""Models to begin with, as text beside this file; both languages in one document, so that they cannot drift apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
LANGUAGES = ("en", "ja")
CODES = ("software", "manufacturing", "services")


@dataclass(frozen=True, kw_only=True)
class Starter:
    code: str
    title: str
    summary: str
    document: dict[str, Any]


@cache
def _text(code: str) -> Any:
    return yaml.safe_load((HERE / f"{code}.yaml").read_text(encoding="utf-8"))


def _spoken(value: Any, language: str) -> Any:
    """The same data, every `{en: …, ja: …}` replaced by the one text."""
    if isinstance(value, dict):
        if value.keys() == {"en", "ja"}:
            return value[language]
        return {key: _spoken(member, language) for key, member in value.items()}
    return [_spoken(member, language) for member in value] if isinstance(value, list) else value


def starter(code: str, language: str) -> Starter:
    """One starter in `ja`, or in `en` for everybody else. Raises KeyError for a code that does not exist."""
    if code not in CODES:
        raise KeyError(code)
    return Starter(code=code, **_spoken(_text(code), "ja" if language.startswith("ja") else "en"))


def starters(language: str) -> list[Starter]:
    return [starter(code, language) for code in CODES]


def five_conditions(language: str) -> dict[str, Any]:
    """The hot definition of five conditions, to begin with."""
    definition: dict[str, Any] = _spoken(_text("five_conditions"), "ja" if language.startswith("ja") else "en")
    return definition
