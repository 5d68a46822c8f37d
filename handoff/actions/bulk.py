"""One act on many hand-offs: each by itself, so that what is refused for one leaves the others done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from handoff.actions.undo import undo_last_step
from handoff.errors import RefusedError
from handoff.models import Handoff

Act = Callable[[Handoff], None]


@dataclass(frozen=True, kw_only=True)
class Refused:
    """One hand-off that was left as it is, and why."""

    handoff: Handoff
    reason: str


@dataclass(frozen=True, kw_only=True)
class BulkResult:
    done: list[Handoff]
    refused: list[Refused]


def for_each(handoffs: Iterable[Handoff], act: Act) -> BulkResult:
    """Do `act` to each, which is a transaction of its own, and tell what it refused."""
    done, refused = [], []
    for handoff in handoffs:
        try:
            act(handoff)
        except RefusedError as refusal:
            refused.append(Refused(handoff=handoff, reason=str(refusal)))
        else:
            done.append(handoff)
    return BulkResult(done=done, refused=refused)


def undo_all(*, handoffs: Iterable[Handoff], by: User, now: datetime) -> BulkResult:
    """Take back the last step of each, as one act: those of which it is too late are told."""
    return for_each(handoffs, lambda handoff: undo_last_step(handoff=handoff, by=by, now=now))
