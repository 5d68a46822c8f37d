"""The queue at size: the open hand-offs are read through their partial indexes, however many lie closed beside them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from handoff.enums import QueueTab
from handoff.queries.queue import PAGE, queue
from tests.handoff.world import model

MANY = """
    WITH leads AS (
        INSERT INTO leads_lead (email, external_id, name, title, department, phone, language, country, region,
                                campaign, origin, stage, custom, is_anonymous, created_at, updated_at)
        SELECT '', 'many' || n, 'Lead ' || n, '', '', '', 'ja', '', '',
               '', 'marketing', 'mql', '{}', false, now(), now()
        FROM generate_series(1, %(many)s) n RETURNING id
    ), episodes AS (
        INSERT INTO scoring_episode (lead_id, model_id, version_id, number, definition, score, started_at)
        SELECT id, %(model)s, %(version)s, 1, 'Hot lead', 7000, now() FROM leads RETURNING id, lead_id
    )
    INSERT INTO handoff_handoff (episode_id, lead_id, model_id, team_id, owner_id, state, routed_by, score, due_at,
                                 queued_at, closed_at, result, comment)
    SELECT id, lead_id, %(model)s, CASE WHEN id %% 2 = 0 THEN %(team)s ELSE %(other)s END,
           CASE WHEN id %% 50 = 1 THEN %(rep)s END, CASE WHEN id %% 10 < 2 THEN 'queued' ELSE 'closed' END,
           'default_team', 7000 + id %% 3000, now() + id * interval '1 second', now(),
           CASE WHEN id %% 10 < 2 THEN NULL ELSE now() END, '', ''
    FROM episodes
"""


@pytest.fixture
def many(team, other_team, rep):
    scored_by = model()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # without triggers: only the plan matters here
        cursor.execute(
            MANY,
            {
                "many": 10_000,
                "model": scored_by.pk,
                "version": scored_by.current_version_id,
                "team": team.pk,
                "other": other_team.pk,
                "rep": rep.pk,
            },
        )
        cursor.execute("ANALYZE handoff_handoff")


@pytest.mark.parametrize(("tab", "index"), [("team", "queue_by_urgency"), ("mine", "own_queue_by_urgency")])
def test_a_page_of_the_queue_reads_only_its_partial_index(many, rep, tab, index):
    plan = queue(rep, QueueTab(tab), timezone.now())[:PAGE].explain()
    assert index in plan
    assert "Seq Scan on handoff_handoff" not in plan
