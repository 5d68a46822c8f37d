"""Two edits of one document put together: pure functions over the raw rule language.

Whoever changed something wins over whoever did not; where both changed the same thing differently, neither is lost:
it is a MergeConflictError. The things are single rules, the settings of a group (its bounds together, the others
each), hot definitions, the rules of stages, and the other top entries. A group keeps its rules under another name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from studio.draft.document import Document, Entry, groups_of, rules_of, stages_of
from studio.errors import StudioError

ABSENT = object()
Named = dict[str, Any]
BOUNDS = ("min", "max")  # one thing: two halves of two people may leave no room between them


class MergeConflictError(StudioError):
    """Both sides changed the same thing; `what` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def merge(base: Document, ours: Document, theirs: Document) -> Document:
    """`theirs` with what `ours` changed since `base`. Raises MergeConflictError."""
    merged: Document = {}
    for key in dict.fromkeys([*theirs, *ours]):
        if key not in ("groups", "hot", "stages"):
            value = _merge_value(base.get(key, ABSENT), ours.get(key, ABSENT), theirs.get(key, ABSENT), key)
            if value is not ABSENT:
                merged[key] = value
    if stages := _merge_named(stages_of(base), stages_of(ours), stages_of(theirs), where="stages"):
        merged["stages"] = stages
    merged["groups"] = _merge_groups(groups_of(base), groups_of(ours), groups_of(theirs))
    hot = _merge_named(*[_by_name(document.get("hot")) for document in (base, ours, theirs)], where="hot")
    return merged | ({"hot": list(hot.values())} if hot else {})


def _merge_value(base: Any, ours: Any, theirs: Any, what: str) -> Any:
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    raise MergeConflictError(what)


def _by_name(entries: Any) -> Named:
    """Entries by name. Two of one name cannot be told apart: a MergeConflictError."""
    listed = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    named = {_name(entry): entry for entry in listed}
    if len(named) < len(listed):
        raise MergeConflictError("name")
    return named


def _name(entry: Entry) -> str:
    return str(entry.get("name", ""))


# --- groups ----------------------------------------------------------------------------------------------------------


def _merge_groups(base: list[Entry], ours: list[Entry], theirs: list[Entry]) -> list[Entry]:
    """Settings and rules each by themselves. A group of a side that renamed it is compared under the new name."""
    new_names, their_names = _new_names(base, ours), _new_names(base, theirs)
    for name in new_names.keys() & their_names.keys():
        _merge_value(name, new_names[name], their_names[name], name)
    new_names |= their_names
    sides = [
        _by_name([{**group, "name": new_names.get(_name(group), group.get("name"))} for group in side])
        for side in (base, ours, theirs)
    ]
    settings = [
        {name: {key: value for key, value in group.items() if key != "rules"} for name, group in side.items()}
        for side in sides
    ]
    kept = _merge_named(*settings, where="groups", merge_one=_merge_settings)
    rules = [{name: _by_name(rules_of(group)) for name, group in side.items()} for side in sides]
    _refuse_orphans(kept, *rules)
    return [
        {**own, "rules": list(_merge_named(*[side.get(name, {}) for side in rules], where=name).values())}
        for name, own in kept.items()
    ]


def _new_names(base: list[Entry], side: list[Entry]) -> dict[str, str]:
    """By the old name, the new one of groups that stand where they stood, with their rules, under an unused name."""
    before, after = {_name(group) for group in base}, {_name(group) for group in side}
    return {
        _name(old): _name(new)
        for old, new in zip(base, side, strict=False)
        if _name(old) not in after and _name(new) not in before and rules_of(old) == rules_of(new)
    }


def _merge_settings(base: Any, ours: Any, theirs: Any, what: str) -> Any:
    """The settings of a group that all sides have, each part from whoever changed it; else of one side as a whole."""
    if ABSENT in (base, ours, theirs):
        return _merge_value(base, ours, theirs, what)
    old, own, others = _parts(base), _parts(ours), _parts(theirs)
    merged: Entry = {}
    for part in dict.fromkeys([*others, *own]):
        merged |= _merge_value(old.get(part, {}), own.get(part, {}), others.get(part, {}), what)
    return merged


def _parts(settings: Entry) -> dict[str, Entry]:
    parts: dict[str, Entry] = {}
    for key, value in settings.items():
        parts.setdefault("bounds" if key in BOUNDS else key, {})[key] = value
    return parts


def _refuse_orphans(kept: Named, base: Named, ours: Named, theirs: Named) -> None:
    """A group that one side deleted must not take along a rule that the other side wrote into it meanwhile."""
    for name in [name for name in base if name not in kept]:
        for side in (ours, theirs):
            if name in side and side[name] != base[name]:
                raise MergeConflictError(name)


# --- lists of entries with names -------------------------------------------------------------------------------------


def _merge_named(
    base: Named,
    ours: Named,
    theirs: Named,
    *,
    where: str,
    merge_one: Callable[[Any, Any, Any, str], Any] = _merge_value,
) -> Named:
    """Entries of one list, in the order of whichever side moved them. Raises MergeConflictError where both did."""
    values = {
        name: merge_one(base.get(name, ABSENT), ours.get(name, ABSENT), theirs.get(name, ABSENT), name)
        for name in dict.fromkeys([*theirs, *ours])
    }
    kept = {name for name, value in values.items() if value is not ABSENT}
    common = {name for name in base if name in ours and name in theirs}
    old, own, others = ([name for name in side if name in common] for side in (base, ours, theirs))
    first, second = ([name for name in side if name in kept] for side in (theirs, ours))
    if own not in (old, others):
        if others != old:
            raise MergeConflictError(where)
        first, second = second, first
    return {name: values[name] for name in _with_missing(first, second)}


def _with_missing(order: list[str], other: list[str]) -> list[str]:
    """`order`, and what only `other` has, each behind the one it stood behind there."""
    order = list(order)
    for index, name in enumerate(other):
        if name not in order:
            order.insert(order.index(other[index - 1]) + 1 if index else 0, name)
    return order
