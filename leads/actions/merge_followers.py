"""Rows of other apps that hang on a lead and go along when it is merged: each app registers how its own do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from accounts.models import User
from leads.models import Merge

# By merge id, what undo needs of the rows that moved: `{7: {"answers": [1, 2]}}`.
Followed = dict[int, dict[str, list[Any]]]


class Follow(Protocol):
    """Moves rows from the `merged` to the `kept` leads, inside the merge's transaction, and returns what undo needs.

    A merge is given again when rows of the merged lead arrive late.
    """

    def __call__(self, *, merges: Sequence[Merge], now: datetime) -> Followed: ...


class Unfollow(Protocol):
    """Moves the rows back, inside the transaction that takes the merge back; `merge.moved` holds what was returned."""

    def __call__(self, *, merge: Merge, by: User, now: datetime) -> None: ...


@dataclass(frozen=True, kw_only=True)
class MergeFollower:
    """How the rows of one app follow."""

    follow: Follow
    undo: Unfollow


_followers: list[MergeFollower] = []


def register_merge_follower(follower: MergeFollower) -> None:
    """Called once by an app when it is ready. Followers run in the order of the apps."""
    _followers.append(follower)


def merge_followers() -> Sequence[MergeFollower]:
    """All that are registered, in order."""
    return tuple(_followers)
