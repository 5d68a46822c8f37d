"""Lists in a section of the policy: what a file says may be anything, and names are given once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from handoff.policy.problems import PolicyProblem

NAME = 80  # characters


def is_in(value: Any, known: Collection[Any]) -> bool:
    """Whether a value is one of the known ones; what a file says may be anything, a list too."""
    return isinstance(value, str | int) and not isinstance(value, bool) and value in known


def is_whole(value: Any, first: int, last: int) -> bool:
    """Whether a value is a whole number within bounds."""
    return isinstance(value, int) and not isinstance(value, bool) and first <= value <= last


def entries_of(raw: Mapping[str, Any], name: str, most: int) -> tuple[list[Any], list[PolicyProblem]]:
    """The entries of a list of the document, and what is wrong with it as a whole; then there are none."""
    entries = raw.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        return [], [PolicyProblem(path=name, text=_("Write a list."))]
    if len(entries) > most:
        return [], [PolicyProblem(path=name, text=_("At most %(most)s are possible.") % {"most": most})]
    return entries, []


def name_problem(name: Any, path: str, seen: Collection[str]) -> Iterator[PolicyProblem]:
    """What is wrong with the name of an entry, where `seen` are those of the entries above."""
    if not isinstance(name, str) or not name.strip():
        yield PolicyProblem(path=path, text=_("Enter a name."))
    elif len(name) > NAME:
        yield PolicyProblem(path=path, text=_("Enter at most %(most)s characters.") % {"most": NAME})
    elif name in seen:
        yield PolicyProblem(path=path, text=_("The name “%(name)s” is used twice. Rename one.") % {"name": name})
