"""Hand-offs that are routed again: given back, or waiting because nobody could take them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import QuerySet

from handoff.actions import transition
from handoff.actions.turns import lock_turns, route_params, save_turns
from handoff.enums import HandoffState
from handoff.models import Handoff
from handoff.queries.desk import route_plan
from handoff.routing import OVERFLOW, Route
from leads.actions.telling import tell_of_lead
from leads.models import Lead

BATCH = 200


def route_again(handoff: Handoff, lead: Lead, now: datetime) -> None:
    """Offer a lead that was given back to whoever the rules name beside those who gave it back.

    Where they name nobody in particular it stays in its team's queue. The lead is locked; in a transaction.
    """
    lock_turns()
    plan = route_plan([lead], model=handoff.model, now=now)
    found = plan.next(lead)
    if found is not None and found.owner is not None:
        _redirect(handoff, lead, found, plan.version, now)
        save_turns(plan)


def offer_overflow(*, now: datetime) -> int:
    """Give leads that wait because nobody could take them, the oldest first, now that somebody can. Returns how many.

    Leads that somebody works on at this moment are left for the next time.
    """
    order = list(_waiting().order_by("queued_at", "pk").values_list("pk", "lead_id"))
    return sum(_offer_batch(order[start : start + BATCH], now) for start in range(0, len(order), BATCH))


def offer_oldest(*, now: datetime) -> int:
    """As `offer_overflow`, only the first of them: what is to be asked before a new lead takes their place."""
    oldest = list(_waiting().order_by("queued_at", "pk").values_list("pk", "lead_id")[:BATCH])
    return _offer_batch(oldest, now) if oldest else 0


def _waiting() -> QuerySet[Handoff]:
    return Handoff.objects.filter(routed_by=OVERFLOW, owner=None, state=HandoffState.QUEUED)


@transaction.atomic
def _offer_batch(oldest: Sequence[tuple[int, int]], now: datetime) -> int:
    lock_turns()
    leads = Lead.objects.filter(pk__in=[lead for _pk, lead in oldest]).order_by("pk")
    locked = {lead.pk: lead for lead in leads.select_for_update(skip_locked=True, no_key=True, of=("self",))}
    still = _waiting().filter(pk__in=[pk for pk, _lead in oldest], lead__in=locked).select_related("model", "team")
    return sum(
        _offer(list(handoffs), locked, now)
        for _model, handoffs in groupby(still.order_by("queued_at", "pk"), key=lambda row: row.model_id)
    )


def _offer(rows: Sequence[Handoff], leads: dict[int, Lead], now: datetime) -> int:
    """Hand-offs of one model, in the order in which they have waited; returns how many somebody can take."""
    plan = route_plan([leads[row.lead_id] for row in rows], model=rows[0].model, now=now)
    routes = [(row, plan.next(leads[row.lead_id])) for row in rows]
    moved = [(row, found) for row, found in routes if found is not None and found.reason != OVERFLOW]
    for row, found in moved:
        _redirect(row, leads[row.lead_id], found, plan.version, now)
    save_turns(plan)
    return len(moved)


def _redirect(handoff: Handoff, lead: Lead, found: Route, version: int, now: datetime) -> None:
    """Have a waiting hand-off wait for whom the route names, and tell them."""
    transition.swap_or_refuse(
        handoff, states=[HandoffState.QUEUED], owner=found.owner, team=found.team, routed_by=found.reason
    )
    transition.update_lead(lead, now=now, owner=found.owner, team=found.team)
    params = route_params(found, version, now) | {"team": str(found.team)}
    step = transition.record(handoff, "rerouted", by=None, at=now, **params)
    if found.owner is not None:
        tell_of_lead(
            lead=lead, people=[found.owner], kind="handoff.hot_yours", key=f"rerouted:{step.pk}", now=now,
            params={"score": (handoff.score + 50) // 100, "team": str(found.team)}
            | ({"due_at": handoff.due_at.isoformat()} if handoff.due_at else {}),
            url=transition.address_of(handoff),
        )  # fmt: skip
