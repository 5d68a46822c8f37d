"""Hot leads and hand-offs for the tests, made without a scorer: episodes are what hand-off begins with."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from handoff.actions import claim_handoff, log_contact, open_handoffs
from handoff.actions.policy import publish_policy, save_policy_draft
from handoff.models import Handoff, PolicyVersion
from handoff.queries.policy import policy_of
from leads.models import Lead
from scoring.models import Episode, LeadScore, ScoringModel, Version
from tests.factories import LeadFactory

TOKYO = ZoneInfo("Asia/Tokyo")
PRICES = {
    "activity": "page_view",
    "where": {"field": "object", "op": "starts_with", "value": "/pricing"},
    "within": "14d",
    "count": {"op": ">=", "value": 2},
}
DOCUMENT = {
    "model": "Default",
    "groups": [
        {
            "name": "Interest",
            "dimension": "engagement",
            "rules": [
                {"name": "Studied the prices", "when": {"all": [PRICES, PRICES]}, "points": 30},
                {"name": "Asked for documents", "each": {"activity": "document_request"}, "points": 50},
            ],
        }
    ],
}


def jst(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of 2026 in Tokyo."""
    return datetime(2026, month, day, hour, minute, tzinfo=TOKYO)


FRIDAY = jst(7, 17, 17)  # Monday the 20th is Marine Day: first contact is due Thursday the 23rd, 18:00
THURSDAY = jst(7, 23, 18)
CONTACT = jst(7, 21, 16)


def model() -> ScoringModel:
    found = ScoringModel.objects.filter(name="Default").first()
    if found is None:
        found = ScoringModel.objects.create(name="Default", is_primary=True, hands_over=True)
        found.current_version = Version.objects.create(model=found, number=1, document=DOCUMENT, note="")
        found.save()
    return found


def episode(lead: Lead | None = None, *, at: datetime = FRIDAY, score: int = 8000, number: int = 1) -> Episode:
    """The lead became hot at `at`."""
    lead = lead or LeadFactory()
    scored_by = model()
    return Episode.objects.create(
        lead=lead, model=scored_by, version=scored_by.current_version, number=number, definition="Hot lead",
        score=score, started_at=at,
    )  # fmt: skip


def score_of(lead: Lead, total: int = 8000) -> LeadScore:
    scored_by = model()
    return LeadScore.objects.create(
        lead=lead, model=scored_by, version=scored_by.current_version, fit=2000, engagement=total - 2000,
        qualification=0, total=total, band="hot", grade="A1", contributions=[3000, 5000], hot=[True], is_hot=True,
        scored_at=FRIDAY,
    )  # fmt: skip


def handoff_of(lead: Lead | None = None, *, at: datetime = FRIDAY, score: int = 8000, **lead_fields: Any) -> Handoff:
    """A lead that became hot at `at`, waiting in its team's queue."""
    found = episode(lead or LeadFactory(**lead_fields), at=at, score=score)
    score_of(found.lead, score)
    open_handoffs(now=at)
    return Handoff.objects.get(episode=found)


def claimed_by(user: User, **rest: Any) -> Handoff:
    handoff = handoff_of(**rest)
    claim_handoff(handoff=handoff, by=user, now=handoff.queued_at)
    return handoff


def contacted_by(user: User, *, at: datetime = CONTACT, **rest: Any) -> Handoff:
    handoff = claimed_by(user, **rest)
    log_contact(handoff=handoff, by=user, at=at, channel="phone", now=at)
    return handoff


def sla_in_force(
    *policies: dict[str, Any], at: datetime = FRIDAY, moves_open: bool = False, **rest: Any
) -> PolicyVersion:
    """Publish an SLA of these policies, the last one for all other leads."""
    policy = policy_of("sla")
    document = {"policies": list(policies), **rest}
    save_policy_draft(policy=policy, document=document, seen=policy.token, by=None, now=at)
    return publish_policy(policy=policy, by=None, note="", now=at, moves_open=moves_open)


def promise(amount: int, mode: str = "business_hours", *ladder: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """The terms of one promise, as a policy writes them."""
    return {"amount": amount, "mode": mode, **rest} | ({"ladder": list(ladder)} if ladder else {})
