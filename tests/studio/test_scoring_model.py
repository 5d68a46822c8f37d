from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError

from scoring.models import ScoringModel, Version
from tests.factories import LeadFactory
from tests.published import document, mail_rule


def run(*words: object) -> str:
    out = StringIO()
    call_command("scoring_model", *map(str, words), stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(yaml.safe_dump(document(mail_rule()), allow_unicode=True, sort_keys=False))
    return path


def test_load_show_edit_load_and_diff_go_round(db, file, tmp_path):
    assert "Default v1 published" in run("load", file, "--publish", "--note", "first")
    shown = run("show", "Default")
    assert yaml.safe_load(shown) == yaml.safe_load(file.read_text())
    file.write_text(shown.replace("points: 5", "points: 7"))
    run("load", file)
    assert Version.objects.count() == 1
    said = run("--language", "en", "diff", "1", "Default@draft")
    assert "~ Interest / Opened a mail" in said
    assert "-        points: 5" in said
    assert "+        points: 7" in said
    assert "Default v2 published" in run("publish", "Default", "--note", "more")
    assert run("diff", file, "2").strip() == "no changes"
    assert yaml.safe_load(run("show", "--version", "1"))["groups"][0]["rules"][0]["points"] == 5


UNKNOWN_TYPE = """\
model: X
groups:
  - name: A
    dimension: fit
    rules:
      - {name: r, each: {activity: nope}, points: 5}
"""


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (UNKNOWN_TYPE, 6),
        ("model: X\ngroups: [\n", 3),
        ("model: X\nmodel: Y\n", 2),
        ("a: &a [1]\nb: *a\n", 2),
        ("", 1),
    ],
)
def test_a_file_that_cannot_be_a_model_is_refused_with_its_line_and_nothing_is_stored(db, tmp_path, wrong, line):
    path = tmp_path / "wrong.yaml"
    path.write_text(wrong)
    with pytest.raises(CommandError, match=rf"wrong\.yaml:{line}: "):
        run("load", path)
    assert not ScoringModel.objects.exists()


def test_a_file_that_is_not_there_or_not_text(db, tmp_path):
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "missing.yaml", tmp_path / "binary.yaml"):
        with pytest.raises(CommandError):
            run("load", path)


def test_lint_finds_what_cannot_matter_and_what_the_data_never_meets(publish):
    for _ in range(20):
        LeadFactory()
    rules = [
        mail_rule(),
        mail_rule(name="Again"),
        mail_rule(name="Off", disabled=True),
        mail_rule(name="Big", points=90, cap=50),
        {"name": "Everybody", "when": {"field": "email", "op": "known"}, "points": 1},
    ]
    publish(document(*rules, max=80))
    said = run("--language", "en", "lint", "Default")
    found = [tuple(line.split(":")[0].split(None, 2)[::2]) for line in said.splitlines()[:-1]]
    assert found == [
        ("duplicate", "Again"),
        ("disabled", "Off"),
        ("duplicate", "Big"),
        ("above_cap", "Big"),
        ("shadowed", "Big"),
        ("never", "Opened a mail"),
        ("never", "Again"),
        ("never", "Big"),
        ("always", "Everybody"),
        ("dominates", "Everybody"),
        ("never", "Hot lead"),
    ]


def test_lint_ends_with_1_on_what_is_serious_and_with_strict_on_anything(publish):
    publish(document(mail_rule(), mail_rule(name="Again")))
    run("lint", "Default")
    with pytest.raises(SystemExit):
        run("lint", "Default", "--strict")
    publish(document(mail_rule(), max=20))
    with pytest.raises(SystemExit):
        run("lint", "Default")


def test_a_difference_is_said_in_both_languages(db, file):
    run("load", file, "--publish")
    file.write_text(file.read_text().replace("points: 5", "points: 7"))
    run("load", file)
    english, japanese = (run("--language", each, "diff", "1", "Default@draft") for each in ("en", "ja"))
    assert "+7 · For each email open" in english
    assert "+7 · メール開封ごと" in japanese


def test_publishing_nothing_is_an_error(db, file):
    run("load", file, "--publish")
    with pytest.raises(CommandError):
        run("publish", "Default")
    with pytest.raises(CommandError):
        run("load", file, "--publish")
    with pytest.raises(CommandError):
        run("show", "Nope")
