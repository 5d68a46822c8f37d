"""What is wrong with a document, and where: a path into what was written, a code, and what the sentence needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.words.problems import sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """`path` is where the editor marks (`groups[0].rules[2].when.all[0].value`; empty for the whole)."""

    path: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str = "en") -> str:
        """The sentence a person reads, in `ja` or `en`."""
        return sentence(self.code, self.params, language)

    def as_dict(self, language: str = "en") -> dict[str, str]:
        return {"path": self.path, "code": self.code, "text": self.text(language)}
