"""Every refusal says what to do: a second sentence, or one that begins with what to do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from engine.words.problems import SENTENCES as ENGINE_SENTENCES
from leadqual.env import BASE_DIR

ROOMS = (
    "accounts", "background", "frame", "handoff", "insights", "intake", "leads", "notices", "scoring", "studio", "web",
)  # fmt: skip
GETTEXT = {"_", "gettext", "gettext_lazy"}
# What begins with one of these tells what to do.
VERBS = (
    "Add", "Ask", "Check", "Choose", "Describe", "Enter", "Expected", "Fix", "Identify", "Map", "Remove", "Select",
    "Send", "Set", "Undo", "Use", "Write",
)  # fmt: skip
# Not refusals, or refusals around another text that tells it.
OTHERS = {"Apply changes", "Form", "Entered manually", "Demo data", "Nothing was published."}
SENTENCES = re.compile(r"[.:;!?]”? \S|, such as ")


def refusals() -> Iterator[tuple[str, str]]:
    """File and text of what is raised, added to a form, or kept in a table of problems."""
    for room in ROOMS:
        for path in sorted((BASE_DIR / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if is_refusal(node):
                    yield from ((str(path.relative_to(BASE_DIR)), text) for text in texts_in(node))


def is_refusal(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise):
        return True
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return name == "add_error" or name.endswith("Error")
    if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return "PROBLEM" in ast.unparse(target).upper()
    return False


def texts_in(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in GETTEXT:
            first = call.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def tells_what_to_do(text: str) -> bool:
    return text in OTHERS or text.startswith(VERBS) or SENTENCES.search(text) is not None


def test_every_refusal_tells_what_to_do() -> None:
    found = set(refusals())
    assert len(found) > 80
    assert {"intake/imports/problems.py"} <= {path for path, _text in found}
    assert sorted(each for each in found if not tells_what_to_do(each[1])) == []


def test_every_problem_of_a_document_tells_what_to_do() -> None:
    texts = {code: english for code, (english, _japanese) in ENGINE_SENTENCES.items()}
    assert {code: text for code, text in texts.items() if not tells_what_to_do(text)} == {}
