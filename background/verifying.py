"""What is never untrue at rest. Each app adds its own in `invariants.py`; `manage.py verify` asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One thing that is untrue, in words; and the lead whose re-scoring would mend it, if that would."""

    text: str
    lead_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Invariant:
    """A named check. `find` yields what violates it at `now`; nothing, if all is well."""

    name: str
    says: Text
    find: Callable[[datetime], Iterable[Violation]]


_known: dict[str, Invariant] = {}


def invariant(name: str, says: Text) -> Callable[[Callable[[datetime], Iterable[Violation]]], Invariant]:
    """Register a function as a check."""

    def register(find: Callable[[datetime], Iterable[Violation]]) -> Invariant:
        if name in _known:
            raise ValueError(f"{name} is registered twice")
        return _known.setdefault(name, Invariant(name=name, says=says, find=find))

    return register


def invariants() -> Iterator[Invariant]:
    """All checks of all apps, in the order of the apps."""
    autodiscover_modules("invariants")
    yield from _known.values()
