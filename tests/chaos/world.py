"""A company to break: `python -m tests.chaos.world COUNT [desk]` fills an empty database and prints an API key."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from accounts.models import Team, User

ACTIVITIES = (
    "page_view",
    "price_view",
    "case_view",
    "email_open",
    "document_request",
    "webinar_attend",
    "demo_request",
)
DOCUMENT = {
    "model": "Default",
    "groups": [
        {
            "name": "Interest",
            "dimension": "engagement",
            "max": 100,
            "inactivity": {"after": "30d", "half_life": "30d"},
            "rules": [
                {"name": f"Did {code}", "each": {"activity": code}, "points": points, "decay": {"half_life": "30d"}}
                for code, points in zip(ACTIVITIES, (2, 8, 6, 1, 20, 15, 40), strict=True)
            ],
        }
    ],
    "hot": [{"name": "Hot", "when": {"score": "total", "op": ">=", "value": 40}, "exit": {"total": 30}}],
}


WEIGHTS = {"Ueda": 4, "Kondo": 3, "Hara": 2, "Mori": 1}
AWAY = "Sato"


def build(count: int, *, desk: bool = False) -> dict[str, str]:
    """A published model, a team with a rep, and `count` leads who did three things each and wait to be scored.

    With `desk` hot leads go to a pool in turns, of which one member is away; then nobody has done anything yet.
    """
    from accounts.actions import make_key
    from accounts.enums import Role, Scope
    from accounts.models import Team, User
    from leads.actions import record_activities
    from leads.actions.activities import NewActivity
    from leads.models import ActivityType, Lead
    from scoring.actions import publish_version
    from studio.draft.store import start_model

    now, random = datetime.now(UTC), Random(1)
    team = Team.objects.create(name="Tokyo", is_default=True)
    User.objects.create_user("rep@example.com", "x" * 20, name="Rep", role=Role.REP, team=team)
    admin = User.objects.create_user("admin@example.com", "x" * 20, name="Admin", role=Role.ADMIN)
    model = start_model(name="Default", document=DOCUMENT, by=admin, now=now)
    publish_version(model=model, by=admin, note="", now=now)
    leads = Lead.objects.bulk_create(
        [Lead(external_id=f"L{number}", name=f"Lead {number}") for number in range(count)], batch_size=1000
    )
    types = dict(ActivityType.objects.filter(code__in=ACTIVITIES).values_list("code", "pk"))
    if desk:
        share_out(team, admin, now)
    told = [
        NewActivity(
            lead_id=lead.pk,
            type_id=types[random.choice(ACTIVITIES)],
            occurred_at=now - timedelta(minutes=random.randrange(60 * 24 * 60)),
            key=f"{lead.pk}-{number}",
        )
        for lead in leads
        for number in range(0 if desk else 3)
    ]
    for start in range(0, len(told), 3000):
        record_activities(told[start : start + 3000], source="chaos", now=now)
    _key, secret = make_key(by=admin, name="load", scopes=[Scope.ACTIVITIES_WRITE], expires_at=None)
    return {"secret": secret}


def share_out(team: Team, admin: User, now: datetime) -> None:
    """Every hot lead to a pool of people with room for all of them."""
    from accounts.enums import Role
    from accounts.models import User
    from handoff.actions.policy import publish_policy, save_policy_draft
    from handoff.enums import PolicySection
    from handoff.models import Absence
    from handoff.queries.policy import policy_of

    people = [
        User.objects.create_user(
            f"{name.lower()}@example.com", "x" * 20, name=name, role=Role.REP, team=team, capacity=30_000
        )
        for name in (*WEIGHTS, AWAY)
    ]
    members = [{"person": person.pk, "weight": WEIGHTS.get(person.name, 5)} for person in people]
    document = {
        "rules": [{"name": "All", "to": {"aim": "pool", "pool": "Tokyo"}}],
        "pools": [{"name": "Tokyo", "team": team.pk, "members": members}],
    }
    Absence.objects.create(person=people[-1], starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=1))
    policy = policy_of(PolicySection.ROUTING)
    save_policy_draft(policy=policy, document=document, seen=policy.token, by=admin, now=now)
    publish_policy(policy=policy, by=admin, note="", now=now)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "leadqual.settings"
    django.setup()
    print(json.dumps(build(int(sys.argv[1]), desk="desk" in sys.argv)))
