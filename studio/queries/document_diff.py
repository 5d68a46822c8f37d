"""What one document says differently from another, rule by rule, in the reader's words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from engine.nodes import Document
from engine.words.phrases import Language
from scoring.queries.changes import DocumentChange, Section, compared
from scoring.queries.words import (
    ConditionText,
    band_words,
    condition_laid_out,
    grade_words,
    group_words,
    hot_laid_out,
    matrix_laid_out,
    reader,
    rule_laid_out,
    stage_name,
)


def changes(before: Document | None, after: Document, words: Language | None = None) -> list[DocumentChange]:
    """Everything that `after` says differently: rules, groups, thresholds, hot definitions, stages, in that order.

    Where nothing but the order of groups differs, that is one line. Who compares many documents on one page passes
    `words`.
    """
    old, words = before or Document(model=after.model), words or reader()
    lines: list[DocumentChange] = []
    for name in dict.fromkeys([*(group.name for group in after.groups), *(group.name for group in old.groups)]):
        lines += compared(name, _rule_lines(words, old, name), _rule_lines(words, after, name))
    old_lines, new_lines = _lines(words, old), _lines(words, after)
    for where, section in new_lines.items():
        lines += compared(where, old_lines[where], section)
    if not lines and old != after:
        was, becomes = (
            ConditionText(text=words.listed([group.name for group in document.groups])) for document in (old, after)
        )
        lines = [DocumentChange(kind="changed", where=_("Order"), name=_("Order"), was=was, becomes=becomes)]
    return lines


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
        thresholds[_("Decision matrix")] = matrix_laid_out(words, document.matrix)
    if document.audience:
        thresholds[_("Audience")] = condition_laid_out(words, document.audience)
    return {
        _("Groups"): {group.name: ConditionText(text=group_words(words, group)) for group in document.groups},
        _("Thresholds"): thresholds,
        _("Hot definitions"): {definition.name: hot_laid_out(words, definition) for definition in document.hot},
        _("Stages"): {stage_name(rule.stage): condition_laid_out(words, rule.when) for rule in document.stages.rules},
    }
