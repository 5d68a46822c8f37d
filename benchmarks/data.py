"""Leads and a year of activities, made by the database itself: the same every time, a million in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from leads.actions import ensure_months

DAYS = 365
ACTIVITIES_PER_LEAD = 10

# `hashint8(n # salt)` is our die: the same numbers on every machine, whatever the order of rows.
DIE = """
CREATE OR REPLACE FUNCTION bench_die(n bigint, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (hashint8extended(n, salt) & 2147483647) / 2147483648.0 $$"""

COMPANIES = """
INSERT INTO leads_company (id, name, domain, industry, employees, revenue, currency, country, region, custom,
                           created_at, updated_at)
SELECT n, 'Company ' || n, 'c' || n || '.example', (ARRAY['IT', 'manufacturing', 'retail', 'finance', ''])
       [1 + (bench_die(n, 1) * 5)::int %% 5], CASE WHEN bench_die(n, 2) < 0.9 THEN (exp(bench_die(n, 3) * 9))::int END,
       NULL, 'JPY', 'JP', '', '{}', %(start)s, %(start)s
FROM generate_series(1, %(companies)s) AS n"""

LEADS = """
INSERT INTO leads_lead (id, email, external_id, name, title, title_level, department, phone, language, country, region,
                        source_id, campaign, origin, stage, planned_on, consent, custom, company_id, is_anonymous,
                        created_at, updated_at)
SELECT n, 'p' || n || '@example.net', '', 'Person ' || n, '', CASE WHEN bench_die(n, 4) < 0.8
       THEN 1 + (bench_die(n, 5) * 5)::int %% 5 END, '', '', (ARRAY['ja', 'en'])[1 + (bench_die(n, 6) * 2)::int %% 2],
       'JP', (ARRAY['Tokyo', 'Osaka', 'Aichi', ''])[1 + (bench_die(n, 7) * 4)::int %% 4],
       (SELECT min(id) FROM leads_source) + (bench_die(n, 8) * 12)::int %% 12, '', 'marketing', 'inquiry',
       CASE WHEN bench_die(n, 9) < 0.3 THEN (%(start)s + bench_die(n, 10) * interval '600 days')::date END,
       NULL, '{}', 1 + (bench_die(n, 11) * %(companies)s)::bigint %% %(companies)s, false,
       %(start)s + bench_die(n, 12) * interval '300 days', %(start)s
FROM generate_series(1, %(leads)s) AS n"""

# In the order of time, as they would have arrived; a few leads are very busy.
ACTIVITIES = """
INSERT INTO leads_activity (lead_id, type_id, occurred_at, received_at, object, properties, source)
SELECT 1 + (pow(bench_die(n, 13), 1.5) * %(leads)s)::bigint %% %(leads)s,
       (SELECT min(id) FROM leads_activitytype) + (pow(bench_die(n, 14), 2) * 21)::int %% 21, at, at,
       (ARRAY['/pricing', '/products/a', '/products/b', '/products/c', 'catalogue', 'mail-' || n %% 50, ''])
       [1 + (bench_die(n, 15) * 7)::int %% 7], '{}', 'bench'
FROM (SELECT n, %(start)s + n * (%(span)s::interval / %(activities)s) AS at
      FROM generate_series(1, %(activities)s) AS n) AS told"""


def build(*, leads: int, now: datetime) -> None:
    """Fill an empty database with `leads` leads and ten times as many activities up to `now`."""
    start = now - timedelta(days=DAYS)
    values = {
        "leads": leads,
        "companies": max(leads // 3, 1),
        "activities": leads * ACTIVITIES_PER_LEAD,
        "start": start,
        "span": now - start,
    }
    ensure_months(start + timedelta(days=day) for day in range(0, DAYS + 1, 7))
    ensure_months([now])
    execute(DIE)
    for table, query in (("leads_company", COMPANIES), ("leads_lead", LEADS), ("leads_activity", ACTIVITIES)):
        with indexes_afterwards(table):
            execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            execute(query, values)
            execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for table in ("leads_company", "leads_lead"):
        execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
    execute("VACUUM ANALYZE")


INDEXES = """
SELECT indexrelid::regclass::text, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') FROM pg_index
WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"""


@contextmanager
def indexes_afterwards(table: str) -> Iterator[None]:
    """Build the table's indexes, but for those of constraints, once it is full: minutes less for a million leads.

    PostgreSQL tells a partitioned table's index as one of that table alone (`ON ONLY`), of which partitions have none.
    """
    found = execute(INDEXES, [table])
    for name, _definition in found:
        execute(f"DROP INDEX {name}")
    yield
    for _name, definition in found:
        execute(definition)


def execute(query: str, values: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall()) if cursor.description else []
