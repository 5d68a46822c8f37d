"""Every node in words, Japanese and English: for pages, explanations, diffs and the audit trail."""

from __future__ import annotations

from engine.catalog import Catalog
from engine.nodes import Condition, Group, HotDefinition, Rule, StageRule
from engine.words.english import English
from engine.words.japanese import Japanese
from engine.words.phrases import Language

Node = Condition | Rule | Group | HotDefinition | StageRule


def wording(catalog: Catalog, language: str) -> Language:
    """The words of a language: `ja`, or else English."""
    return Japanese(catalog) if language == "ja" else English(catalog)


def describe(node: Node, catalog: Catalog, language: str = "en") -> str:
    """A condition, rule, group, hot definition or stage in words."""
    words = wording(catalog, language)
    match node:
        case Rule():
            return words.rule(node)
        case Group():
            return words.group(node)
        case HotDefinition():
            return words.hot(node)
        case StageRule():
            return words.stage(node)
    said = words.condition(node)
    return said[:1].upper() + said[1:]
