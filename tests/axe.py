"""Accessibility rules of axe-core, run inside a page. The file comes with `make tools` (npm, for tests only)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

SCRIPT = Path(__file__).parent.parent / "node_modules/axe-core/axe.min.js"


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page as it is now, one line for each place."""
    if not SCRIPT.is_file():
        pytest.fail("axe-core is missing: npm ci --ignore-scripts", pytrace=False)
    page.evaluate(SCRIPT.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{each['id']}: {node['target'][0]}" for each in found for node in each["nodes"]]
