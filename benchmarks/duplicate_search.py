"""Finding people who are known already: all leads of an import at once, one in ten of whom is there twice."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.utils import timezone

from benchmarks.data import build, execute
from benchmarks.report import Figure
from leads.actions.duplicates import find_duplicates
from leads.models import Duplicate

TWICE = 10  # one in so many is the lead before it, in another spelling
NUMBERS = "UPDATE leads_lead SET phone = '03-' || to_char(10000000 + id, 'FM00000000')"  # one each
AGAIN = """
UPDATE leads_lead AS lead SET name = replace(earlier.name, ' ', '　'), phone = replace(earlier.phone, '-', ' '),
    company_id = earlier.company_id
FROM leads_lead AS earlier WHERE lead.id %% %(twice)s = 0 AND earlier.id = lead.id - 1"""
MARKS = "INSERT INTO leads_duplicatemark (lead_id) SELECT id FROM leads_lead ORDER BY id"


def run(scale: int) -> Iterator[Figure]:
    """Leads judged a second, by batches as the worker takes them, until none is left to judge."""
    build(leads=scale, now=timezone.now())
    execute("ALTER TABLE leads_lead DISABLE TRIGGER USER")
    execute(NUMBERS)
    execute(AGAIN, {"twice": TWICE})
    execute("ALTER TABLE leads_lead ENABLE TRIGGER USER")
    execute("DELETE FROM leads_duplicatemark")
    execute(MARKS)
    execute("ANALYZE leads_lead")
    now, start = timezone.now(), time.perf_counter()
    while find_duplicates(now=now):
        pass
    seconds = time.perf_counter() - start
    found = Duplicate.objects.count()
    yield Figure(
        work=f"duplicates found among new leads, 1 in {TWICE} known ({100 * found // (scale // TWICE)} % found)",
        scale=scale,
        seconds=seconds,
        shown=f"{seconds:,.1f} s, {scale / seconds:,.0f} / s",
    )
