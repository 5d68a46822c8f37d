from __future__ import annotations

import pytest
import yaml

from web.bounded_yaml import MAX_DEPTH, MAX_NODES, MAX_SCALAR, BoundedComposer, BoundedYamlError


class Loader(BoundedComposer, yaml.SafeLoader):
    """What a room makes of it."""


def read(text: str) -> object:
    return yaml.load(text, Loader=Loader)


def test_what_is_within_bounds_is_read() -> None:
    assert read("a: [1, {b: two}]") == {"a": [1, {"b": "two"}]}
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("a: &x [1, 2]\nb: [*x, *x]", "References (*) aren’t supported.", 2),
        ("\n" + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "This is nested too deeply. Use fewer levels.", 2),
        ("- 1\n" * MAX_NODES, "This text has more than 50,000 values.", MAX_NODES),
        ("a: b\nc: " + "x" * (MAX_SCALAR + 1), "One value has more than 20,000 characters.", 2),
    ],
    ids=["references", "depth", "values", "long"],
)
def test_what_is_not_is_refused_with_its_line(text: str, words: str, line: int) -> None:
    with pytest.raises(BoundedYamlError) as refusal:
        read(text)
    assert (refusal.value.words.startswith(words), refusal.value.line) == (True, line)
