"""What people may decide about stages: put a lead aside, with a reason, and take it back (S6). The rest is derived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import pghistory
from django.db import transaction

from accounts.models import User
from leads.actions.forbidding import STATED_BY, state_fact
from leads.actions.stages import move_stage
from leads.enums import DisqualifyReason, NurtureReason, ReactivateReason, Stage
from leads.models import Lead, Note, StageChange
from leads.signals import leads_assigned, stage_decided

ASIDE = (Stage.NURTURE, Stage.DISQUALIFIED)


@transaction.atomic
def disqualify_lead(*, lead: Lead, by: User, reason: DisqualifyReason, now: datetime, note: str = "") -> bool:
    """Close the lead as not ours to win. Returns False when it is closed already or a customer."""
    return _put(lead, Stage.DISQUALIFIED, by, reason, now, note)


@transaction.atomic
def nurture_lead(*, lead: Lead, by: User, reason: NurtureReason, now: datetime, note: str = "") -> bool:
    """Give the lead back to marketing's care for now. Returns False when it is there already or a customer."""
    return _put(lead, Stage.NURTURE, by, reason, now, note)


@transaction.atomic
def reactivate_lead(*, lead: Lead, by: User, reason: ReactivateReason, now: datetime, note: str = "") -> bool:
    """Take back a nurture or disqualify decision: the lead stands again where it stood before it."""
    if lead.stage not in ASIDE:
        return False
    return _put(lead, stage_before_aside(lead), by, reason, now, note)


def stage_before_aside(lead: Lead) -> Stage:
    """Where a lead that was put aside stood before; an inquiry where nobody knows."""
    stood = StageChange.objects.filter(lead=lead, after__in=ASIDE).exclude(before__in=[*ASIDE, ""])
    latest = stood.order_by("-at", "-pk").first()
    return Stage(latest.before) if latest else Stage.INQUIRY


def _put(lead: Lead, to: Stage, by: User, reason: str, now: datetime, note: str) -> bool:
    moved = lead.stage != Stage.CUSTOMER and move_stage(lead=lead, to=to, by=by, reason=reason, now=now, note=note)
    if moved and reason in STATED_BY:
        state_fact(lead=lead, fact=STATED_BY[reason], by=by)
    if moved:
        stage_decided.send(sender=None, lead_ids=[lead.pk], stage=to, by=by, now=now)
    return moved


DECISIONS = {"disqualify": disqualify_lead, "nurture": nurture_lead, "reactivate": reactivate_lead}


@transaction.atomic
def decide_for_many(*, leads: Iterable[Lead], what: str, by: User, reason: str, now: datetime, note: str = "") -> int:
    """The same decision for several leads, all or none written. Returns how many moved."""
    decide = DECISIONS[what]
    ordered = sorted(leads, key=lambda lead: lead.pk)
    return sum(decide(lead=lead, by=by, reason=reason, now=now, note=note) for lead in ordered)  # type: ignore[operator]


@transaction.atomic
def assign_leads(*, leads: Sequence[Lead], owner: User | None, by: User, now: datetime) -> int:
    """Give leads to a person, and with it to the person's team; None takes the owner away. Returns how many changed."""
    chosen = Lead.objects.filter(pk__in=[lead.pk for lead in leads]).order_by("pk").select_for_update(of=("self",))
    others = [lead.pk for lead in chosen if lead.owner_id != (owner.pk if owner else None)]
    if others:
        where = {"owner": owner} | ({"team": owner.team} if owner and owner.team_id else {})
        with pghistory.context(user=by.pk):
            Lead.objects.filter(pk__in=others).update(**where)
        leads_assigned.send(sender=None, lead_ids=others, owner=owner, by=by, now=now)
    return len(others)


@transaction.atomic
def add_note(*, lead: Lead, by: User, text: str, topic: str, now: datetime) -> Note:
    return Note.objects.create(lead=lead, by=by, text=text, topic=topic, at=now)
