"""What one document says differently from another, rule by rule, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from engine.nodes import Document
from engine.words.phrases import Language
from scoring.queries.words import (
    ConditionText,
    band_words,
    condition_laid_out,
    grade_words,
    group_words,
    hot_laid_out,
    matrix_words,
    reader,
    rule_laid_out,
    stage_name,
)

NOTHING = ConditionText(text="")
Section = dict[str, ConditionText]  # by name


@dataclass(frozen=True, kw_only=True)
class DocumentChange:
    """One line of a difference. `kind` is added, removed or changed; `before` or `after` is empty accordingly.

    Both are sentences; `was` and `becomes` are the same to be drawn, with groups of conditions as trees.
    """

    kind: str
    where: str
    name: str
    was: ConditionText = NOTHING
    becomes: ConditionText = NOTHING

    @property
    def before(self) -> str:
        return self.was.text

    @property
    def after(self) -> str:
        return self.becomes.text


def changes(before: Document | None, after: Document, words: Language | None = None) -> list[DocumentChange]:
    """Everything that `after` says differently: rules, groups, thresholds, hot definitions, stages, in that order.

    Where nothing but the order of groups differs, that is one line. Who compares many documents on one page passes
    `words`.
    """
    old, words = before or Document(model=after.model), words or reader()
    lines: list[DocumentChange] = []
    for name in dict.fromkeys([*(group.name for group in after.groups), *(group.name for group in old.groups)]):
        lines += _compared(name, _rule_lines(words, old, name), _rule_lines(words, after, name))
    old_lines, new_lines = _lines(words, old), _lines(words, after)
    for where, section in new_lines.items():
        lines += _compared(where, old_lines[where], section)
    if not lines and old != after:
        was, becomes = (
            ConditionText(text=words.listed([group.name for group in document.groups])) for document in (old, after)
        )
        lines = [DocumentChange(kind="changed", where=_("Order"), name=_("Order"), was=was, becomes=becomes)]
    return lines


def _compared(where: str, old: Section, new: Section) -> Iterator[DocumentChange]:
    """The names that are new, gone, or say something else."""
    for name, said in new.items():
        if name not in old:
            yield DocumentChange(kind="added", where=where, name=name, becomes=said)
        elif old[name].text != said.text:
            yield DocumentChange(kind="changed", where=where, name=name, was=old[name], becomes=said)
    for name, said in old.items():
        if name not in new:
            yield DocumentChange(kind="removed", where=where, name=name, was=said)


def _rule_lines(words: Language, document: Document, group_name: str) -> Section:
    """The rules of one group by name. A rule that went to another group is removed there and added here."""
    groups = [group for group in document.groups if group.name == group_name]
    return {rule.name: rule_laid_out(words, rule) for group in groups for rule in group.rules}


def _lines(words: Language, document: Document) -> dict[str, Section]:
    """What a document says beside its rules: by section and name."""
    thresholds = {
        _("Interest level"): ConditionText(text=band_words(document.bands)),
        _("Grades"): ConditionText(text=grade_words(document.grades)),
        _("Time zone"): ConditionText(text=document.timezone),
    }
    if document.matrix:
        thresholds[_("Decision matrix")] = ConditionText(text=matrix_words(words, document.matrix))
    if document.audience:
        thresholds[_("Audience")] = condition_laid_out(words, document.audience)
    return {
        _("Groups"): {group.name: ConditionText(text=group_words(words, group)) for group in document.groups},
        _("Thresholds"): thresholds,
        _("Hot definitions"): {definition.name: hot_laid_out(words, definition) for definition in document.hot},
        _("Stages"): {stage_name(rule.stage): condition_laid_out(words, rule.when) for rule in document.stages.rules},
    }
