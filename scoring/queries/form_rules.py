"""Which rules in force read what a form writes."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine import Document
from engine.nodes import AnswerLeaf, Condition, FieldLeaf, leaves
from scoring.models import ScoringModel
from scoring.queries.documents import document_of

ANSWER, QUESTION = "answer.", "question."


def rules_reading(targets: Collection[str]) -> dict[str, list[str]]:
    """The names of the rules and hot definitions in force that read each target of a form."""
    found: dict[str, list[str]] = {}
    read = {name_of(target): target for target in targets}
    for model in ScoringModel.objects.exclude(current_version=None):
        assert model.current_version_id is not None
        for name, names in named_reads(document_of(model.current_version_id)):
            for target in {read[each] for each in names & read.keys()}:
                found.setdefault(target, []).append(name)
    return found


def name_of(target: str) -> str:
    """What the rule language calls what a field of a form writes."""
    if target.startswith(QUESTION):
        return f"properties.{target.removeprefix(QUESTION)}"
    return target if target.startswith(ANSWER) else target.removeprefix("lead.")


def named_reads(document: Document) -> Iterator[tuple[str, set[str]]]:
    """Each rule and hot definition with the names that it reads."""
    for group in document.groups:
        for rule in group.rules:
            reads = set(_reads(rule.when)) | set(_reads(rule.each.where if rule.each else None))
            if rule.answer:
                reads.add(f"{ANSWER}{rule.answer.criterion}")
            if not rule.disabled:
                yield rule.name, reads
    for hot in document.hot:
        yield hot.name, set(_reads(hot.when))


def _reads(condition: Condition | None) -> Iterator[str]:
    for leaf in leaves(condition):
        match leaf:
            case FieldLeaf(field=name):
                yield name
            case AnswerLeaf(answer=name):
                yield f"{ANSWER}{name}"
            case _:
                pass
