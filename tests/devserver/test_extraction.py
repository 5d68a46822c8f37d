from __future__ import annotations

import os
from pathlib import Path

import polib
import pytest

from devserver import extraction
from devserver.catalogs import APPS, catalog_path, compile_catalogs

VIEW = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
_("Saved")
_("joined " "over " "lines")
ngettext("%(count)d lead", "%(count)d leads", 2)
pgettext_lazy("verb", "Open")
_(variable)
"""
PAGE = """
{# {% translate "a comment is no text" %} #}
<c-button label="{% translate 'Close' %}">{% translate "Saved" %}</c-button>
{% blocktranslate count n=leads|length trimmed %}
  One lead
{% plural %}
  {{ n }} leads
{% endblocktranslate %}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one app, `leads`, and a frame without words."""
    (tmp_path / "leads" / "templates" / "leads").mkdir(parents=True)
    (tmp_path / "leads" / "views.py").write_text(VIEW)
    (tmp_path / "leads" / "templates" / "leads" / "list.html").write_text(PAGE)
    return tmp_path


def catalog(root: Path) -> polib.POFile:
    return polib.pofile(str(catalog_path(root / "leads")))


def translate(root: Path, text: str, words: str) -> None:
    entries = catalog(root)
    entry = next(entry for entry in entries if entry.msgid == text)
    if entry.msgid_plural:
        entry.msgstr_plural = {0: words}
    else:
        entry.msgstr = words
    path = catalog_path(root / "leads")
    path.write_text(f"{entries}\n", encoding="utf-8")


def test_strings_of_code_and_templates_are_found(root: Path) -> None:
    extraction.write_catalog("leads", root)
    assert [(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in catalog(root)] == [
        (None, "%(count)d lead", "%(count)d leads"),
        (None, "Close", ""),
        (None, "One lead", "%(n)s leads"),
        ("verb", "Open", ""),
        (None, "Saved", ""),
        (None, "joined over lines", ""),
    ]


def test_an_entry_names_its_files_but_no_lines(root: Path) -> None:
    extraction.write_catalog("leads", root)
    saved = next(entry for entry in catalog(root) if entry.msgid == "Saved")
    assert saved.occurrences == [("leads/templates/leads/list.html", ""), ("leads/views.py", "")]


def test_moving_code_changes_nothing(root: Path) -> None:
    extraction.write_catalog("leads", root)
    before = catalog_path(root / "leads").read_text()
    (root / "leads" / "views.py").write_text("\n\n\n" + VIEW)
    extraction.write_catalog("leads", root)
    assert catalog_path(root / "leads").read_text() == before
    assert extraction.is_stale("leads", root) is False


def test_translations_stay_and_strings_that_are_gone_go(root: Path) -> None:
    extraction.write_catalog("leads", root)
    translate(root, "Saved", "保存しました")
    (root / "leads" / "views.py").write_text("")
    extraction.write_catalog("leads", root)
    assert {entry.msgid: entry.msgstr for entry in catalog(root)} == {
        "Close": "",
        "One lead": "",
        "Saved": "保存しました",
    }


def test_a_catalog_without_a_string_does_not_exist(root: Path) -> None:
    extraction.write_catalog("leadqual", root)
    assert not catalog_path(root).exists()


def test_a_new_string_makes_the_catalog_stale(root: Path) -> None:
    extraction.write_catalog("leads", root)
    (root / "leads" / "forms.py").write_text("_('New')")
    assert extraction.is_stale("leads", root) is True


def test_what_is_missing_or_wrong_is_told(root: Path) -> None:
    (root / "leads" / "views.py").write_text("_('Missing'); _('%(n)s of {total}'); _('Doubtful')")
    (root / "leads" / "templates" / "leads" / "list.html").unlink()
    extraction.write_catalog("leads", root)
    translate(root, "%(n)s of {total}", "{total}件のうち%(m)s件")
    doubtful = catalog(root)
    next(entry for entry in doubtful if entry.msgid == "Doubtful").flags.append("fuzzy")
    catalog_path(root / "leads").write_text(f"{doubtful}\n", encoding="utf-8")
    assert list(extraction.problems("leads", root)) == [
        "placeholders differ: '%(n)s of {total}' -> '{total}件のうち%(m)s件'",
        "fuzzy: 'Doubtful'",
        "not translated: 'Missing'",
    ]


def test_a_plural_needs_one_japanese_form_with_the_count(root: Path) -> None:
    extraction.write_catalog("leads", root)
    translate(root, "One lead", "%(n)s件のリード")
    assert [problem for problem in extraction.problems("leads", root) if "One lead" in problem] == []
    assert catalog(root).metadata["Plural-Forms"] == "nplurals=1; plural=0;"


def test_a_string_two_apps_translate_differently_is_told(root: Path) -> None:
    (root / "scoring").mkdir()
    (root / "scoring" / "views.py").write_text("_('Close')")
    for owner, words in (("leads", "閉じる"), ("scoring", "終了")):
        entries = extraction.write_catalog(owner, root)
        next(entry for entry in entries if entry.msgid == "Close").msgstr = words
        catalog_path(root / owner).write_text(f"{entries}\n", encoding="utf-8")
    assert list(extraction.contradictions(root)) == [
        "leads and scoring translate 'Close' differently: '閉じる', '終了'"
    ]


def test_only_changed_catalogs_are_compiled(root: Path) -> None:
    extraction.write_catalog("leads", root)
    translate(root, "Saved", "保存しました")
    assert (compile_catalogs(root), compile_catalogs(root)) == (1, 0)
    compiled = polib.mofile(str(catalog_path(root / "leads").with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr for entry in compiled} == {"Saved": "保存しました"}


def test_a_compiled_catalog_that_was_copied_from_elsewhere_is_compiled_anew(root: Path) -> None:
    """However new its file is: another text was compiled into it."""
    extraction.write_catalog("leads", root)
    translate(root, "Saved", "保存しました")
    compile_catalogs(root)
    translate(root, "Saved", "保存済み")
    path = catalog_path(root / "leads")
    newer = path.stat().st_mtime + 60
    os.utime(path.with_suffix(".mo"), (newer, newer))
    assert compile_catalogs(root) == 1
    assert [entry.msgstr for entry in polib.mofile(str(path.with_suffix(".mo")))] == ["保存済み"]


@pytest.mark.parametrize("owner", ["leadqual", *APPS])
def test_our_own_catalogs_are_complete(owner: str) -> None:
    assert list(extraction.problems(owner)) == []


def test_our_own_catalogs_do_not_contradict_each_other() -> None:
    assert list(extraction.contradictions()) == []
