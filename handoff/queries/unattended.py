"""Who is hot, or rests with a high score, and is in nobody's hands: what would else stay unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import Role
from accounts.models import User
from handoff.enums import OPEN_STATES
from handoff.models import Handoff, HeldBack
from handoff.queries.wake_ups import waits_for
from handoff.routing import SKIPPED
from leads.access import visible_leads
from leads.enums import Stage
from leads.models import Lead
from scoring.enums import Band
from scoring.models import Episode, LeadScore
from scoring.queries.documents import document_of
from web.paging import Order

BY_TOTAL = Order(name="total", keys=("-total", "-lead_id"))
UNATTENDED = "unattended"  # in the address of a lead page that was opened from this list
WORKERS = (Role.REP, Role.MANAGER)
FORBIDDEN = Q(lead__consent=False) | Q(lead__is_competitor=True)
FORBIDDEN_LEADS = Q(consent__isnull=False, consent=False) | Q(is_competitor=True)


@dataclass(frozen=True, kw_only=True)
class UnattendedLead:
    """One row: the lead with its score, the hot definitions that are met, and how its last hand-off ended."""

    score: LeadScore
    met: list[str]
    last: Handoff | None
    wake_at: datetime | None
    waits_for: list[str]

    @property
    def lead(self) -> Lead:
        return self.score.lead


def unattended(user: User) -> QuerySet[LeadScore]:
    """The scores of the leads that `user` sees and nobody works on, the highest first."""
    return unattended_among(visible_leads(user)).order_by(*BY_TOTAL.expressions())


def unattended_among(leads: QuerySet[Lead]) -> QuerySet[LeadScore]:
    """The scores of those of these leads that are hot, meet a hot definition or have a high score, and that nobody
    works on.

    Who is held back by the policy has a list of its own. Customers and opportunities of somebody in sales are in
    hands; who is disqualified or must not be contacted is for nobody to call.
    """
    busy = Exists(Handoff.objects.filter(lead=OuterRef("lead"), state__in=OPEN_STATES))
    held_back = Exists(HeldBack.objects.filter(lead=OuterRef("lead"), ended_at=None))
    in_sales = Q(lead__stage=Stage.OPPORTUNITY, lead__owner__is_active=True, lead__owner__role__in=WORKERS)
    settled = Q(lead__stage__in=[Stage.CUSTOMER, Stage.DISQUALIFIED]) & Q(is_hot=False) | in_sales
    wanted = Q(is_hot=True) | Q(hot__contains=[True]) | Q(band=Band.HOT)
    scores = LeadScore.objects.filter(
        wanted, ~busy, ~held_back, model__hands_over=True, model__current_version__isnull=False
    )
    seen = leads.filter(is_anonymous=False).values("pk")
    # Not `exclude` for what may be unknown: a lead without an owner or an answer is none of these.
    return scores.filter(lead__in=seen).exclude(pk__in=scores.filter(settled | FORBIDDEN).values("pk"))


def rows_of(scores: Sequence[LeadScore]) -> list[UnattendedLead]:
    """The rows of scores that were read with their leads."""
    leads = [score.lead_id for score in scores]
    ended = Handoff.objects.filter(lead__in=leads, closed_at__isnull=False).exclude(routed_by__in=SKIPPED)
    handoffs = ended.select_related("reject_reason")
    last = {row.lead_id: row for row in handoffs.order_by("lead_id", "-closed_at", "-pk").distinct("lead_id")}
    episodes = (
        Episode.objects.filter(lead__in=leads)
        .order_by("lead_id", "model_id", "-number")
        .distinct("lead_id", "model_id")
    )
    resting = {(row.lead_id, row.model_id): row for row in episodes}
    rows = []
    for score in scores:
        definitions = document_of(score.version_id).hot
        met = [hot.name for hot, is_met in zip(definitions, score.hot, strict=False) if is_met]
        key = (score.lead_id, score.model_id)
        episode = resting.get(key)
        rows.append(
            UnattendedLead(
                score=score, met=met, last=last.get(score.lead_id), wake_at=episode.wake_at if episode else None,
                waits_for=waits_for(episode) if episode else [],
            )
        )  # fmt: skip
    return rows
