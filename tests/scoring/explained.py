"""Explanations as the document that programs read: tests name its keys."""

from __future__ import annotations

from typing import Any

from scoring.queries import explain
from scoring.queries.explanation_json import lead_explanation_json


def explanation_of(**asked: Any) -> dict[str, Any]:
    return lead_explanation_json(explain.explanation_of(**asked))
