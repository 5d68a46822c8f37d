"""The difference between two documents as single edits, each put to the published document by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from django.utils.translation import gettext as _

from engine import Document
from engine.nodes import STAGES, Group, HotDefinition, Rule, StageCode
from studio.queries.document_diff import DocumentChange, changes

AT_MOST = 12  # edits tried one by one; more say little about each and cost a statement each

Named = TypeVar("Named", bound=Group | Rule | HotDefinition)
Turn = Callable[[Document], Document]


@dataclass(frozen=True, kw_only=True)
class SingleEdit:
    """One edit in words, and the published document with it alone."""

    change: DocumentChange
    document: Document


def single_edits(before: Document, after: Document) -> list[SingleEdit]:
    """At most AT_MOST edits that lead from `before` to `after`, in the order of the document.

    What decides nothing (a hypothesis, an owner, the order) is none.
    """
    found: list[SingleEdit] = []
    for turn in _turns(before, after):
        document = turn(before)
        change = _in_words(before, document)
        if change:
            found.append(SingleEdit(change=change, document=document))
        if len(found) == AT_MOST:
            break
    return found


def _in_words(before: Document, document: Document) -> DocumentChange | None:
    """The line that tells this edit; a group that comes or goes takes its rules with it."""
    said = [change for change in changes(before, document) if change.where != _("Order")]
    of_group = [change for change in said if change.where == _("Groups") and change.kind != "changed"]
    return next(iter([*of_group, *said]), None)


def _turns(before: Document, after: Document) -> Iterator[Turn]:
    old, new = _by_name(before.groups), _by_name(after.groups)
    for name, group in new.items():
        if name not in old:
            yield _with_group(group)
        else:
            yield from _within(old[name], group)
    for name in [name for name in old if name not in new]:
        yield _with_group(None, instead_of=name)
    for field in ("audience", "bands", "grades", "timezone"):
        if getattr(before, field) != getattr(after, field):
            yield _with_field(field, after)
    yield from _definitions(before, after)
    for stage in STAGES:
        if getattr(before.stages, stage) != getattr(after.stages, stage):
            yield _with_stage(stage, after)


def _by_name(nodes: tuple[Named, ...]) -> dict[str, Named]:
    return {node.name: node for node in nodes}


def _with_field(field: str, after: Document) -> Turn:
    return lambda document: replace(document, **{field: getattr(after, field)})


def _with_group(group: Group | None, *, instead_of: str = "") -> Turn:
    return lambda document: replace(document, groups=_put(document.groups, group, instead_of))


def _put(nodes: tuple[Named, ...], node: Named | None, instead_of: str) -> tuple[Named, ...]:
    """`node` in the place of the one of that name, or at the end; without a node that one is taken out."""
    new = [] if node is None else [node]
    if instead_of not in {each.name for each in nodes}:
        return (*nodes, *new)
    return tuple(one for each in nodes for one in (new if each.name == instead_of else [each]))


def _within(old: Group, new: Group) -> Iterator[Turn]:
    """Edits inside a group that both have: its own bounds, then rule by rule."""
    if replace(old, rules=()) != replace(new, rules=()):
        yield _with_group(replace(new, rules=old.rules), instead_of=old.name)
    for instead_of, rule in _differences(old.rules, new.rules):
        yield _with_group(replace(old, rules=_put(old.rules, rule, instead_of)), instead_of=old.name)


def _definitions(before: Document, after: Document) -> Iterator[Turn]:
    for instead_of, definition in _differences(before.hot, after.hot):
        yield _with_hot(_put(before.hot, definition, instead_of))


def _with_hot(hot: tuple[HotDefinition, ...]) -> Turn:
    return lambda document: replace(document, hot=hot)


def _with_stage(stage: StageCode, after: Document) -> Turn:
    rule = {stage: getattr(after.stages, stage)}
    return lambda document: replace(document, stages=replace(document.stages, **rule))


def _differences(old: tuple[Named, ...], new: tuple[Named, ...]) -> Iterator[tuple[str, Named | None]]:
    """What is put in the place of which name; None where it is taken out."""
    before, after = _by_name(old), _by_name(new)
    for name, node in after.items():
        if before.get(name) != node:
            yield name, node
    yield from ((name, None) for name in before if name not in after)
