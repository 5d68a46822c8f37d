"""Two thousand leads become hot while the worker, the broker and the database are killed, again and again."""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from datetime import UTC, datetime

import psycopg
import pytest

from devserver.process import stop
from handoff.turns import LEAD
from tests.chaos.conftest import Site
from tests.chaos.world import AWAY, WEIGHTS

pytestmark = [pytest.mark.deep, pytest.mark.chaos]

EPISODES = int(os.environ.get("CHAOS_EPISODES", "2000"))
KILLS = int(os.environ.get("CHAOS_KILLS", "20"))
BATCH = 20
OVERDUE_KILLS = 6

# What must be so of nothing in the end: each is a number that has to be nought.
NEVER = {
    "episodes without a hand-off": """
        SELECT count(*) FROM scoring_episode AS episode
        LEFT JOIN handoff_handoff AS handoff ON handoff.episode_id = episode.id WHERE handoff.id IS NULL""",
    "leads with two hand-offs": """
        SELECT count(*) FROM (SELECT FROM handoff_handoff GROUP BY lead_id HAVING count(*) > 1) AS twice""",
    "hand-offs queued more or less than once": """
        SELECT count(*) FROM handoff_handoff AS handoff WHERE 1 <> (SELECT count(*)
        FROM handoff_handoffstep AS step WHERE step.handoff_id = handoff.id AND step.kind = 'queued')""",
    "hand-offs without an owner or of somebody who is away": f"""
        SELECT count(*) FROM handoff_handoff AS handoff LEFT JOIN accounts_user AS owner ON owner.id = handoff.owner_id
        WHERE owner.id IS NULL OR owner.name = '{AWAY}'""",
    "notices to somebody who is away": f"""
        SELECT count(*) FROM notices_outboxmessage AS message
        JOIN accounts_user AS person ON person.id = message.user_id WHERE person.name = '{AWAY}'""",
    "people who were told of more or fewer leads than they have": """
        SELECT count(*) FROM accounts_user AS person
        WHERE (SELECT count(*) FROM handoff_handoff AS handoff WHERE handoff.owner_id = person.id) <>
        (SELECT coalesce(sum(CASE kind WHEN 'handoff.hot_many' THEN (params ->> 'count')::int ELSE 1 END), 0)
         FROM notices_outboxmessage AS message WHERE message.user_id = person.id AND message.channel = 'in_app'
         AND kind IN ('handoff.hot_many', 'handoff.hot_yours'))""",
    "notices that were delivered twice": """
        SELECT count(*) FROM
        (SELECT FROM notices_delivery WHERE ok GROUP BY message_id HAVING count(*) > 1) AS twice""",
    "hand-offs without one promise of a first contact": """
        SELECT count(*) FROM handoff_handoff AS handoff WHERE 1 <>
        (SELECT count(*) FROM handoff_deadline AS deadline WHERE deadline.handoff_id = handoff.id)""",
}
OVERDUE = {
    "hand-offs whose breach was written more or less than once": """
        SELECT count(*) FROM handoff_handoff AS handoff WHERE 1 <> (SELECT count(*)
        FROM handoff_handoffstep AS step WHERE step.handoff_id = handoff.id AND step.kind = 'breached')""",
    "hand-offs whose owner was told of the breach more or less than once": """
        SELECT count(*) FROM handoff_handoff AS handoff JOIN handoff_deadline AS deadline ON handoff.id = handoff_id
        WHERE 1 <> (SELECT count(*) FROM notices_outboxmessage AS message WHERE message.user_id = handoff.owner_id
        AND channel = 'in_app' AND kind = 'handoff.breached.first_contact'
        AND dedupe_key LIKE 'rung:' || deadline.id || ':%')""",
    "promises whose rung at the due time was climbed more or less than once": """
        SELECT count(*) FROM handoff_deadline AS deadline WHERE 1 <> (SELECT count(*)
        FROM handoff_escalation AS rung WHERE rung.deadline_id = deadline.id)""",
}

OVERDUE_NOW = """
WITH late AS (
    UPDATE handoff_deadline SET started_at = now() - interval '9 days', warn_at = now() - interval '2 hours',
        due_at = now() - interval '1 hour', next_rung_at = now() - interval '1 hour', is_by_hand = true
    RETURNING handoff_id, due_at
), shown AS (
    UPDATE handoff_handoff AS handoff SET due_at = late.due_at FROM late WHERE late.handoff_id = handoff.id RETURNING 1
)
SELECT count(*) FROM shown"""
STILL_TO_CLIMB = "SELECT count(*) FROM handoff_deadline WHERE breached_at IS NULL OR next_rung_at <= now()"
SHARES = """
SELECT owner.name, count(*) FROM handoff_handoff JOIN accounts_user AS owner ON owner.id = owner_id GROUP BY 1"""


class Enquiries:
    """Everybody asks for a demo, a batch after the other; what was not acknowledged is sent again under its key."""

    def __init__(self, site: Site, secret: str) -> None:
        self.site, self.secret = site, secret
        self.left = [f"L{number}" for number in range(EPISODES)]
        self.thread = threading.Thread(target=self._send, daemon=True)
        self.thread.start()

    def _send(self) -> None:
        while self.left:
            batch = [
                {"key": f"demo-{lead}", "lead": {"external_id": lead}, "type": "demo_request",
                 "occurred_at": datetime.now(UTC).isoformat()}
                for lead in self.left[:BATCH]
            ]  # fmt: skip
            try:
                if self.site.post(self.secret, batch) == 202:
                    del self.left[:BATCH]
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.35)


def strike(site: Site, part: str) -> None:
    """kill -9, a moment without it, and start it again."""
    if part == "worker":
        site.kill("worker")
        site.start("worker")
        return
    server = site.valkey if part == "broker" else site.postgres
    assert server.process is not None
    stop(server.process, stop_signal=signal.SIGKILL)
    time.sleep(0.5)
    server.start()


def quiet(site: Site) -> bool:
    return site.dirty() == 0 and site.asks(NEVER["episodes without a hand-off"]) == 0 and site.unsent() == 0


def violated(site: Site, checks: dict[str, str]) -> dict[str, int]:
    found = {name: site.asks(query) for name, query in checks.items()}
    return {name: number for name, number in found.items() if number}


def shares(site: Site) -> dict[str, int]:
    with psycopg.connect(site.services.environment["DATABASE_URL"]) as connection:
        return dict(connection.execute(SHARES).fetchall())


def test_each_hot_lead_is_handed_over_once_and_told_once_whatever_is_killed(durable_site: Site) -> None:
    site = durable_site
    secret = site.build(EPISODES, desk=True)
    site.start("web", "worker", "beat")
    site.wait(site.answers)
    enquiries = Enquiries(site, secret)
    for number in range(KILLS):
        time.sleep(2)
        part = ("worker", "broker", "database")[number % 3]
        strike(site, part)
        print(f"killed the {part}, {EPISODES - len(enquiries.left)} leads had asked")
    enquiries.thread.join(timeout=300)
    assert enquiries.left == []
    site.wait(lambda: site.asks("SELECT count(*) FROM handoff_handoff") >= EPISODES, patience=300, every=0.5)
    took = site.wait(lambda: quiet(site), patience=300, every=0.5)
    print(f"quiet {took:.1f} s later; {shares(site)}")

    assert site.asks("SELECT count(*) FROM scoring_episode") == EPISODES
    assert violated(site, NEVER) == {}
    total = sum(WEIGHTS.values())
    for name, given in shares(site).items():
        assert abs(given - EPISODES * WEIGHTS[name] / total) <= 1, name
    assert site.asks(f"SELECT count(*) FROM handoff_poolturn WHERE abs(credit) > {LEAD}") == 0

    site.asks(OVERDUE_NOW)
    for number in range(OVERDUE_KILLS):
        site.ring("handoff.sweep_deadlines")
        time.sleep(1)
        strike(site, ("worker", "database", "broker")[number % 3])
    site.wait(lambda: site.asks(STILL_TO_CLIMB) == 0, patience=300)
    site.wait(lambda: quiet(site), patience=300, every=0.5)
    assert violated(site, OVERDUE) == {}
    print(site.verify())
