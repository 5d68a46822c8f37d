"""What one document says differently from another, rule by rule, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from engine.nodes import Document, Group, HotDefinition
from engine.words.phrases import Language
from scoring.queries.words import (
    band_words,
    condition_in_words,
    grade_words,
    group_words,
    hot_words,
    matrix_words,
    reader,
    rule_words,
    stage_name,
)


@dataclass(frozen=True, kw_only=True)
class DocumentChange:
    """One line of a difference. `kind` is added, removed or changed; `before` or `after` is empty accordingly."""

    kind: str
    where: str
    name: str
    before: str = ""
    after: str = ""


def changes(before: Document | None, after: Document, words: Language | None = None) -> list[DocumentChange]:
    """Everything that `after` says differently: rules, groups, thresholds, hot definitions, stages, in that order.

    Who compares many documents on one page passes the speaker.
    """
    old, words = before or Document(model=after.model), words or reader()
    found = [
        *_rules(words, old, after),
        *_groups(words, old, after),
        *_whole(words, old, after),
        *_hot(words, old, after),
        *_stages(words, old, after),
    ]
    return found or list(_order(old, after))


def _compare(where: str, old: dict[str, str], new: dict[str, str]) -> Iterator[DocumentChange]:
    """Names with their words, before and after."""
    for name, words in new.items():
        if name not in old:
            yield DocumentChange(kind="added", where=where, name=name, after=words)
        elif old[name] != words:
            yield DocumentChange(kind="changed", where=where, name=name, before=old[name], after=words)
    for name, words in old.items():
        if name not in new:
            yield DocumentChange(kind="removed", where=where, name=name, before=words)


def _rules(words: Language, old: Document, new: Document) -> Iterator[DocumentChange]:
    """A rule that went to another group under its name is removed there and added here."""
    names = dict.fromkeys([*(group.name for group in new.groups), *(group.name for group in old.groups)])
    for name in names:
        yield from _compare(name, _by_name(words, old, name), _by_name(words, new, name))


def _by_name(words: Language, document: Document, group: str) -> dict[str, str]:
    return {rule.name: rule_words(words, rule) for each in document.groups if each.name == group for rule in each.rules}


def _groups(words: Language, old: Document, new: Document) -> Iterator[DocumentChange]:
    yield from _compare(_("Groups"), _bounds(words, old.groups), _bounds(words, new.groups))


def _bounds(words: Language, groups: tuple[Group, ...]) -> dict[str, str]:
    return {group.name: group_words(words, group) for group in groups}


def _whole(words: Language, old: Document, new: Document) -> Iterator[DocumentChange]:
    yield from _compare(_("Thresholds"), _thresholds(words, old), _thresholds(words, new))


def _thresholds(words: Language, document: Document) -> dict[str, str]:
    said = {
        _("Bands"): band_words(document.bands),
        _("Grades"): grade_words(document.grades),
        _("Time zone"): document.timezone,
    }
    if document.matrix:
        said[_("Decision matrix")] = matrix_words(words, document.matrix)
    return said | ({_("Audience"): condition_in_words(words, document.audience)} if document.audience else {})


def _hot(words: Language, old: Document, new: Document) -> Iterator[DocumentChange]:
    yield from _compare(_("Hot definitions"), _definitions(words, old.hot), _definitions(words, new.hot))


def _definitions(words: Language, definitions: tuple[HotDefinition, ...]) -> dict[str, str]:
    return {definition.name: hot_words(words, definition) for definition in definitions}


def _stages(words: Language, old: Document, new: Document) -> Iterator[DocumentChange]:
    yield from _compare(_("Stages"), _stage_rules(words, old), _stage_rules(words, new))


def _stage_rules(words: Language, document: Document) -> dict[str, str]:
    return {stage_name(rule.stage): condition_in_words(words, rule.when) for rule in document.stages.rules}


def _order(old: Document, new: Document) -> Iterator[DocumentChange]:
    """Where nothing but the order differs."""
    before, after = ([group.name for group in each.groups] for each in (old, new))
    if old != new:
        yield DocumentChange(
            kind="changed", where=_("Order"), name=_("Order"), before=", ".join(before), after=", ".join(after)
        )
