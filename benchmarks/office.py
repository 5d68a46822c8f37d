"""An office at work: 10 teams, 60 people, one lead in a hundred with an open hand-off in some state, and thirty closed
ones for each of these."""

from __future__ import annotations

from datetime import datetime

from accounts.enums import Role
from accounts.models import Team, User
from benchmarks import rules
from benchmarks.data import build, execute
from handoff.actions import open_handoffs
from scoring.actions import publish_version, run_rescores
from studio.draft.store import start_model

TEAMS = 10
STAFF = {Role.REP: 40, Role.MANAGER: 10, Role.MARKETER: 5, Role.ADMIN: 3, Role.OUTSOURCED: 2}
HOT_SHARE, HOT_AT_LEAST = 100, 1_500  # one lead in so many, and enough that every team's queue fills a page

LEADS_TO_TEAMS = """
WITH team AS (SELECT array_agg(id ORDER BY id) AS ids FROM accounts_team)
UPDATE leads_lead SET team_id = ids[1 + mod(leads_lead.id, 10)] FROM team"""

# The best leads that are not hot already, until one in a hundred is; they became so in the last two days.
EPISODES = """
INSERT INTO scoring_episode (lead_id, model_id, version_id, number, definition, score, started_at)
SELECT lead_id, model_id, version_id, 1, 'Hot lead', total, %(now)s - bench_die(lead_id, 20) * interval '2 days'
FROM scoring_leadscore AS score
WHERE NOT EXISTS (SELECT FROM scoring_episode AS old WHERE old.lead_id = score.lead_id)
ORDER BY total DESC, lead_id
LIMIT greatest(0, %(hot)s - (SELECT count(*) FROM scoring_episode WHERE ended_at IS NULL))"""

# Half of the hand-offs wait for somebody; the others lie in equal parts with a person who has claimed them, has made
# contact, or has accepted them.
OWNERS = """
WITH rep AS (SELECT team_id, array_agg(id ORDER BY id) AS ids FROM accounts_user WHERE role = 'rep' GROUP BY team_id)
UPDATE handoff_handoff AS handoff
SET owner_id = ids[1 + mod(handoff.id, array_length(ids, 1))],
    state = (ARRAY['claimed', 'contacted', 'accepted'])[1 + mod(handoff.id, 3)], claimed_at = %(now)s,
    contacted_at = CASE WHEN mod(handoff.id, 3) > 0 THEN %(now)s END
FROM rep WHERE rep.team_id = handoff.team_id AND handoff.closed_at IS NULL AND mod(handoff.id, 2) = 0"""

# What was closed in the last year: a lead each, at most as many as there are leads. Like one that there is, so that
# columns that come later have a value.
CLOSED_PER_OPEN = 30
CLOSED = """
WITH one AS (SELECT handoff, episode FROM handoff_handoff AS handoff
             JOIN scoring_episode AS episode ON episode.id = handoff.episode_id LIMIT 1),
closed AS (SELECT lead.id AS lead, lead.team_id AS team, row_number() OVER (ORDER BY lead.id) AS place,
                  %(now)s - bench_die(lead.id, 21) * interval '1 year' AS at
           FROM leads_lead AS lead ORDER BY lead.id
           LIMIT (SELECT count(*) * %(per_open)s FROM handoff_handoff WHERE closed_at IS NULL)),
ended AS (INSERT INTO scoring_episode SELECT made.* FROM closed, one, LATERAL jsonb_populate_record(one.episode,
              jsonb_build_object('id', nextval(pg_get_serial_sequence('scoring_episode', 'id')), 'lead_id', lead,
                  'number', 1000 + place, 'started_at', at - interval '3 days', 'ended_at', at,
                  'end_cause', 'handoff')) AS made RETURNING id, lead_id),
rep AS (SELECT team_id, array_agg(id ORDER BY id) AS ids FROM accounts_user WHERE role = 'rep' GROUP BY team_id)
INSERT INTO handoff_handoff SELECT made.* FROM ended JOIN closed ON closed.lead = ended.lead_id
JOIN rep ON rep.team_id = closed.team, one, LATERAL jsonb_populate_record(one.handoff,
    jsonb_build_object('id', nextval(pg_get_serial_sequence('handoff_handoff', 'id')), 'episode_id', ended.id,
        'lead_id', lead, 'team_id', closed.team, 'owner_id', ids[1 + mod(place, array_length(ids, 1))],
        'state', 'closed', 'result', (ARRAY['won', 'lost', 'recycled'])[1 + mod(place, 3)], 'due_at', NULL,
        'queued_at', at - interval '3 days', 'claimed_at', at - interval '2 days', 'contacted_at',
        at - interval '2 days', 'decided_at', at - interval '1 day', 'closed_at', at)) AS made"""


def open_office(*, leads: int, now: datetime) -> None:
    """Fill an empty database with `leads` scored leads, the people who work on them, and what they have in hand."""
    build(leads=leads, now=now)
    teams = [Team.objects.create(name=f"Team {number}", is_default=number == 0) for number in range(TEAMS)]
    for role, count in STAFF.items():
        for number in range(count):
            User.objects.create(
                email=f"{role}{number}@bench.example",
                name=f"{role.label} {number}",
                role=role,
                team=teams[number % TEAMS] if role in (Role.REP, Role.MANAGER) else None,
                language="en",
            )
    execute(LEADS_TO_TEAMS)
    model = start_model(name="Default", by=None, now=now, document=rules.document())
    publish_version(model=model, by=None, note="bench", now=now)
    run_rescores(now=now)
    execute(EPISODES, {"now": now, "hot": max(leads // HOT_SHARE, HOT_AT_LEAST)})
    open_handoffs(now=now)
    execute(OWNERS, {"now": now})
    execute("SET session_replication_role = replica")  # nobody reads the history of what was closed long ago
    execute(CLOSED, {"now": now, "per_open": CLOSED_PER_OPEN})
    execute("SET session_replication_role = origin")
    execute("VACUUM ANALYZE")
