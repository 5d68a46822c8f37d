"""Proposing leads that may be one person, and what people decide about them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import pghistory
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from background.transactions import retrying
from leads.actions.merge import merge_leads, undo_merge
from leads.enums import TWO_PEOPLE, DuplicateState, Likeness
from leads.errors import MergeRefusedError
from leads.identity.people import Reason, Verdict
from leads.models import CommonValue, Duplicate, Lead, Merge
from leads.queries.likenesses import COMMON, COMMON_KINDS, Pair, Search, digest, people, search_for, verdicts_of
from leads.queries.merges import made_together
from leads.statements import (
    FORGET_COMMON_VALUES,
    KEEP_COMMON_VALUES,
    MARK_HOLDERS,
    NAME_PAIRS,
    PAIRS_OF_LEADS,
    PROPOSE_DUPLICATES,
    REPLACE_IDENTITY_KEYS,
    TAKE_DUPLICATE_MARKS,
)

BATCH = 1_000  # leads
MOST_MARKED = 10_000  # leads of values that became common in one batch
SEARCHING = 8_117_245  # the advisory lock of the search


@retrying
@transaction.atomic
def find_duplicates(*, now: datetime, limit: int = BATCH) -> int:
    """Judge the leads that are new or changed, the oldest first; returns how many marks were taken.

    What is not proposed any more goes, except what people said: two people stay two. One search runs at a time: two
    of them would not see each other's new keys. So nothing depends on who came first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEARCHING])
        cursor.execute(TAKE_DUPLICATE_MARKS, {"most": limit})
        marks = {pk for (pk,) in cursor.fetchall()}
    if not marks:
        return 0
    search = search_for(people(marks))
    store_keys(marks, search, now)
    found = verdicts_of(search)
    touching = Duplicate.objects.filter(Q(first__in=marks) | Q(second__in=marks))
    stale = {
        pk: pair
        for pk, *pair in touching.exclude(state__in=TWO_PEOPLE).values_list("pk", "first_id", "second_id")
        if tuple(pair) not in found
    }
    Duplicate.objects.filter(pk__in=stale).delete()
    propose(found, now)
    name_groups(marks.union(*found, *stale.values()))
    return len(marks)


def propose(found: Mapping[Pair, Verdict], now: datetime) -> None:
    """Store what was found of these pairs (lower id, higher id)."""
    verdicts = found.values()
    given: dict[str, Any] = {
        "firsts": [first for first, _second in found],
        "seconds": [second for _first, second in found],
        "sureness": [verdict.sureness for verdict in verdicts],
        "findings": [verdict.finding.value for verdict in verdicts],
        "probabilities": [verdict.probability for verdict in verdicts],
        "reasons": [json.dumps(kinds_for(verdict.reasons)) for verdict in verdicts],
        "grounds": [json.dumps([as_row(reason) for reason in verdict.reasons]) for verdict in verdicts],
        "evidence": [json.dumps(verdict.evidence) for verdict in verdicts],
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(PROPOSE_DUPLICATES, given)


def as_row(reason: Reason) -> tuple[str, str, float, str, str]:
    return reason.kind, reason.level, reason.bits, reason.one, reason.other


def kinds_for(reasons: Collection[Reason]) -> list[str]:
    """What of two leads speaks for one person, in the order in which it is listed."""
    given = {reason.kind for reason in reasons if reason.is_for}
    return [kind.value for kind in Likeness if kind in given]


def store_keys(marks: Collection[int], search: Search, now: datetime) -> None:
    """Keep by which values these leads are found; whoever has a value that became common, or is no more, is marked."""
    digests = {key: digest(key) for own in search.keys.values() for key in own}
    rows = [(digests[key], pk) for pk, own in search.keys.items() for key in own]
    common = [key for key in sorted(search.common) if key[0] in COMMON_KINDS]
    given: dict[str, Any] = {"keys": [key for key, _pk in rows], "holders": [pk for _key, pk in rows]}
    with connection.cursor() as cursor:
        cursor.execute(REPLACE_IDENTITY_KEYS, given | {"leads": sorted(marks)})
        left = [key for (key,) in cursor.fetchall()]
        values: dict[str, Any] = {
            "kinds": [COMMON_KINDS[key[0]].value for key in common],
            "values": [key[2:] for key in common],
        }
        cursor.execute(KEEP_COMMON_VALUES, values | {"keys": [digests[key] for key in common], "now": now})
        changed = [key for (key,) in cursor.fetchall()]
        cursor.execute(FORGET_COMMON_VALUES, {"keys": left, "most": COMMON})
        changed += [key for (key,) in cursor.fetchall()]
        cursor.execute(MARK_HOLDERS, {"keys": changed, "most": MOST_MARKED})


def name_groups(leads: Collection[int]) -> None:
    """Name the groups anew in which these leads are: what hangs together by pairs of one state, by its lowest lead.

    Each pair also bears the best sureness of its group.
    """
    pairs = connected_pairs(leads)
    changes: list[tuple[int, int, int]] = []
    for state in (DuplicateState.OPEN, DuplicateState.LATER):
        own = [pair for pair in pairs if pair.state == state]
        group_of = {lead: min(group) for group in hanging_together(own) for lead in group}
        best: dict[int, int] = {}
        for pair in own:
            name = group_of[pair.first]
            best[name] = min(pair.sureness, best.get(name, pair.sureness))
        for pair in own:
            name = group_of[pair.first]
            if (pair.group, pair.group_sureness) != (name, best[name]):
                changes.append((pair.pk, name, best[name]))
    if changes:
        ids, names, sureness = zip(*sorted(changes), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(NAME_PAIRS, {"pairs": list(ids), "groups": list(names), "sureness": list(sureness)})


class GroupedPair(NamedTuple):
    """A pair that waits for a decision, and the group it is in."""

    pk: int
    first: int
    second: int
    state: str
    sureness: int
    group: int
    group_sureness: int


def connected_pairs(leads: Collection[int]) -> list[GroupedPair]:
    """All pairs that hang together with one of these leads, over however many others."""
    found: dict[int, GroupedPair] = {}
    seen: set[int] = set()
    ahead = set(leads)
    while ahead:
        with connection.cursor() as cursor:
            cursor.execute(PAIRS_OF_LEADS, {"leads": sorted(ahead)})
            rows = [GroupedPair(*row) for row in cursor.fetchall()]
        found |= {row.pk: row for row in rows}
        seen |= ahead
        ahead = {lead for row in rows for lead in (row.first, row.second)} - seen
    return list(found.values())


def hanging_together(pairs: Collection[GroupedPair]) -> list[set[int]]:
    group_of: dict[int, set[int]] = {}
    for pair in pairs:
        one = group_of.setdefault(pair.first, {pair.first})
        other = group_of.setdefault(pair.second, {pair.second})
        if one is other:
            continue
        small, large = sorted((one, other), key=len)
        large |= small
        group_of |= dict.fromkeys(small, large)
    return list({id(group): group for group in group_of.values()}.values())


@transaction.atomic
def decide_duplicates(*, leads: Collection[int], state: DuplicateState, by: User, now: datetime) -> int:
    """Say of all proposed pairs among these leads that they are two people, are for later, or are open again.

    Returns how many pairs that changed.
    """
    pairs = Duplicate.objects.filter(first__in=leads, second__in=leads).exclude(state=state)
    with pghistory.context(user=by.pk):
        changed = pairs.update(state=state, decided_at=now, decided_by=by)
    touched = Duplicate.objects.filter(Q(first__in=leads) | Q(second__in=leads)).values_list("first_id", "second_id")
    name_groups({pk for pair in touched for pk in pair})
    return changed


@transaction.atomic
def merge_group(*, kept: Lead, others: Sequence[Lead], by: User, now: datetime) -> list[Merge]:
    """Make one lead of all of a group, one after the other, all or none. Raises MergeRefusedError."""
    if not others:
        raise MergeRefusedError(_("Nothing to merge: all other leads were taken out. Put one back in."))
    merges = [merge_leads(kept=kept, merged=other, by=by, now=now) for other in others]
    forget_proposals({other.pk for other in others})
    return merges


def forget_proposals(gone: Collection[int]) -> None:
    """Remove what was proposed of leads that were merged away, and name the groups anew that they were in."""
    proposed = Duplicate.objects.filter(Q(first__in=gone) | Q(second__in=gone)).exclude(state__in=TWO_PEOPLE)
    touched = {pk for pair in proposed.values_list("first_id", "second_id") for pk in pair}
    proposed.delete()
    name_groups(touched - set(gone))


@transaction.atomic
def set_value_counts(*, value: CommonValue, counts: bool, by: User, now: datetime) -> None:
    """Say whether a value that many leads have is evidence all the same; its holders are judged anew."""
    value.counts, value.decided_at, value.decided_by = counts, now, by
    with pghistory.context(user=by.pk):
        value.save()
    with connection.cursor() as cursor:
        cursor.execute(MARK_HOLDERS, {"keys": [value.key], "most": MOST_MARKED})


@transaction.atomic
def undo_group(*, merge: Merge, by: User, now: datetime) -> int:
    """Take back all that was merged at once with this merge, the last one first: all or none. Returns how many.

    Raises MergeRefusedError.
    """
    merges = made_together(merge)
    if not merges:
        raise MergeRefusedError(_("This merge has already been undone. Reload the page to see the current state."))
    for each in merges:
        undo_merge(merge=each, by=by, now=now)
    return len(merges)
