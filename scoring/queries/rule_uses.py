"""Which rules of the versions in force look at which activities and properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from intake.queries.plan import RuleUse
from scoring.models import ScoringModel

PROPERTIES = "properties."


def rule_uses() -> list[RuleUse]:
    """Each rule once for a type, and once for each of its properties that it names."""
    found: dict[RuleUse, None] = {}
    models = ScoringModel.objects.exclude(current_version=None).select_related("current_version")
    for model in models:
        assert model.current_version is not None
        address = reverse("studio:model", args=[model.pk])
        for name, part in named_parts(model.current_version.document):
            for code, prop in activities_in(part):
                found[RuleUse(type=code, property=prop, rule=f"{model.name}: {name}", address=address)] = None
    return list(found)


def named_parts(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Rules and hot definitions with their names."""
    for group in document.get("groups", ()):
        for rule in group.get("rules", ()):
            yield str(rule.get("name", "")), rule
    for definition in document.get("hot", ()):
        yield str(definition.get("name", "")), definition


def activities_in(part: Any) -> Iterator[tuple[str, str]]:
    """The types that a part of a document names, each alone and with the properties that its conditions name."""
    if isinstance(part, list):
        for inner in part:
            yield from activities_in(inner)
    if isinstance(part, dict):
        code = part.get("activity")
        if isinstance(code, str):
            yield code, ""
            yield from ((code, name) for name in property_names(part))
        for inner in part.values():
            yield from activities_in(inner)


def property_names(part: Any) -> Iterator[str]:
    """Names of properties in the conditions of an activity."""
    if isinstance(part, list):
        for inner in part:
            yield from property_names(inner)
    elif isinstance(part, dict):
        field = part.get("field")
        if isinstance(field, str) and field.startswith(PROPERTIES):
            yield field.removeprefix(PROPERTIES)
        for inner in part.values():
            yield from property_names(inner)
