"""Two edits of one document put together: pure functions over the raw rule language.

Whoever changed something wins over whoever did not; where both changed the same thing differently, neither is lost:
it is a MergeConflictError. The things are single rules, the settings of a group (its bounds together, the others
each), hot definitions, the rules of stages, and the other top entries. A group keeps its rules under another name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from studio.draft.document import Document, Entry, groups_of, rules_of, stages_of

ABSENT = object()
Named = dict[str, Any]
BOUNDS = ("min", "max")  # one thing: two halves of two people may leave no room between them


class MergeConflictError(Exception):
    """Both sides changed the same thing; `what` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def reconciled(base: Document, mine: Document, theirs: Document) -> Document:
    """`theirs` with what `mine` changed since `base`. Raises MergeConflictError."""
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
    hot = _merged(*[_named(document.get("hot")) for document in (base, mine, theirs)], where="hot")
    return merged | ({"hot": list(hot.values())} if hot else {})


def _chosen(base: Any, mine: Any, theirs: Any, what: str) -> Any:
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    raise MergeConflictError(what)


def _named(entries: Any) -> Named:
    """Entries by name. Two of one name cannot be told apart: a MergeConflictError."""
    listed = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    named = {_name(entry): entry for entry in listed}
    if len(named) < len(listed):
        raise MergeConflictError("name")
    return named


def _groups(base: list[Entry], mine: list[Entry], theirs: list[Entry]) -> list[Entry]:
    renamed = _renamed(base, mine, theirs)
    sides = [_named(_called(side, renamed)) for side in (base, mine, theirs)]
    settings = [{name: _settings(group) for name, group in side.items()} for side in sides]
    kept = _merged(*settings, where="groups", choose=_chosen_by_part)
    rules = [{name: _named(rules_of(group)) for name, group in side.items()} for side in sides]
    _refuse_orphans(kept, *rules)
    return [
        {**own, "rules": list(_merged(*[side.get(name, {}) for side in rules], where=name).values())}
        for name, own in kept.items()
    ]


def _renamed(base: list[Entry], mine: list[Entry], theirs: list[Entry]) -> dict[str, str]:
    """New names by the old ones, of either side. Raises MergeConflictError where both gave one group another name."""
    ours, others = _renamed_by(base, mine), _renamed_by(base, theirs)
    for name in ours.keys() & others.keys():
        _chosen(name, ours[name], others[name], name)
    return ours | others


def _renamed_by(base: list[Entry], side: list[Entry]) -> dict[str, str]:
    """Groups that stand where they stood, with the rules that they had, under a name that nobody had."""
    before, after = {_name(group) for group in base}, {_name(group) for group in side}
    return {
        _name(old): _name(new)
        for old, new in zip(base, side, strict=False)
        if _name(old) not in after and _name(new) not in before and rules_of(old) == rules_of(new)
    }


def _called(groups: list[Entry], names: dict[str, str]) -> list[Entry]:
    return [{**group, "name": names.get(_name(group), group.get("name"))} for group in groups]


def _name(entry: Entry) -> str:
    return str(entry.get("name", ""))


def _settings(group: Entry) -> Entry:
    return {key: value for key, value in group.items() if key != "rules"}


def _chosen_by_part(base: Any, mine: Any, theirs: Any, what: str) -> Any:
    """The settings of a group that all sides have, each part from whoever changed it; else of one side as a whole."""
    if ABSENT in (base, mine, theirs):
        return _chosen(base, mine, theirs, what)
    old, own, others = _parts(base), _parts(mine), _parts(theirs)
    chosen = [
        _chosen(old.get(part, {}), own.get(part, {}), others.get(part, {}), what)
        for part in dict.fromkeys([*others, *own])
    ]
    return {key: value for part in chosen for key, value in part.items()}


def _parts(settings: Entry) -> dict[str, Entry]:
    parts: dict[str, Entry] = {}
    for key, value in settings.items():
        parts.setdefault("bounds" if key in BOUNDS else key, {})[key] = value
    return parts


def _refuse_orphans(kept: Named, base: Named, mine: Named, theirs: Named) -> None:
    """A group that one side deleted must not take along a rule that the other side wrote into it meanwhile."""
    for name in [name for name in base if name not in kept]:
        for side in (mine, theirs):
            if name in side and side[name] != base[name]:
                raise MergeConflictError(name)


def _merged(
    base: Named, mine: Named, theirs: Named, *, where: str, choose: Callable[[Any, Any, Any, str], Any] = _chosen
) -> Named:
    """Entries of one list, in the order of whichever side moved them."""
    values = {}
    for name in dict.fromkeys([*theirs, *mine]):
        values[name] = choose(base.get(name, ABSENT), mine.get(name, ABSENT), theirs.get(name, ABSENT), name)
    kept = {name for name, value in values.items() if value is not ABSENT}
    return {name: values[name] for name in _order(list(base), list(mine), list(theirs), kept, where)}


def _order(base: list[str], mine: list[str], theirs: list[str], kept: set[str], where: str) -> list[str]:
    common = {name for name in base if name in mine and name in theirs}
    orders = [_only(side, common) for side in (base, mine, theirs)]
    if orders[1] in (orders[0], orders[2]):
        return _with(_only(theirs, kept), _only(mine, kept))
    if orders[2] == orders[0]:
        return _with(_only(mine, kept), _only(theirs, kept))
    raise MergeConflictError(where)


def _only(names: Iterable[str], kept: set[str]) -> list[str]:
    return [name for name in names if name in kept]


def _with(order: list[str], other: list[str]) -> list[str]:
    """`order`, and what only `other` has, each behind the one it stood behind there."""
    order = list(order)
    for at, name in enumerate(other):
        if name not in order:
            order.insert(order.index(other[at - 1]) + 1 if at else 0, name)
    return order
