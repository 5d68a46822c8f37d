"""Groups that may be merged in one go: small ones in which everything speaks for one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from accounts.models import User
from leads.enums import TWO_PEOPLE, DuplicateState, Finding, Sureness
from leads.identity.people import judge
from leads.models import Duplicate
from leads.queries.duplicates import RELATED as WITH_LEADS
from leads.queries.duplicates import Group, group_of, visible_pairs
from leads.queries.likenesses import people, search_for

MOST_MEMBERS = 5  # a larger group is a sign of loose evidence: people look at it
MOST_GROUPS = 500  # of one run


def certain_groups(user: User | None, *, threshold: float = 0.0, most: int = MOST_GROUPS) -> list[Group]:
    """The groups that `user` sees whole and in which all leads are surely one person; for None those of everybody.

    `threshold` is the least probability of each pair that joins them.
    """
    pairs = Duplicate.objects.filter(first__merged_into=None, second__merged_into=None)
    sure = pairs.filter(state=DuplicateState.OPEN, group_sureness=Sureness.SURE)
    numbers = list(sure.order_by("group").values_list("group", flat=True).distinct()[:most])
    by_group: dict[int, list[Duplicate]] = defaultdict(list)
    for pair in sure.filter(group__in=numbers).select_related(*WITH_LEADS).order_by("pk"):
        by_group[pair.group].append(pair)
    seen = None if user is None else set(visible_pairs(user).filter(group__in=numbers).values_list("pk", flat=True))
    return [
        group_of(user, number, found)
        for number, found in by_group.items()
        if (seen is None or {pair.pk for pair in found} <= seen) and is_certain(found, threshold)
    ]


def is_certain(pairs: Sequence[Duplicate], threshold: float) -> bool:
    """Whether the sure pairs hold all leads of a small group together, and nothing makes two of them two people."""
    members = {pk for pair in pairs for pk in (pair.first_id, pair.second_id)}
    sure = [pair for pair in pairs if pair.finding == Finding.SAME and pair.probability >= threshold]
    if len(members) > MOST_MEMBERS or reached(sure) != members:
        return False
    decided = Duplicate.objects.filter(first__in=members, second__in=members, state__in=TWO_PEOPLE)
    return not decided.exists() and not contradicted(members, {(pair.first_id, pair.second_id) for pair in pairs})


def reached(pairs: Sequence[Duplicate]) -> set[int]:
    """The leads that hang together with the first pair."""
    found: set[int] = {pairs[0].first_id} if pairs else set()
    for _step in pairs:
        found |= {
            pk for pair in pairs for pk in (pair.first_id, pair.second_id) if {pair.first_id, pair.second_id} & found
        }
    return found


def contradicted(members: Iterable[int], proposed: set[tuple[int, int]]) -> bool:
    """Whether two of these leads that nothing proposes are colleagues or two people."""
    rest = [pair for pair in combinations(sorted(members), 2) if pair not in proposed]
    if not rest:
        return False
    known = people(members)
    common = search_for(known).common
    verdicts = (judge(known[one], known[other], common=common) for one, other in rest)
    return any(verdict.finding in (Finding.RELATED, Finding.DIFFERENT) for verdict in verdicts)
