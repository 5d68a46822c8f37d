"""Rules as text: what is written reads back the same, and what cannot be read is refused with its line, soon."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import engine
from scoring import yaml_text
from tests.engine.random_models import documents
from web.bounded_yaml import MAX_DEPTH

ODD = [
    *("yes", "no", "on", "off", "true", "null", "~", "", "1e3", "1_000", "0x1f", "0o17", "007", "12:30", "1.5", ".inf"),
    *("-", "=", "<<", "# not a comment", "a: b", "a #b", "- item", "[x", "{y", "'", '"', "|", ">", "!tag", "&a", "*a"),
    *("%", "@", "`", "2026-06-01", " leading", "trailing ", "two\nlines", "\n", "tab\there", "🔥ホット", "\u2028"),
    *("\x85", "\ufeffbom", "x" * 190),
]
words = st.one_of(st.sampled_from(ODD), st.text(max_size=40))
QUIET: dict[str, Any] = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


def again(raw: Any) -> Any:
    loaded = yaml_text.load(yaml_text.write(raw))
    assert loaded.problem == ""
    return loaded.raw


@settings(max_examples=80, derandomize=True, **QUIET)
@given(raw=documents(), said=st.lists(words, min_size=3, max_size=3))
def test_any_document_reads_back_as_it_was_written(raw, said):
    for group in raw["groups"]:
        for rule in group["rules"]:
            rule |= {"hypothesis": said[0], "owner": said[1], "review_on": "2026-06-01"}
    raw |= {"audience": {"field": "country", "op": "=", "value": said[2] or "-"}}
    document = engine.parse(raw).document
    if document is not None:  # what cannot be stored, or is nothing but space
        assert engine.parse(again(engine.dump(document))).document == document


@pytest.mark.parametrize("odd", [each for each in ODD if each.strip()])
def test_text_that_yaml_likes_to_misread(odd):
    raw = {"model": odd, "groups": [{"name": odd, "dimension": "fit", "rules": []}]}
    assert again(raw) == raw


@pytest.mark.parametrize("end", ["\n", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_end_reads_back(end):
    for odd in (end, f"a{end}b", f"a{end}{end}b{end}"):
        assert again({"model": "M", "note": odd}) == {"model": "M", "note": odd}


@pytest.mark.parametrize("number", [10.10, 0.005, 0.1, 33.33, -0.15, 10_000, 0])
def test_numbers_read_back(number):
    raw = {"name": "r", "points": number, "each": {"activity": "page_view"}}
    document = engine.parse({"model": "M", "groups": [{"name": "G", "dimension": "fit", "rules": [raw]}]}).document
    assert document is not None
    assert str(document.rules[0].points) == str(number)
    assert engine.parse(again(engine.dump(document))).document == document


def test_a_bare_equals_sign_is_an_operator():
    assert yaml_text.load("{field: country, op: =, value: Japan}").raw == {
        "field": "country",
        "op": "=",
        "value": "Japan",
    }


LAUGHS = "a: &a [x, x]\n" + "\n".join(f"b{n}: &b{n} [*{'a' if n == 0 else f'b{n - 1}'}, *a]" for n in range(30))
HOSTILE = {
    "ten megabytes": ("x: y\n" * 2_000_000, 1),
    "laughs": (LAUGHS, 2),
    "a thousand deep": ("[" * 1000 + "]" * 1000, 1),
    "deep in blocks": ("\n".join(" " * n + "a:" for n in range(300)), MAX_DEPTH),
    "twice": ("a: 1\nb: 2\na: 3\n", 3),
    "an object": ("a: 1\nb: !!python/object:os.system {}\n", 0),
    "a number without end": ("a: " + "9" * 5000, 1),
    "two documents": ("a: 1\n---\nb: 2\n", 2),
    "no name": ("? [a]\n: 1\n", 1),
}


@pytest.mark.parametrize(("written", "line"), HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_read_is_refused_with_its_line_and_soon(written, line):
    began = time.process_time()
    loaded = yaml_text.load(written)
    parsed = engine.parse(loaded.raw)
    assert loaded.problem or parsed.problems
    assert not line or loaded.line == line
    assert time.process_time() - began < 5


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf", "1.0e+999"])
def test_numbers_that_are_none_are_refused_with_their_path(number):
    rule = f"{{name: r, points: {number}, each: {{activity: page_view}}}}"
    written = f"model: M\ngroups:\n  - name: G\n    dimension: fit\n    rules:\n      - {rule}\n"
    loaded = yaml_text.load(written)
    (problem,) = engine.parse(loaded.raw).problems
    assert (problem.path, problem.code, loaded.line_of(problem.path)) == ("groups[0].rules[0].points", "not_finite", 6)
