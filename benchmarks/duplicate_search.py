"""Finding people who are known already: all leads at once, and one new lead among them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from django.db import connection
from django.utils import timezone

from benchmarks.data import execute, indexes_afterwards
from benchmarks.people import Row, rows
from benchmarks.report import Figure
from leads.actions.duplicates import find_duplicates
from leads.models import Duplicate, Lead

SEED = 3
NEW = 200
MARKS = "INSERT INTO leads_duplicatemark (lead_id) SELECT id FROM leads_lead ORDER BY id"
LATEST_PASS, LATEST_LEAD = 600.0, 0.050  # seconds, of 1,000,000 leads


def run(scale: int) -> Iterator[Figure]:
    """A full pass by batches as the worker takes them, then new leads one by one."""
    made = rows(scale + NEW, SEED)
    fill(made[:scale])
    execute("DELETE FROM leads_duplicatemark")
    execute(MARKS)
    now, start, processor = timezone.now(), time.perf_counter(), time.process_time()
    while find_duplicates(now=now):
        pass
    seconds, busy = time.perf_counter() - start, time.process_time() - processor
    found = Duplicate.objects.count()
    yield Figure(
        work="full pass over all leads",
        scale=scale,
        seconds=seconds,
        shown=f"{seconds:,.1f} s, {scale / seconds:,.0f} / s (Python {busy:,.1f} s), {found:,} pairs",
        must="<= 600 s at 1,000,000",
        ok=seconds * (1_000_000 / scale) <= LATEST_PASS,
    )
    execute("VACUUM ANALYZE leads_identitykey")
    execute("VACUUM ANALYZE leads_duplicate")
    times = sorted(one_more(row, scale + place) for place, row in enumerate(made[scale:], 1))
    yield Figure(
        work="one new lead among them, from its mark to its proposals",
        scale=scale,
        seconds=times[len(times) * 95 // 100],
        shown=f"{1000 * times[len(times) // 2]:.1f}, p95 {1000 * times[len(times) * 95 // 100]:.1f} ms",
        must="p95 < 50 ms",
        ok=times[len(times) * 95 // 100] < LATEST_LEAD,
    )


def one_more(row: Row, pk: int) -> float:
    """Seconds until a new lead was judged."""
    Lead.objects.create(pk=pk, name=row.name, kana=row.kana, phone=row.phone, region=row.region, email="")
    begun = time.perf_counter()
    find_duplicates(now=timezone.now())
    return time.perf_counter() - begun


def fill(made: Sequence[Row]) -> None:
    """Companies by their spelling and leads, without triggers. An address that is taken is a further one."""
    companies = {name: number for number, name in enumerate(sorted({row.company for row in made} - {""}), 1)}
    now, taken = timezone.now().isoformat(), set[str]()
    with connection.cursor() as cursor, indexes_afterwards("leads_lead"):
        for table in ("leads_company", "leads_lead"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        columns = "id, name, domain, industry, currency, country, region, custom, created_at, updated_at"
        with cursor.copy(f"COPY leads_company ({columns}) FROM STDIN") as copy:
            for name, number in companies.items():
                copy.write_row((number, name, "", "", "JPY", "", "", "{}", now, now))
        columns = (
            "id, email, other_emails, external_id, name, kana, title, department, phone, language, country, region,"
            " campaign, origin, stage, custom, company_id, is_anonymous, created_at, updated_at"
        )
        with cursor.copy(f"COPY leads_lead ({columns}) FROM STDIN") as copy:
            for pk, row in enumerate(made, 1):
                address = row.email.lower()
                others = f"{{{address}}}" if address in taken else "{}"
                own = "" if address in taken else address
                taken.add(address)
                copy.write_row(
                    (pk, own, others, "", row.name, row.kana, "", "", row.phone, "", "", row.region, "", "marketing",
                     "inquiry", "{}", companies.get(row.company), False, now, now)
                )  # fmt: skip
        for table in ("leads_company", "leads_lead"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    execute("ANALYZE leads_lead")
    execute("ANALYZE leads_company")
