"""Documents in the rule language: what is wrong with one, what a new model begins with, which parts belong to whom."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import engine
from engine import Document, Problem
from scoring.models import Version
from scoring.queries.catalog import catalog

DEFAULT_NAME = "Default"


def check_document(raw: Any) -> tuple[Document | None, tuple[Problem, ...]]:
    """The parsed document when it can be published, else None; and everything that is wrong with it."""
    parsed = engine.parse(raw)
    if parsed.document is None:
        return None, parsed.problems
    problems = engine.check(parsed.document, catalog())
    return (None if problems else parsed.document), problems


@lru_cache(maxsize=256)
def _document_of(version_id: int) -> Document:
    raw = Version.objects.values_list("document", flat=True).get(pk=version_id)
    parsed = engine.parse(raw)
    if parsed.document is None:
        raise ValueError(f"version {version_id} does not parse: {parsed.problems}")
    return parsed.document


def document_of(version: Version | int) -> Document:
    """The nodes of a published version; it never changes, so it is parsed once a process."""
    return _document_of(version if isinstance(version, int) else version.pk)


def blank_document(name: str) -> dict[str, Any]:
    """What a new model begins with: no rules yet, and one hot definition from a total of 70."""
    return {
        "model": name,
        "groups": [
            {"name": "Fit", "dimension": "fit", "max": 40, "rules": []},
            {"name": "Interest", "dimension": "engagement", "max": 60, "rules": []},
        ],
        "hot": [{"name": "Hot lead", "when": {"score": "total", "op": ">=", "value": 70}, "exit": {"total": 60}}],
    }


def thresholds(document: Document) -> tuple[Any, ...]:
    """The parts that only an administrator may change: they decide what sales gets."""
    return document.bands, document.grades, document.matrix, document.hot, document.stages
