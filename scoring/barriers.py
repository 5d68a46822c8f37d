"""Named points in the scorer where a test can stop, look or kill. In production they are a look at an empty dict."""

from __future__ import annotations

from collections.abc import Callable

_waiting: dict[str, Callable[[], None]] = {}


def barrier(name: str) -> None:
    """Nothing, unless a test waits here."""
    if _waiting and (action := _waiting.get(name)):
        action()


def at_barrier(name: str, action: Callable[[], None] | None) -> None:
    """Have `action` called whenever `barrier(name)` is passed; None takes it away. For tests only."""
    if action is None:
        _waiting.pop(name, None)
    else:
        _waiting[name] = action
