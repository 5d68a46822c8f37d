"""The difference between two documents as single edits, each put to the published document by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from django.utils.translation import gettext as _

from engine import Document
from engine.nodes import STAGES, Group, HotDefinition, Rule
from scoring.queries.changes import DocumentChange
from studio.queries.document_diff import changes

AT_MOST = 12  # edits tried one by one; more say little about each and cost a statement each

NamedNode = TypeVar("NamedNode", bound=Group | Rule | HotDefinition)


@dataclass(frozen=True, kw_only=True)
class SingleEdit:
    """One edit in words, and the published document with it alone."""

    change: DocumentChange
    document: Document


def single_edits(before: Document, after: Document) -> list[SingleEdit]:
    """At most AT_MOST edits that lead from `before` to `after`, in the order of the document.

    What decides nothing (a hypothesis, an owner, the order) is none.
    """
    edits: list[SingleEdit] = []
    for document in _edited_documents(before, after):
        lines = [change for change in changes(before, document) if change.where != _("Order")]
        # A group that comes or goes takes its rules with it: the line about the group tells all of it.
        of_group = [change for change in lines if change.where == _("Groups") and change.kind != "changed"]
        if lines:
            edits.append(SingleEdit(change=(of_group or lines)[0], document=document))
        if len(edits) == AT_MOST:
            break
    return edits


def _edited_documents(before: Document, after: Document) -> Iterator[Document]:
    """`before` with each single difference: groups and their rules, thresholds, hot definitions, stages."""
    groups = {group.name: group for group in before.groups}
    for name, group in _differences(before.groups, after.groups):
        if group is None or name not in groups:
            yield replace(before, groups=_with_node(before.groups, group, name))
        else:
            for edited in _edited_groups(groups[name], group):
                yield replace(before, groups=_with_node(before.groups, edited, name))
    for field in ("audience", "bands", "grades", "timezone"):
        if getattr(before, field) != getattr(after, field):
            yield replace(before, **{field: getattr(after, field)})
    for name, definition in _differences(before.hot, after.hot):
        yield replace(before, hot=_with_node(before.hot, definition, name))
    for stage in STAGES:
        if getattr(before.stages, stage) != getattr(after.stages, stage):
            yield replace(before, stages=replace(before.stages, **{stage: getattr(after.stages, stage)}))


def _edited_groups(before: Group, after: Group) -> Iterator[Group]:
    """A group with its new bounds, then with each rule that differs."""
    if replace(before, rules=()) != replace(after, rules=()):
        yield replace(after, rules=before.rules)
    for name, rule in _differences(before.rules, after.rules):
        yield replace(before, rules=_with_node(before.rules, rule, name))


def _differences(before: tuple[NamedNode, ...], after: tuple[NamedNode, ...]) -> Iterator[tuple[str, NamedNode | None]]:
    """Names with the nodes that are new or say something else; after these, names that are gone, with None."""
    old, new = {node.name: node for node in before}, {node.name: node for node in after}
    for name, node in new.items():
        if old.get(name) != node:
            yield name, node
    yield from ((name, None) for name in old if name not in new)


def _with_node(nodes: tuple[NamedNode, ...], node: NamedNode | None, name: str) -> tuple[NamedNode, ...]:
    """`node` in the place of the one called `name`, or at the end; without a node that one is taken out."""
    new = () if node is None else (node,)
    for index, other in enumerate(nodes):
        if other.name == name:
            return (*nodes[:index], *new, *nodes[index + 1 :])
    return (*nodes, *new)
