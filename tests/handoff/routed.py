"""Routing rules in force and leads that become hot under them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import Team, User
from handoff.actions import open_handoffs
from handoff.actions.policy import publish_policy, save_policy_draft
from handoff.enums import PolicySection
from handoff.models import Handoff
from handoff.queries.policy import policy_of
from leads.models import Lead
from tests.handoff.world import FRIDAY, episode, score_of

KANSAI = {"field": "region", "op": "=", "value": "Kansai"}


def put_in_force(document: dict[str, Any], admin: User) -> None:
    policy = policy_of(PolicySection.ROUTING)
    save_policy_draft(policy=policy, document=document, seen=policy.token, by=admin, now=FRIDAY)
    publish_policy(policy=policy, by=admin, note="", now=FRIDAY)


def pool(team: Team, *members: tuple[User, int], **more: Any) -> dict[str, Any]:
    people = [{"person": person.pk, "weight": weight} for person, weight in members]
    return {"name": "Osaka", "team": team.pk, "members": people, **more}


def pooled(team: Team, *members: tuple[User, int], when: Any = None, **more: Any) -> dict[str, Any]:
    """Every lead, or those that meet a condition, to one pool."""
    rule = {"name": "To Osaka", "to": {"aim": "pool", "pool": "Osaka"}} | ({"when": when} if when else {})
    return {"rules": [rule], "pools": [pool(team, *members, **more)]}


def hot(*leads: Lead, at: datetime = FRIDAY) -> list[Handoff]:
    for lead in leads:
        episode(lead, at=at)
        score_of(lead)
    open_handoffs(now=at)
    return list(Handoff.objects.filter(lead__in=leads).order_by("queued_at", "pk"))
