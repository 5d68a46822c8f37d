"""Accessibility rules of axe-core, run inside a page. The file comes with `make tools` (npm, for tests only)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

SCRIPT = Path(__file__).parent.parent / "node_modules/axe-core/axe.min.js"
WIDE, PHONE = 1440, 375
COLOURS = {"runOnly": ["color-contrast"]}
# What may differ where there is less room: what is moved, folded away or shown instead.
LAYOUT = {
    "runOnly": ["target-size", "scrollable-region-focusable", "button-name", "link-name", "label", "select-name",
                "aria-hidden-focus", "bypass"],
}  # fmt: skip
# Only the lines leave the page: of a whole result the driver reads every passed node as well.
RUN = """(chosen) => axe.run(document, {resultTypes: ["violations"], ...chosen}).then((found) =>
    found.violations.flatMap((each) => each.nodes.map((node) =>
        `${each.id}: ${node.target[0]} (${node.any.map((one) => one.message).join(" ")})`)))"""


def violations(page: Page, chosen: dict[str, Any] | None = None) -> list[str]:
    """What axe finds wrong on the page as it is now, one line for each place; `chosen` says by which rules only."""
    if not SCRIPT.is_file():
        pytest.fail("axe-core is missing: npm ci --ignore-scripts", pytrace=False)
    if not page.evaluate("window.axe !== undefined"):
        page.evaluate(SCRIPT.read_text())
    found: list[str] = page.evaluate(RUN, chosen or {})
    return found


def unreadable(page: Page) -> list[str]:
    """What is wrong in the light, in the dark (where only colours differ) and on a phone (layout and width)."""
    found = violations(_lit(page, "light")) + violations(_lit(page, "dark"), COLOURS)
    page.set_viewport_size({"width": PHONE, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    found += violations(_lit(page, "light"), LAYOUT) + ([f"{width} px wide on a phone"] if width > PHONE else [])
    page.set_viewport_size({"width": WIDE, "height": 900})
    return found


def _lit(page: Page, scheme: Literal["light", "dark"]) -> Page:
    page.emulate_media(color_scheme=scheme)
    page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
    return page
