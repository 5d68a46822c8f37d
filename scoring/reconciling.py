"""Two edits of one document put together: pure functions over the raw rule language.

Whoever changed something wins over whoever did not; where both changed the same thing differently, neither is lost:
it is a Clash. The things are single rules, the bounds of a group, hot definitions, the rules of stages, and the other
top entries.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scoring.drafting import Document, Entry, groups_of, rules_of, stages_of

ABSENT = object()
Named = dict[str, Any]


class Clash(Exception):
    """Both sides changed the same thing; `what` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def reconciled(base: Document, mine: Document, theirs: Document) -> Document:
    """`theirs` with what `mine` changed since `base`. Raises Clash."""
    merged = {}
    for key in dict.fromkeys([*theirs, *mine]):
        if key in ("groups", "hot", "stages"):
            continue
        value = _chosen(base.get(key, ABSENT), mine.get(key, ABSENT), theirs.get(key, ABSENT), key)
        if value is not ABSENT:
            merged[key] = value
    if stages := _merged(*map(stages_of, (base, mine, theirs)), where="stages"):
        merged["stages"] = stages
    merged["groups"] = _groups(groups_of(base), groups_of(mine), groups_of(theirs))
    hot = [document.get("hot") for document in (base, mine, theirs)]
    if all(each is None for each in hot):
        return merged
    return merged | {"hot": list(_merged(*map(_named, hot), where="hot").values())}


def _chosen(base: Any, mine: Any, theirs: Any, what: str) -> Any:
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    raise Clash(what)


def _named(entries: Any) -> Named:
    """Entries by name. Two of one name cannot be told apart: a Clash."""
    listed = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    named = {str(entry.get("name", "")): entry for entry in listed}
    if len(named) < len(listed):
        raise Clash("name")
    return named


def _groups(base: list[Entry], mine: list[Entry], theirs: list[Entry]) -> list[Entry]:
    sides = [_named(side) for side in (base, mine, theirs)]
    bounds = _merged(*[{name: _bounds(group) for name, group in side.items()} for side in sides], where="groups")
    rules = [{name: _named(rules_of(group)) for name, group in side.items()} for side in sides]
    _refuse_orphans(bounds, *rules)
    return [
        {**own, "rules": list(_merged(*[side.get(name, {}) for side in rules], where=name).values())}
        for name, own in bounds.items()
    ]


def _bounds(group: Entry) -> Entry:
    return {key: value for key, value in group.items() if key != "rules"}


def _refuse_orphans(kept: Named, base: Named, mine: Named, theirs: Named) -> None:
    """A group that one side deleted must not take along a rule that the other side wrote into it meanwhile."""
    for name in [name for name in base if name not in kept]:
        for side in (mine, theirs):
            if name in side and side[name] != base[name]:
                raise Clash(name)


def _merged(base: Named, mine: Named, theirs: Named, *, where: str) -> Named:
    """Entries of one list, in the order of whichever side moved them."""
    values = {}
    for name in dict.fromkeys([*theirs, *mine]):
        values[name] = _chosen(base.get(name, ABSENT), mine.get(name, ABSENT), theirs.get(name, ABSENT), name)
    kept = {name for name, value in values.items() if value is not ABSENT}
    return {name: values[name] for name in _order(list(base), list(mine), list(theirs), kept, where)}


def _order(base: list[str], mine: list[str], theirs: list[str], kept: set[str], where: str) -> list[str]:
    common = {name for name in base if name in mine and name in theirs}
    orders = [_only(side, common) for side in (base, mine, theirs)]
    if orders[1] in (orders[0], orders[2]):
        return _with(_only(theirs, kept), _only(mine, kept))
    if orders[2] == orders[0]:
        return _with(_only(mine, kept), _only(theirs, kept))
    raise Clash(where)


def _only(names: Iterable[str], kept: set[str]) -> list[str]:
    return [name for name in names if name in kept]


def _with(order: list[str], other: list[str]) -> list[str]:
    """`order`, and what only `other` has, each behind the one it stood behind there."""
    order = list(order)
    for at, name in enumerate(other):
        if name not in order:
            order.insert(order.index(other[at - 1]) + 1 if at else 0, name)
    return order
