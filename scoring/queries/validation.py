"""What the engine finds wrong with a document, and one rule, group, hot definition or stage read by itself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

import engine
from engine import Catalog, Condition, Problem
from engine.dump import dump_rule
from engine.nodes import Group, HotDefinition, Rule


def language() -> str:
    """The reader's language, as the engine names it."""
    return "ja" if (get_language() or "").startswith("ja") else "en"


def problems_of(raw: Any, catalog: Catalog) -> tuple[Problem, ...]:
    """Everything that keeps a document from being published."""
    parsed = engine.parse(raw)
    return parsed.problems if parsed.document is None else engine.check(parsed.document, catalog)


def alone(rule: Any) -> dict[str, Any]:
    """The smallest document that holds a rule: its problems begin with `groups[0].rules[0]`."""
    return {"model": "-", "groups": [{"name": "-", "dimension": "engagement", "rules": [rule]}]}


def read_rule(rule: Any) -> Rule | None:
    """The rule by itself, when it can be read."""
    document = engine.parse(alone(rule)).document
    return document.rules[0] if document else None


def canonical(rule: dict[str, Any]) -> dict[str, Any]:
    """A sound rule as the language itself would write it. Raises ValueError for another one."""
    document = engine.parse(alone(rule)).document
    if document is None:
        raise ValueError("the rule has problems")
    return dump_rule(document.rules[0])


def read_group(group: Any) -> Group | None:
    """The group's own name and bounds, without its rules, when they can be read."""
    own = {key: value for key, value in group.items() if key != "rules"}
    document = engine.parse({"model": "-", "groups": [own]}).document
    return document.groups[0] if document else None


def tidy(document: dict[str, Any]) -> dict[str, Any]:
    """The document with its keys in the order people read them, if it can be read; else as it is."""
    parsed = engine.parse(document).document
    return engine.dump(parsed) if parsed else document


def read_hot(definition: Any) -> HotDefinition | None:
    """The hot definition by itself, when it can be read."""
    document = engine.parse({"model": "-", "hot": [definition]}).document
    return document.hot[0] if document else None


def read_stage(rule: Any) -> Condition | None:
    """The condition of a stage by itself, when it can be read."""
    document = engine.parse({"model": "-", "stages": {"mql": rule}}).document
    return document.stages.mql if document else None
