"""The message catalogs: where they lie, and compiling them without msgfmt: `python -m devserver.catalogs`."""

from __future__ import annotations

import hashlib
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
DIGEST = "X-Source-Digest"


def catalog_path(owner: Path) -> Path:
    """The Japanese catalog of an app, or of the frame (the project directory itself)."""
    return owner / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def catalogs(root: Path = ROOT) -> list[Path]:
    """Every catalog that exists, the frame's first."""
    return [path for owner in (root, *(root / app for app in APPS)) if (path := catalog_path(owner)).is_file()]


def compile_catalogs(root: Path = ROOT) -> int:
    """Compile the catalogs whose compiled form was made of another text; how many were.

    The compiled form names the digest of its text in its header: times of files say nothing where a tree was copied.
    """
    stale = [path for path in catalogs(root) if not _is_compiled(path)]
    for path in stale:
        unfinished = path.with_suffix(".mo.new")
        catalog = polib.pofile(str(path))
        catalog.metadata[DIGEST] = _digest(path)
        catalog.save_as_mofile(str(unfinished))
        unfinished.replace(path.with_suffix(".mo"))
    return len(stale)


def _is_compiled(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return compiled.is_file() and f"{DIGEST}: {_digest(path)}".encode() in compiled.read_bytes()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Compile what needs it."""
    try:
        compile_catalogs()
    except (OSError, ValueError) as error:
        sys.exit(f"Message catalogs: {error}")


if __name__ == "__main__":
    main()
