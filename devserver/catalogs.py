"""The message catalogs: where they lie, and compiling them without msgfmt: `python -m devserver.catalogs`."""

from __future__ import annotations

import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
APPS = (
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
)
LANGUAGE = "ja"


def catalog_path(owner: Path) -> Path:
    """The Japanese catalog of an app, or of the frame (the project directory itself)."""
    return owner / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def catalogs(root: Path = ROOT) -> list[Path]:
    """Every catalog that exists, the frame's first."""
    return [path for owner in (root, *(root / app for app in APPS)) if (path := catalog_path(owner)).is_file()]


def compile_catalogs(root: Path = ROOT) -> int:
    """Compile the catalogs that are newer than their compiled form; how many were."""
    stale = []
    for path in catalogs(root):
        compiled = path.with_suffix(".mo")
        if not compiled.is_file() or compiled.stat().st_mtime_ns <= path.stat().st_mtime_ns:
            stale.append(path)
    for path in stale:
        unfinished = path.with_suffix(".mo.new")
        polib.pofile(str(path)).save_as_mofile(str(unfinished))
        unfinished.replace(path.with_suffix(".mo"))
    return len(stale)


def main() -> None:
    """Compile what needs it."""
    try:
        compile_catalogs()
    except (OSError, ValueError) as error:
        sys.exit(f"Message catalogs: {error}")


if __name__ == "__main__":
    main()
