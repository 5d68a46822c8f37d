"""The JSON of a destination's own shape: text with {names} of a whitelist, which are replaced and never evaluated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

PLACEHOLDERS = (
    "line", "body", "url", "kind", "key", "time", "lead", "score", "team", "people", "owner", "by", "due_at", "count",
    "reason", "model", "text",
)  # fmt: skip
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
DEEPEST = 8
LONGEST = 4_000
START = '{\n  "text": "{line}",\n  "details": "{body}",\n  "link": "{url}"\n}'


class TemplateError(ValueError):
    """A template that is no JSON (`name` is ""), too deep (`name` is "{") or names what there is not."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def check_template(text: str) -> None:
    """Raises TemplateError."""
    try:
        shape = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TemplateError("") from error
    if not isinstance(shape, dict):
        raise TemplateError("")
    for string in _strings(shape, DEEPEST):
        for name in PLACEHOLDER.findall(string):
            if name not in PLACEHOLDERS:
                raise TemplateError(name)


def _strings(shape: Any, depth: int) -> Iterator[str]:
    if depth == 0:
        raise TemplateError("{")
    if isinstance(shape, str):
        yield shape
    elif isinstance(shape, dict):
        yield from shape
        for value in shape.values():
            yield from _strings(value, depth - 1)
    elif isinstance(shape, list):
        for value in shape:
            yield from _strings(value, depth - 1)


def filled(shape: Any, values: Mapping[str, str]) -> Any:
    """The same JSON with the names in its strings replaced; what a message does not have becomes nothing."""
    if isinstance(shape, str):
        return PLACEHOLDER.sub(lambda found: values.get(found[1], ""), shape)
    if isinstance(shape, dict):
        return {filled(name, values): filled(value, values) for name, value in shape.items()}
    if isinstance(shape, list):
        return [filled(value, values) for value in shape]
    return shape
