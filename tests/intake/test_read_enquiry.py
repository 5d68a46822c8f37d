"""`manage.py read_enquiry` on the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

TEXT = "打ち合わせはオンラインで結構です。30〜50名分のお見積りをお願いします。"


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("read_enquiry", *arguments, stdout=out)
    return out.getvalue()


def test_it_answers_what_is_read_as_json() -> None:
    read = json.loads(said(TEXT, "--json"))
    spans, clauses = read.pop("spans"), read.pop("clauses")
    assert read == {
        "class": "enquiry", "temperature": "hot", "headcount": 30, "headcount_to": 50, "comparison": False,
        "timing": None, "quote": True, "no_contact": False, "wants": ["quote"], "refuses": [],
    }  # fmt: skip
    assert [(TEXT[span["begin"] : span["end"]], span["tells"]) for span in spans] == [
        ("30〜50名", "headcount"), ("見積りをお願い", "quote")
    ]  # fmt: skip
    assert {clause["text"] for clause in clauses} == {"30〜50名分のお見積りをお願いします。"}


def test_it_says_it_in_words_of_both_languages() -> None:
    assert said(TEXT).splitlines()[0] == "Enquiry · Hot enquiry · 30–50 people, counted as 30 · Asks for a quote"
    assert said(TEXT, "--language", "ja").startswith("問い合わせ · ホットな問い合わせ · 30〜50名（30名として集計）")


def test_it_speaks_the_installations_language_whatever_the_terminal_is_set_to(settings, monkeypatch) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    settings.LANGUAGE_CODE = "ja"
    assert said(TEXT).startswith("問い合わせ · ")
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    settings.LANGUAGE_CODE = "en"
    assert said(TEXT).startswith("Enquiry · ")


def test_it_reads_a_file(tmp_path: Path) -> None:
    file = tmp_path / "enquiry.txt"
    file.write_text("\ufeffPlease send us a quote.\n", encoding="utf-8")
    assert json.loads(said("--file", str(file), "--json"))["quote"] is True


def test_it_says_why_it_can_not_read_a_file(tmp_path: Path) -> None:
    file = tmp_path / "enquiry.txt"
    file.write_bytes("見積".encode("cp932"))
    with pytest.raises(CommandError, match="UTF-8"):
        said("--file", str(file))
    with pytest.raises(CommandError, match="There’s no file"):
        said("--file", str(tmp_path / "none.txt"))
    file.write_bytes(b"a" * 1_000_001)
    with pytest.raises(CommandError, match="1 MB"):
        said("--file", str(file))


def test_it_wants_a_text_or_a_file() -> None:
    with pytest.raises(CommandError):
        said()
    with pytest.raises(CommandError):
        said(TEXT, "--file", "-")
