"""Imports and foreign keys point one way: between the apps, and between the layers inside an app."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from django.apps import apps as registry

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ["accounts", "notices", "leads", "scoring", "handoff", "insights"]

# Of the project package, what knows no app: any app may import these.
LEAVES = {"drawing", "env", "figures", "moments", "patience", "spreadsheet", "web"}
FRAME = {"navigation"}  # the rail around every page: knows people and what they may, and views may ask it

# Inside an app a module imports its own layer and those before it. Modules without a layer (clock, kinds, engine ...)
# are nouns of the domain: any layer may use them, and they know no entrance. `settings` describes pages.
LAYERS = {
    "enums": 0,
    "models": 1,
    "access": 2,
    "policies": 2,
    "queries": 2,
    "actions": 3,
    "forms": 4,
    "api": 5,
    "views": 5,
    "settings": 5,
}
NOUN = 4
ENTRANCES = {"views", "api", "tasks", "receivers", "management", "admin"}  # never import each other
WIRING = {"apps", "urls", "tests"}


class Arrow(NamedTuple):
    """One import: the file it stands in and the dotted module it names."""

    path: Path
    target: tuple[str, ...]
    only_for_types: bool

    @property
    def source(self) -> tuple[str, ...]:
        return self.path.relative_to(ROOT).with_suffix("").parts

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)} imports {'.'.join(self.target)}"


def imports(path: Path) -> Iterator[Arrow]:
    """Every import of a file, wherever in it; `from a import b` may mean the module a.b."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(path.relative_to(ROOT).parts[: -node.level]) if node.level else ""
            base = ".".join(part for part in (package, node.module) if part)
            names = [f"{base}.{alias.name}" for alias in node.names]
        for name in names:
            yield Arrow(path, tuple(name.split(".")), id(node) in for_types)


@cache
def arrows(package: str) -> list[Arrow]:
    """The imports of a package that stay in the project."""
    files = [path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts]
    return [arrow for path in files for arrow in imports(path) if arrow.target[0] in {*APPS, "leadqual"}]


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_only_itself_and_the_apps_before_it(app: str) -> None:
    allowed = APPS[: APPS.index(app) + 1]
    wrong = [str(arrow) for arrow in arrows(app) if arrow.target[0] in APPS and arrow.target[0] not in allowed]
    assert wrong == []


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_only_the_leaves_of_the_project(app: str) -> None:
    wrong = [
        str(arrow)
        for arrow in arrows(app)
        if arrow.target[0] == "leadqual"
        and arrow.target[1] not in LEAVES | (FRAME if arrow.source[1] == "views" else set())
    ]
    assert wrong == []


def test_the_leaves_of_the_project_know_no_app() -> None:
    wrong = [
        str(arrow)
        for arrow in arrows("leadqual")
        if arrow.source[1] in LEAVES and arrow.target[0] in APPS and not arrow.only_for_types
    ]
    assert wrong == []


def test_the_frame_knows_only_people() -> None:
    known = {arrow.target[0] for arrow in arrows("leadqual") if arrow.source[1] in FRAME and arrow.target[0] in APPS}
    assert known == {"accounts"}


@pytest.mark.parametrize("app", APPS)
def test_a_layer_imports_only_the_layers_below_it(app: str) -> None:
    wrong = [
        str(arrow)
        for arrow in _within(app)
        if _layer(arrow.target) > _layer(arrow.source) and (arrow.target[1] in LAYERS or arrow.target[1] in ENTRANCES)
    ]
    assert wrong == []


@pytest.mark.parametrize("app", APPS)
def test_views_api_tasks_and_commands_do_not_import_each_other(app: str) -> None:
    wrong = [
        str(arrow)
        for arrow in _within(app)
        if arrow.target[1] in ENTRANCES and arrow.source[1] in ENTRANCES and arrow.target[1] != arrow.source[1]
    ]
    assert wrong == []


@pytest.mark.parametrize("app", APPS)
def test_foreign_keys_point_to_the_same_app_or_one_before_it(app: str) -> None:
    allowed = APPS[: APPS.index(app) + 1]
    wrong = [
        f"{model.__name__}.{field.name} -> {field.related_model._meta.label}"
        for model in registry.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is not None
        if field.related_model._meta.app_label in set(APPS) - set(allowed)
    ]
    assert wrong == []


def _within(app: str) -> list[Arrow]:
    return [
        arrow
        for arrow in arrows(app)
        if arrow.target[0] == app and len(arrow.target) > 1 and len(arrow.source) > 1 and arrow.source[1] not in WIRING
    ]


def _layer(module: tuple[str, ...]) -> float:
    """Tasks and their like are on top; a noun imports forms at most."""
    if module[1] in ENTRANCES - {"views", "api"}:
        return 6
    return LAYERS.get(module[1], NOUN)
