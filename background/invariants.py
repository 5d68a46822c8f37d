"""What is never untrue at rest. Each app registers its invariants when it is ready; `manage.py verify` checks them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One thing that is untrue, in words; and the lead whose re-scoring would mend it, if that would."""

    text: str
    lead_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Invariant:
    """A named check. `find` yields what violates it at `now`; nothing, if all is well."""

    name: str
    says: str | Promise
    find: Callable[[datetime], Iterable[Violation]]


_invariants: dict[str, Invariant] = {}


def register_invariants(*invariants: Invariant) -> None:
    """Make invariants known; called once by each app when it is ready."""
    for invariant in invariants:
        if invariant.name in _invariants:
            raise ValueError(f"{invariant.name} is registered twice")
        _invariants[invariant.name] = invariant


def invariants() -> Iterator[Invariant]:
    """All of them, in the order of the apps."""
    yield from _invariants.values()
