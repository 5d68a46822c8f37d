"""The leads behind the numbers of the outcomes: by cell, by reason, and by what a draft would do with those hot now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.enums import PolicySection
from handoff.models import Handoff, HandoffStep, HeldBack, Policy, RejectReason
from handoff.outcome_words import cell_name, do_names
from handoff.policy.outcomes import CELLS, CellDo, Outcomes, code_of, read_outcomes
from handoff.queries.gates import scores_by_pair
from handoff.queries.outcomes import placed
from handoff.queries.policy import policy_of, working_document
from leads.access import visible_leads
from leads.models import Lead
from scoring.lead_sets import FoundSet, LeadSetError, set_address
from scoring.models import Episode

KIND = "outcomes"
NAMES = 5
CELLS_OVER, REASONS_OVER = timedelta(days=30), timedelta(days=90)


def decided_in_cells(now: datetime) -> QuerySet[HandoffStep]:
    """The decisions about hot leads of the last 30 days that looked at a cell."""
    return HandoffStep.objects.filter(kind="queued", at__gt=now - CELLS_OVER, params__has_key="cell")


def count_by_cell(now: datetime) -> Counter[str]:
    """How many leads became hot in each cell in the last 30 days, or wait for a call, by the cell's code."""
    cells = decided_in_cells(now).annotate(cell=KeyTextTransform("cell", "params")).order_by().values("cell")
    counted = Counter(
        {row["cell"]: row["leads"] for row in cells.annotate(leads=Count("handoff__lead", distinct=True))}
    )
    held = HeldBack.objects.filter(ended_at=None).exclude(cell="").order_by().values("cell")
    counted.update({row["cell"]: row["leads"] for row in held.annotate(leads=Count("lead", distinct=True))})
    return counted


def count_by_reason(now: datetime) -> Counter[str]:
    """How many leads were rejected for each reason in the last 90 days, by its code."""
    rejected = _rejected(now).order_by().values("reject_reason__code")
    rows = rejected.annotate(leads=Count("lead", distinct=True))
    return Counter({row["reject_reason__code"]: row["leads"] for row in rows})


def _rejected(now: datetime) -> QuerySet[Handoff]:
    return Handoff.objects.filter(reject_reason__isnull=False, closed_at__gt=now - REASONS_OVER)


@dataclass(frozen=True, kw_only=True)
class OutcomeLine:
    """What would become of some of the leads that are hot now: how many, some by name, and all as a list."""

    name: str
    count: int
    leads: list[Lead]
    url: str


def outcome_effect(policy: Policy, user: User) -> tuple[int, list[OutcomeLine]]:
    """How many leads are hot now, and what the draft, else the published section, says of them."""
    hot, by_do = _hot_now(read_outcomes(working_document(policy)))
    lines = [
        OutcomeLine(
            name=name, count=len(by_do[do]), url=set_address(f"{KIND}.hot.{policy.draft_revision}.{do}"),
            leads=list(visible_leads(user).filter(pk__in=by_do[do]).order_by("pk")[:NAMES]),
        )
        for do, name in do_names().items()
    ]  # fmt: skip
    return hot, lines


def _hot_now(outcomes: Outcomes) -> tuple[int, dict[CellDo, list[int]]]:
    """How many leads are hot now, and whom of them each outcome is for."""
    open_ones = Episode.objects.filter(
        ended_at=None, model__hands_over=True, lead__is_anonymous=False, lead__merged_into=None
    )
    episodes = list(open_ones)
    places = placed(episodes, outcomes, 0, scores_by_pair(episodes))
    by_do: dict[CellDo, list[int]] = {do: [] for do in CellDo}
    for episode in episodes:
        place = places.get(episode.pk)
        by_do[place.do if place else CellDo.HAND_OVER].append(episode.lead_id)
    return len({episode.lead_id for episode in episodes}), by_do


def outcome_set(parts: Sequence[str], now: datetime) -> FoundSet:
    """The leads behind a number of this page. Raises LeadSetError."""
    match parts:
        case ["cell", code] if code in (cells := {code_of(cell): cell for cell in CELLS}):
            return _("Became hot in %(cell)s") % {"cell": cell_name(cells[code])}, lambda: _of_cell(code)
        case ["reason", code] if reason := RejectReason.objects.filter(code=code).first():
            return _("Rejected: %(reason)s") % {"reason": reason}, lambda: _of_reason(reason)
        case ["hot", revision, do] if do in set(CellDo):
            policy = policy_of(PolicySection.OUTCOMES)
            if str(policy.draft_revision) == revision:
                outcomes = read_outcomes(working_document(policy))
                words = _("Hot now: %(outcome)s") % {"outcome": do_names()[CellDo(do)]}
                return words, lambda: tuple(sorted(set(_hot_now(outcomes)[1][CellDo(do)])))
    raise LeadSetError(_("The outcomes have changed since. Open the list again from their page."))


def _of_cell(code: str) -> tuple[int, ...]:
    decided = decided_in_cells(timezone.now()).filter(params__cell=code).values_list("handoff__lead", flat=True)
    held = HeldBack.objects.filter(ended_at=None, cell=code).values_list("lead", flat=True)
    return tuple(sorted({*decided, *held}))


def _of_reason(reason: RejectReason) -> tuple[int, ...]:
    rejected = _rejected(timezone.now()).filter(reject_reason=reason)
    return tuple(sorted(set(rejected.values_list("lead", flat=True))))
