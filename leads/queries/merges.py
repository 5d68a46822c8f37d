"""The merges of a lead: which stand, which can be taken back, and what it would mean to merge two."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from accounts.models import User
from leads.access import visible_leads
from leads.models import Lead, Merge
from leads.queries.facts import fact_of, facts_of
from leads.queries.likenesses import likenesses
from leads.queries.merge_values import changes_of
from leads.queries.search import searched
from leads.statements import COUNT_SHARED_ACTIVITIES

MOST = 10
MOST_CANDIDATES = 20


def later_merge(merge: Merge) -> Merge | None:
    """A merge that builds on this one and has to be taken back before it."""
    later = Merge.objects.filter(Q(kept=merge.kept_id) | Q(merged=merge.kept_id), pk__gt=merge.pk, undone_at=None)
    return later.select_related("kept", "merged").order_by("-pk").first()


def made_together(merge: Merge) -> list[Merge]:
    """What stands of the merges that one press made of a group, the newest first."""
    return list(Merge.objects.filter(kept=merge.kept_id, at=merge.at, by=merge.by_id, undone_at=None).order_by("-pk"))


def made_in_one_run(merge: Merge) -> list[Merge]:
    """What stands of all merges of one run, the newest first: they bear one instant."""
    return list(Merge.objects.filter(at=merge.at, by=merge.by_id, origin=merge.origin, undone_at=None).order_by("-pk"))


def merges_into(lead: Lead) -> list[Merge]:
    """What the lead was put together from, the newest first: only that one can be taken back."""
    standing = Merge.objects.filter(kept=lead, undone_at=None).select_related("merged", "by")
    return list(standing.order_by("-pk")[:MOST])


def former_names(lead: Lead, column: str) -> set[str]:
    """The e-mails or external ids of the leads that were merged into this one, directly or through others, and other
    e-mails of its own.
    """
    found: set[str] = set(lead.other_emails) if column == "email" else set()
    here = {lead.pk}
    while here:
        below = list(Lead.objects.filter(merged_into__in=here).values_list("pk", column))
        found |= {name for _pk, name in below if name}
        here = {pk for pk, _name in below}
    return found


@dataclass(frozen=True, kw_only=True)
class MergeLine:
    """One field of two leads in words, and what the lead that is kept will say."""

    label: str
    kept: str
    merged: str
    after: str

    @property
    def changes(self) -> bool:
        return self.kept != self.after


@dataclass(frozen=True, kw_only=True)
class MergeComparison:
    """What a merge would do: fields side by side, how many activities move and how many both have."""

    lines: list[MergeLine]
    moves: int
    shared: int


def comparison_of(kept: Lead, merged: Lead) -> MergeComparison:
    """The page before a merge, from the same rules as the merge itself. Both went through `reveal`."""
    after = after_merging(kept, [merged])
    lines = [
        MergeLine(label=label, kept=kept_words, merged=merged_words, after=after_words)
        for (label, kept_words), (_x, merged_words), (_y, after_words) in zip(
            words_by_field(kept), words_by_field(merged), words_by_field(after), strict=True
        )
    ]
    with connection.cursor() as cursor:
        cursor.execute(COUNT_SHARED_ACTIVITIES, [kept.pk, merged.pk])
        shared, all_of_them = cursor.fetchone()
    shown = [line for line in lines if line.kept or line.merged]
    return MergeComparison(lines=shown, moves=all_of_them - shared, shared=shared)


def after_merging(kept: Lead, others: Iterable[Lead]) -> Lead:
    """What the kept lead will say once the others were merged into it, one after the other; nothing is stored."""
    after = copy(kept)
    for other in others:
        for name, (_before, value) in changes_of(after, other).items():
            setattr(after, name, value)
    return after


def words_by_field(lead: Lead) -> list[tuple[str, str]]:
    facts = [fact_of(lead, "name"), *facts_of(lead)]
    return [(str(fact.label), fact.words) for fact in facts] + [
        (str(Lead._meta.get_field("stage").verbose_name), str(lead.get_stage_display())),
        (str(Lead._meta.get_field("owner").verbose_name), str(lead.owner or "")),
        (str(Lead._meta.get_field("team").verbose_name), str(lead.team or "")),
    ]


def similar_leads(lead: Lead, user: User) -> list[Lead]:
    """Leads that `user` sees and that may be the same person, judged as the list of duplicates judges them."""
    others = {pk for pair in likenesses([lead.pk]) for pk in pair} - {lead.pk}
    found = visible_leads(user).filter(pk__in=others).select_related("company", "owner")
    return list(found.order_by("name", "pk")[:MOST_CANDIDATES])


def candidates(lead: Lead, words: str, user: User) -> list[Lead]:
    """Leads that `user` sees and may mean with `words`: a name, an e-mail, a company, or a lead's number."""
    others = visible_leads(user).exclude(pk=lead.pk).select_related("company", "owner")
    if not words:
        return []
    number = words.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 19 and (one := others.filter(pk=int(number)).first()):
        return [one]
    return list(searched(others, words, user).filter(is_anonymous=False).order_by("name", "pk")[:MOST_CANDIDATES])
