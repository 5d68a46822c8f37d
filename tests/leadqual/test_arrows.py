"""Imports and foreign keys point one way: between the apps, and between the layers inside an app."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest
from django.apps import apps as registry
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent.parent
# Each may import itself and those before it, except as `KNOWS` says.
ROOMS = (
    "engine",
    "web",
    "background",
    "accounts",
    "frame",
    "notices",
    "leads",
    "intake",
    "scoring",
    "studio",
    "handoff",
    "insights",
    "leadqual",
    "devserver",
)
APPS = [room for room in ROOMS if room not in {"engine", "leadqual", "devserver"}]
# What differs from "all before it": libraries know nobody, but web writes numbers and days as the engine's own
# sentences do; the engine is for those who score, and for forms, whose conditions are of the one language; the project
# is on top, and what runs the demo reads its environment.
KNOWS: dict[str, set[str]] = {
    "engine": set(),
    "web": {"engine"},
    "background": set(),
    **{room: set(ROOMS[1 : ROOMS.index(room)]) for room in ("accounts", "frame", "notices", "leads", "intake")},
    "intake": set(ROOMS[: ROOMS.index("intake")]),
    "handoff": set(ROOMS[: ROOMS.index("studio")]),
    "devserver": {"leadqual"},
}
LARGEST_SHARE = 0.30

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
def files(room: str) -> list[Path]:
    return [path for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]


@cache
def arrows(room: str) -> list[Arrow]:
    """The imports of a room that stay in the project."""
    return [arrow for path in files(room) for arrow in imports(path) if arrow.target[0] in ROOMS]


def known_to(room: str) -> set[str]:
    return {room} | KNOWS.get(room, set(ROOMS[: ROOMS.index(room)]))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_itself_and_those_it_may_know(room: str) -> None:
    wrong = [str(arrow) for arrow in arrows(room) if arrow.target[0] not in known_to(room)]
    assert wrong == []


def test_what_runs_the_demo_reads_only_the_environment_of_the_project() -> None:
    taken = {arrow.target[1] for arrow in arrows("devserver") if arrow.target[0] == "leadqual"}
    assert taken == {"env"}


def test_how_a_request_is_answered_takes_only_the_measures_of_the_engine() -> None:
    assert {arrow.target[1] for arrow in arrows("web") if arrow.target[0] == "engine"} == {"measures"}


def test_no_room_is_larger_than_three_tenths_of_the_house() -> None:
    lines = {room: sum(len(path.read_text("utf-8").splitlines()) for path in files(room)) for room in ROOMS}
    assert max(lines.values()) <= LARGEST_SHARE * sum(lines.values()), lines


def test_no_files_import_each_other_in_a_circle() -> None:
    modules = {_dotted(path): path for room in ROOMS for path in files(room)}
    graph: dict[str, set[str]] = {}
    for room in ROOMS:
        for arrow in arrows(room):
            if not arrow.only_for_types:
                named = ".".join(arrow.target)
                target = named if named in modules else named.rpartition(".")[0]
                graph.setdefault(_dotted(arrow.path), set()).add(target)
    sorter = TopologicalSorter({module: targets - {module} for module, targets in graph.items()})
    sorter.prepare()  # raises CycleError, which names the files


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


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
def test_foreign_keys_point_where_imports_may(app: str) -> None:
    """A job may name whoever asked for it: as the user that the settings name, not as ours."""
    wrong = [
        f"{model.__name__}.{field.name} -> {field.related_model._meta.label}"
        for model in registry.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is not None
        if field.related_model._meta.app_label in set(APPS) - known_to(app)
        if not (app == "background" and field.related_model._meta.label == settings.AUTH_USER_MODEL)
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
