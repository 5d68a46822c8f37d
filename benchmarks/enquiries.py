"""How well enquiries are read: against sentences that people labelled, and how long one takes.

The sentences of `tuning.jsonl` made the rules, and the words are counted in them: they show how well the reading fits
what it was made from. Those of `measuring.jsonl` are by somebody who had not seen the rules, and were never
used to change them: what they show is what to expect. The sentences of the first set are also shown as if each had not
been learned from: a tenth of them at a time is left out of the counts.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.labelled import MEASURING, TUNING, Sentence, sentences_in
from benchmarks.speaker_words import counts_of, features_of
from intake.enquiries import read_enquiry
from intake.enquiries.reader import READ_AT_MOST, reading_of
from intake.enquiries.speaker import weights_from
from leads.enquiry import Reading
from leads.enums import EnquiryKind, EnquirySign, Temperature

PARTS = 10
MUST = {"hot": (0.95, 0.85), "quote": (0.95, 0.85)}


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Of one thing to be told: how often it was rightly told, wrongly told, and missed."""

    name: str
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        told = self.right + self.wrong
        return self.right / told if told else None

    @property
    def recall(self) -> float | None:
        there = self.right + self.missed
        return self.right / there if there else None


Pair = tuple[Sentence, Reading]
Question = tuple[str, Callable[[Sentence], bool], Callable[[Reading], bool]]


def questions() -> list[Question]:
    """What is asked of every sentence: a name, what the label says, what was read."""
    rows: list[Question] = [
        ("hot", lambda sentence: sentence.is_hot, lambda reading: reading.temperature == Temperature.HOT),
        *(_about(sign.value, sign) for sign in (EnquirySign.QUOTE, EnquirySign.DEMO, EnquirySign.TRIAL)),
        *(_about(sign.value, sign) for sign in (EnquirySign.DOCUMENTS, EnquirySign.CONTACT)),
        *(
            _about(f"not wanted: {sign.value.removeprefix('no_')}", sign)
            for sign in EnquirySign
            if sign.value.startswith("no_")
        ),
        _about("not wanted: to buy", EnquirySign.REFUSAL),
        *(_of_kind(kind) for kind in EnquiryKind),
    ]
    return rows


def _about(name: str, sign: EnquirySign) -> Question:
    return name, lambda row: sign in row.wants | row.refuses, lambda read: sign in (*read.wants, *read.refuses)


def _of_kind(kind: EnquiryKind) -> Question:
    return f"class: {kind.value}", lambda sentence: sentence.kind is kind, lambda reading: reading.kind is kind


def tallies(pairs: Iterable[Pair]) -> list[Tally]:
    """For each question how the readings compare with the labels."""
    rows = list(pairs)
    return [
        Tally(
            name=name,
            right=sum(labelled(sentence) and read(reading) for sentence, reading in rows),
            wrong=sum(not labelled(sentence) and read(reading) for sentence, reading in rows),
            missed=sum(labelled(sentence) and not read(reading) for sentence, reading in rows),
        )
        for name, labelled, read in questions()
    ]


def pairs_of(sentences: Sequence[Sentence]) -> list[Pair]:
    return [(sentence, read_enquiry(sentence.text)) for sentence in sentences]


def left_out(sentences: Sequence[Sentence]) -> list[Pair]:
    """Each sentence, read by what the nine tenths that do not hold it teach of who speaks."""
    features = [features_of(sentence) for sentence in sentences]
    pairs = []
    for part in range(PARTS):
        others = [row for place, row in enumerate(features) if place % PARTS != part]
        weights = weights_from(counts_of(others))
        pairs += [(sentence, reading_of(sentence.text, weights)) for sentence in sentences[part::PARTS]]
    return pairs


def as_table(sets: dict[str, list[Pair]]) -> str:
    """GitHub's form: precision and recall of each thing, the sets side by side, with how often it is there."""
    columns = {name: tallies(pairs) for name, pairs in sets.items()}
    head = ["what is told", *(f"{name}, {len(pairs)}" for name, pairs in sets.items()), "must", ""]
    lines = [head, ["---"] * len(head)]
    for place, (name, _label, _read) in enumerate(questions()):
        row = [columns[of][place] for of in sets]
        must = MUST.get(name)
        verdict = "" if must is None else "ok" if reaches(row[-1], must) else "MISSED"
        demand = "{:.2f}, {:.2f}".format(*must) if must else ""
        lines.append([name, *(as_cell(tally) for tally in row), demand, verdict])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def reaches(tally: Tally, must: tuple[float, float]) -> bool:
    precision, recall = must
    return (tally.precision or 0) >= precision and (tally.recall or 0) >= recall


def as_cell(tally: Tally) -> str:
    """`0.97, 0.95 of 42`: precision, recall, in how many sentences it is."""
    there = tally.right + tally.missed
    shown = ("–" if value is None else f"{value:.2f}" for value in (tally.precision, tally.recall))
    return f"{', '.join(shown)} of {there}"


def notes(sets: dict[str, list[Pair]]) -> list[str]:
    """What the table does not show: pitches that would open a hand-off, right numbers of people."""
    lines = []
    for name, pairs in sets.items():
        pitches = [reading for sentence, reading in pairs if sentence.kind is EnquiryKind.PITCH]
        hot = sum(reading.temperature == Temperature.HOT for reading in pitches)
        buyers = [(sentence, reading) for sentence, reading in pairs if sentence.kind is EnquiryKind.ENQUIRY]
        right = sum(sentence.people == reading.headcount for sentence, reading in buyers)
        lines.append(
            f"- {name[0].upper()}{name[1:]}: {hot} of {len(pitches)} pitches are hot; the number of people is right in "
            f"{right} of {len(buyers)} enquiries."
        )
    return lines


def speed(sentences: Sequence[Sentence]) -> list[str]:
    """Milliseconds an enquiry, and what the first of a process costs. Ask before anything else is read."""
    before, begun = resident(), time.process_time()
    read_enquiry(sentences[0].text)
    first, grown = time.process_time() - begun, resident() - before
    times = []
    for sentence in sentences:
        begun = time.process_time()
        read_enquiry(sentence.text)
        times.append(time.process_time() - begun)
    longest = "\n".join(sentence.text for sentence in sentences)[:READ_AT_MOST]
    begun = time.process_time()
    read_enquiry(longest)
    whole = time.process_time() - begun
    times.sort()
    return [
        f"- One enquiry: median {1000 * times[len(times) // 2]:.1f} ms, 95th percentile "
        f"{1000 * times[len(times) * 95 // 100]:.1f} ms; {READ_AT_MOST:,} characters, all that is read: "
        f"{1000 * whole:.0f} ms.",
        f"- The first of a process loads dictionary, rules and counts: {1000 * first:.0f} ms, {grown / 2**20:.0f} MB "
        "resident, most of it the dictionary's file, which all processes share. Who reads none loads nothing.",
    ]


def resident() -> int:
    """Bytes of memory that this process has now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def report() -> str:
    """The section of docs/benchmarks.md."""
    tuning = sentences_in(TUNING)
    costs = speed(tuning)
    sets = {"tuning set": pairs_of(tuning), "tuning set, left out": left_out(tuning)}
    if MEASURING.exists():
        sets["measuring set"] = pairs_of(sentences_in(MEASURING))
    return "\n".join([as_table(sets), "", *notes(sets), *costs])
