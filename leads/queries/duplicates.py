"""The list of proposed duplicates: groups, the surest first, of leads that the reader sees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from accounts.models import User
from leads.access import SEES_ALL, visible_leads
from leads.enums import TWO_PEOPLE, DuplicateState, Likeness, Sureness
from leads.models import Duplicate, Lead
from leads.queries.contact_data import reveal
from leads.queries.duplicate_reasons import ReasonWords, reasons_of
from leads.queries.merge_values import WAY
from leads.queries.merges import after_merging, words_by_field
from web.paging import Cursor, Order, Page, page_of

BY_GROUP = Order(name="group", keys=("group_sureness", "group"))
MOST_MEMBERS = 20
PAGE = 25


@dataclass(frozen=True, kw_only=True)
class Group:
    """Leads that may be one person, the one to keep first, with what speaks for it.

    `number` is that of the group; for two leads that were called two people it is that of the pair.
    """

    number: int
    sureness: Sureness
    reasons: list[Likeness]
    leads: list[Lead]
    pairs: list[Duplicate] = field(default_factory=list)

    @property
    def surest(self) -> Duplicate:
        """The pair that is most probably one person."""
        return max(self.pairs, key=lambda pair: pair.probability)

    @property
    def chips(self) -> list[ReasonWords]:
        """What speaks for one person and against it, of the surest pair."""
        return reasons_of(self.surest)


@dataclass(frozen=True, kw_only=True)
class GroupLine:
    """One field of all leads of a group in words, and what the lead that is kept will say."""

    label: str
    values: list[str]
    after: str
    leads: tuple[str, ...] = ()
    """What each value's lead is called above its column."""

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Each value below what its lead is called."""
        return list(zip(self.leads, self.values, strict=True))

    @property
    def is_equal(self) -> bool:
        return len(set(self.values)) == 1

    @property
    def changes(self) -> bool:
        return self.values[0] != self.after


@dataclass(frozen=True, kw_only=True)
class DuplicateFilter:
    """Which proposals are wanted: of one state, as sure as this, for these reasons."""

    state: str = DuplicateState.OPEN
    sureness: int | None = None
    reasons: tuple[str, ...] = ()


def visible_pairs(user: User) -> QuerySet[Duplicate]:
    """Pairs of which `user` sees both leads."""
    pairs = Duplicate.objects.filter(first__merged_into=None, second__merged_into=None)
    if user.role in SEES_ALL:
        return pairs
    seen = visible_leads(user).values("pk")
    return pairs.filter(first__in=seen, second__in=seen)


def filtered(user: User, wanted: DuplicateFilter) -> QuerySet[Duplicate]:
    pairs = visible_pairs(user).filter(state=wanted.state)
    if wanted.sureness is not None:
        pairs = pairs.filter(group_sureness=wanted.sureness)
    return pairs.filter(reasons__contains=list(wanted.reasons)) if wanted.reasons else pairs


def count_groups(user: User, most: int) -> int:
    """How many groups wait for a decision of `user`, counted no further than `most`."""
    groups = visible_pairs(user).filter(state=DuplicateState.OPEN).order_by().values("group").distinct()
    return groups[:most].count()


def counts_by_sureness(user: User, wanted: DuplicateFilter) -> dict[int, int]:
    """How many groups there are of each sureness, whichever of them is wanted."""
    every = filtered(user, DuplicateFilter(state=wanted.state, reasons=wanted.reasons))
    rows = every.order_by().values_list("group_sureness").annotate(Count("group", distinct=True))
    return dict(rows)


def page_of_groups(user: User, wanted: DuplicateFilter, cursor: Cursor) -> Page[Group]:
    """One page of groups, in a fixed number of statements. What was called two people is listed pair by pair."""
    if wanted.state in TWO_PEOPLE:
        pairs = filtered(user, wanted).select_related("decided_by", *RELATED)
        page_of_pairs = page_of(pairs, Order.by("-decided_at"), cursor, PAGE)
        return page_of_pairs.showing([group_of(user, pair.pk, [pair]) for pair in page_of_pairs.rows])
    keys = filtered(user, wanted).order_by().values("group_sureness", "group").distinct()
    page = page_of(keys, BY_GROUP, cursor, PAGE)
    found = groups(user, [row["group"] for row in page.rows], state=wanted.state)
    return page.showing([found[row["group"]] for row in page.rows if row["group"] in found])


RELATED = tuple(f"{side}__{name}" for side in ("first", "second") for name in ("company", "source", "owner", "team"))


def groups(user: User, numbers: Sequence[int], *, state: str) -> dict[int, Group]:
    """These groups by number, with the leads and pairs that `user` sees."""
    by_group: dict[int, list[Duplicate]] = defaultdict(list)
    for pair in visible_pairs(user).filter(state=state, group__in=numbers).select_related(*RELATED).order_by("pk"):
        by_group[pair.group].append(pair)
    return {number: group_of(user, number, pairs) for number, pairs in by_group.items()}


def group_of(user: User | None, number: int, pairs: list[Duplicate]) -> Group:
    """A group from its pairs; the lead to keep is the one furthest on the way to the purchase, then the oldest."""
    leads = list({lead.pk: lead for pair in pairs for lead in (pair.first, pair.second)}.values())
    if user is not None:
        reveal(user, leads)
    leads.sort(key=lambda lead: (-WAY.index(lead.stage) if lead.stage in WAY else 1, lead.created_at, lead.pk))
    given = {reason for pair in pairs for reason in pair.reasons}
    return Group(
        number=number,
        sureness=Sureness(min(pair.sureness for pair in pairs)),
        reasons=[reason for reason in Likeness if reason in given],
        leads=leads[:MOST_MEMBERS],
        pairs=pairs,
    )


def next_group(user: User, wanted: DuplicateFilter, after: tuple[int, int]) -> int | None:
    """The number of the group behind this one (sureness, number) of the list, else of its first; None for none."""
    keys = filtered(user, wanted).order_by().values_list("group_sureness", "group").distinct()
    behind = keys.filter(BY_GROUP.beyond(after)).order_by(*BY_GROUP.expressions()).first()
    found = behind or keys.order_by(*BY_GROUP.expressions()).first()
    return int(found[1]) if found else None


def lines_of(leads: Sequence[Lead]) -> list[GroupLine]:
    """Field by field what each lead says, and what the first one will say after the others were merged into it."""
    words, names = [words_by_field(lead) for lead in leads], tuple(f"#{lead.pk}" for lead in leads)
    result = words_by_field(after_merging(leads[0], leads[1:]))
    lines = [
        GroupLine(label=label, values=[each[place][1] for each in words], after=after, leads=names)
        for place, (label, after) in enumerate(result)
    ]
    return [line for line in lines if any(line.values)]
