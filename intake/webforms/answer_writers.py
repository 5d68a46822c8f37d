"""Who keeps the answers to the questions of frameworks: a higher room, which registers itself here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

AnswerWriter = Callable[[int, Mapping[str, str], str, datetime], None]
"""Takes a lead's id, criterion -> option, where it was said, and when."""

_writers: list[AnswerWriter] = []


def register_answer_writer(writer: AnswerWriter) -> None:
    _writers.append(writer)


def write_answers(lead: int, answers: Mapping[str, str], evidence: str, at: datetime) -> None:
    for writer in _writers if answers else ():
        writer(lead, answers, evidence, at)
