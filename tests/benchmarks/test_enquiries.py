"""The labelled sentences: what is read in them, and that the learned words are theirs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.enquiries import MUST, Tally, as_cell, pairs_of, tallies
from benchmarks.labelled import MEASURING, TUNING, sentences_in
from benchmarks.report import replace_section
from benchmarks.speaker_words import as_json, counts_of, features_of
from intake.enquiries.speaker import COUNTS
from leads.enums import EnquiryKind


@pytest.mark.parametrize("path", [path for path in (TUNING, MEASURING) if path.exists()], ids=lambda path: path.stem)
def test_hot_and_quote_are_read_as_people_label_them_and_no_pitch_is_hot(path: Path) -> None:
    pairs = pairs_of(sentences_in(path))
    found = {tally.name: tally for tally in tallies(pairs)}
    for name, (precision, recall) in MUST.items():
        assert (found[name].precision or 0) >= precision, as_cell(found[name])
        assert (found[name].recall or 0) >= recall, as_cell(found[name])
    assert [sentence.text for sentence, reading in pairs if sentence.kind is EnquiryKind.PITCH and (
        reading.temperature == "hot" or reading.quote
    )] == []  # fmt: skip


def test_there_are_six_hundred_sentences_of_every_kind_in_both_languages() -> None:
    sentences = sentences_in(TUNING)
    pitches = [sentence for sentence in sentences if sentence.kind is EnquiryKind.PITCH]
    english = [sentence for sentence in sentences if sentence.text.isascii()]
    assert (len(sentences) >= 600, len(pitches) >= 200, len(english) >= 300) == (True, True, True)
    assert {sentence.kind for sentence in sentences} == set(EnquiryKind)
    assert len({sentence.text for sentence in sentences}) == len(sentences)


def test_the_learned_words_are_those_of_the_sentences() -> None:
    counted = as_json(counts_of(map(features_of, sentences_in(TUNING))))
    assert json.loads(COUNTS.read_text(encoding="utf-8")) == json.loads(counted), "python -m benchmarks.speaker_words"


def test_precision_and_recall_are_shown_with_how_often_it_is_there() -> None:
    assert as_cell(Tally(name="hot", right=9, wrong=1, missed=3)) == "0.90, 0.75 of 12"
    assert as_cell(Tally(name="hot", right=0, wrong=0, missed=0)) == "–, – of 0"


def test_a_benchmark_replaces_only_its_section(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- bench x -->\n\nold\n\n<!-- end of bench x -->\nafter\n")
    replace_section("x", "new", page)
    replace_section("x", "newer", page)
    assert page.read_text() == "before\n<!-- bench x -->\n\nnewer\n\n<!-- end of bench x -->\nafter\n"
    with pytest.raises(ValueError, match="no marks"):
        replace_section("y", "new", page)
