"""What the documents name must be there: whoever follows them finds every file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = [*sorted((ROOT / "docs").rglob("*.md")), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md"))]
NAMED = re.compile(r"(?<![\w/.<*{])((?:[a-z_]+/)+[\w.]+\.(?:py|html|css|js|md|yaml|png))(?![\w*])")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_that_a_document_names_exists(document: Path) -> None:
    named = {
        name for name in NAMED.findall(document.read_text(encoding="utf-8")) if (ROOT / name.split("/")[0]).is_dir()
    }
    gone = [name for name in sorted(named) if not (ROOT / name).exists() and not (document.parent / name).exists()]
    assert gone == []
