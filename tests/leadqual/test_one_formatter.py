"""Numbers, days and times are written for people by `web/formats.py` and `engine/measures.py`, and by nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = (
    "engine", "web", "background", "accounts", "frame", "notices", "leads", "intake", "scoring", "studio", "handoff",
    "insights",
)  # fmt: skip
TEMPLATES = sorted(
    path
    for folder in (ROOT / "templates", *(ROOT / room / "templates" for room in ROOMS))
    for path in folder.rglob("*")
    if path.is_file()
)
CATALOGS = sorted((ROOT / room / "locale/ja/LC_MESSAGES/django.po") for room in ROOMS if room != "engine")
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
MODULES = sorted(
    path
    for room in ROOMS
    for path in (ROOT / room).rglob("*.py")
    if not {"migrations", "management", "demo"} & set(path.parts)  # for a database, a terminal, and made-up people
)
# Who formats for no reader of a page, and what it is.
OTHERS = {
    "engine/measures.py": "the numbers themselves",
    "web/formats.py": "the words themselves",
    "web/drawing.py": "coordinates of pictures",
    "studio/queries/histogram.py": "coordinates of pictures",
    "studio/queries/hysteresis.py": "coordinates of pictures",
    "frame/templatetags/lq.py": "the value of a form field",
    "insights/views/feedback.py": "the name of a file",
    "scoring/views/lead_export.py": "the name of a file",
    "scoring/invariants.py": "lines of a log",
    "scoring/queries/backtest.py": "lines of a terminal",
    "intake/imports/commands.py": "lines of a terminal",
    "notices/mailbox.py": "the name of a file",
    "intake/imports/workbook_child.py": "the number that a cell keeps, as text to be read again",
    "studio/models/draft_step.py": "a row as a developer sees it",
    "engine/words/phrases.py": "the time of day of an instant that a document names",
}
SECOND_FILTERS = re.compile(
    r"\|\s*(apnumber|date|floatformat|intcomma|intword|localize|naturalday|naturaltime|ordinal|time|timesince|timeuntil"
    r"|unlocalize)\b|\{%\s*load\s[^%]*\b(humanize|l10n)\b|\}\}\s+%(?!\})"
)
COUNTED = re.compile(r"\{%\s*blocktranslate\b[^%]*?\bcount\s+(\w+)=.*?%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
SECOND_SCRIPTS = re.compile(r"\bIntl\b|toLocale\w*String|toFixed|toPrecision")
SECOND_MODULES = {
    "django.contrib.humanize", "django.template.defaultfilters", "django.utils.dateformat", "django.utils.formats",
    "django.utils.numberformat", "django.utils.timesince", "babel.dates", "babel.numbers", "locale",
}  # fmt: skip
DIGITS = re.compile(r"%\((?!num\))\w+\)[.\d]*[dfg]")  # `num` is what Django itself puts into its messages
SPEC = re.compile(r",|[.]\d*[fgne%]|%[A-Za-z]|^[fgne]$")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_template_has_a_second_way_to_write_a_number_or_a_time() -> None:
    second = [
        (named(path), match[0]) for path in TEMPLATES for match in SECOND_FILTERS.finditer(path.read_text("utf-8"))
    ]
    assert second == []


def test_a_counted_number_is_shown_as_formatted() -> None:
    """`count counted=leads with number=leads|number`: the number that chooses the plural is not the text."""
    bare = [
        (named(path), name)
        for path in TEMPLATES
        for name, body in COUNTED.findall(path.read_text("utf-8"))
        if re.search(rf"{{{{\s*{name}\s*}}}}", body)
    ]
    assert bare == []


@pytest.mark.parametrize("path", CATALOGS, ids=named)
def test_no_text_has_a_space_before_per_cent_or_a_hyphen_for_minus(path: Path) -> None:
    texts = re.findall(r'^(?:msg\w+(?:\[0\])? )?"(.*)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    assert [text for text in texts if re.search(r" %%|(?<![\w%/{}.+-])-\d(?!\d*-)", text)] == []


def test_no_script_has_a_way_of_its_own() -> None:
    wrong = [f"{named(path)}: {match}" for path in SCRIPTS for match in SECOND_SCRIPTS.findall(path.read_text("utf-8"))]
    assert wrong == []


def test_no_module_has_a_second_way() -> None:
    modules = [path for path in MODULES if named(path) not in OTHERS]
    found = [(named(path), way) for path in modules for way in second_ways(ast.parse(path.read_text("utf-8")))]
    assert found == []


def second_ways(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if {alias.name for alias in names} & SECOND_MODULES:
                yield f"{node.lineno}: import"
            case ast.ImportFrom(module=str(module)) if module in SECOND_MODULES:
                yield f"{node.lineno}: from {module}"
            case ast.FormattedValue(format_spec=ast.JoinedStr(values=[ast.Constant(value=str(spec))])) if SPEC.search(
                spec
            ):
                yield f"{node.lineno}: {{:{spec}}}"
            case ast.Constant(value=str(text)) if DIGITS.search(text):
                yield f"{node.lineno}: {DIGITS.findall(text)}"
            case ast.Attribute(attr="strftime"):
                yield f"{node.lineno}: strftime"


def test_who_is_left_out_is_there_and_needs_it() -> None:
    needless = [name for name in OTHERS if not list(second_ways(ast.parse((ROOT / name).read_text(encoding="utf-8"))))]
    assert needless == []
