"""What a person does with a mouse and keys in the editor of a rule, for every browser test that builds one."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Locator, Page

ENGLISH = {
    "mail": "email open", "clicked": "email link click", "size": "employees", "inside": "Add nested condition",
}  # fmt: skip


def choose(row: Locator, words: str) -> None:
    """What a condition looks at, found by typing a part of its name."""
    box = row.get_by_role("combobox").first
    box.fill(words)
    box.press("Enter")


def build_compound_rule(page: Page, words: Mapping[str, str], *, points: str) -> Locator:
    """Points to whoever opened two mails and either works at a company of unknown size or clicked; saved, and open."""
    page.locator("#group-0 .lq-add").click()
    editor = page.locator("#dialog")
    editor.locator("#id_name").fill("Opened two mails")
    editor.locator("#id_points").fill(points)
    editor.locator("[name=kind][value=when]").check()
    rows = editor.locator("[data-condition]:visible")
    choose(rows.first, words["mail"])
    rows.first.locator("[name$=-count]").fill("2")
    editor.locator("[data-add='group:any']").click()
    editor.get_by_role("button", name=words["inside"], exact=True).last.click()
    choose(rows.nth(2), words["size"])
    rows.nth(2).locator("[name$=-op]").select_option("unknown")
    editor.locator("[data-add='']").click()
    choose(rows.nth(3), words["clicked"])
    rows.nth(3).press("Alt+ArrowRight")
    return editor
