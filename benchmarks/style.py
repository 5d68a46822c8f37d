"""How the code looks, in figures beside our aims: `python -m benchmarks.style [--functions N] [ROOM ...]`."""

from __future__ import annotations

import argparse
import ast
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parent.parent
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
WIDEST = 120


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function or method: where it stands, how many lines it has, and how often its file names it."""

    path: Path
    name: str
    line: int
    lines: int
    uses: int

    @property
    def is_private(self) -> bool:
        return self.name.startswith("_") and not self.name.startswith("__")


@dataclass(frozen=True, kw_only=True)
class StyleFigure:
    """One line of the table; `aim` is what we want, in words."""

    name: str
    value: str
    aim: str


def sources(rooms: Iterable[str]) -> list[Path]:
    """The Python files of these rooms, without migrations."""
    return [
        path
        for room in rooms
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.relative_to(ROOT).parts
    ]


def functions_of(path: Path) -> list[Function]:
    """Every function of a file; `uses` counts how often the file names it beside its definition."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = Counter(
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
    )
    return [
        Function(
            path=path,
            name=node.name,
            line=node.lineno,
            lines=(node.end_lineno or node.lineno) - node.lineno + 1,
            uses=named[node.name],
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def page_widths() -> tuple[int, int]:
    """How many lines of templates and style sheets are too wide, and how many there are."""
    pages = [path for path in ROOT.rglob("*.html") if _is_ours(path)] + list((ROOT / "static" / "css").glob("*.css"))
    lines = [line for path in pages for line in path.read_text(encoding="utf-8").splitlines()]
    return sum(len(line) > WIDEST for line in lines), len(lines)


def figures(rooms: tuple[str, ...]) -> list[StyleFigure]:
    """The table for these rooms. Templates and style sheets count for the whole house."""
    paths = sources(rooms)
    sizes = sorted(length for path in paths if (length := _lines(path)))
    functions = [function for path in paths for function in functions_of(path)]
    private = [function for function in functions if function.is_private]
    once = [function for function in private if function.uses == 1]
    per_room = {room: sum(map(_lines, sources([room]))) for room in ROOMS}
    largest = max(per_room, key=lambda room: per_room[room])
    wide, page_lines = page_widths()
    tests = sum(map(_lines, sources(["tests"])))
    return [
        StyleFigure(name="files", value=str(len(sizes)), aim=""),
        StyleFigure(
            name="file, median / p90 lines", value=f"{median(sizes):.0f} / {_p90(sizes):.0f}", aim="~70 / <= 250"
        ),
        StyleFigure(name="largest file", value=str(sizes[-1]), aim="< 500"),
        StyleFigure(name="functions", value=str(len(functions)), aim=""),
        StyleFigure(
            name="function, median / p90 lines",
            value=f"{median(f.lines for f in functions):.0f} / {_p90([f.lines for f in functions]):.0f}",
            aim="~8 / < 30",
        ),
        StyleFigure(name="functions over 30 lines", value=str(sum(f.lines > 30 for f in functions)), aim="0"),
        StyleFigure(name="private functions", value=_percent(len(private), len(functions)), aim="<= 22 %"),
        StyleFigure(name="private functions called once", value=_percent(len(once), len(private)), aim="<= 45 %"),
        StyleFigure(
            name="largest room",
            value=f"{largest}, {_percent(per_room[largest], sum(per_room.values()))}",
            aim="<= 30 %",
        ),
        StyleFigure(
            name=f"lines of templates and CSS over {WIDEST} columns", value=_percent(wide, page_lines), aim="0 %"
        ),
        StyleFigure(name="tests x source", value=f"{tests / sum(per_room.values()):.2f}", aim="~1.5"),
    ]


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _is_ours(path: Path) -> bool:
    return not {".venv", "node_modules", "var", "vendor"} & set(path.relative_to(ROOT).parts)


def _p90(numbers: list[int]) -> float:
    return quantiles(numbers, n=10)[8] if len(numbers) > 1 else numbers[0]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} % ({part} of {whole})" if whole else "none"


def main() -> None:
    """Print the table; with `--functions N` also the longest functions and the private ones called once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("room", nargs="*", default=ROOMS)
    parser.add_argument("--functions", type=int, default=0, metavar="N", help="list up to N of each kind to look at")
    options = parser.parse_args()
    rooms = tuple(options.room)
    for figure in figures(rooms):
        print(f"{figure.name:48} {figure.value:28} {figure.aim}")
    functions = [function for path in sources(rooms) for function in functions_of(path)]
    long = sorted((f for f in functions if f.lines > 30), key=lambda f: -f.lines)
    once = sorted((f for f in functions if f.is_private and f.uses == 1), key=lambda f: (str(f.path), f.line))
    for title, chosen in (("over 30 lines", long), ("private and called once", once)):
        for function in chosen[: options.functions]:
            print(
                f"{title}: {function.path.relative_to(ROOT)}:{function.line} {function.name} ({function.lines} lines)"
            )


if __name__ == "__main__":
    main()
