"""From "posted" to "visible": activities come one by one at a steady rate, and a real worker is rung to score them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import connection
from django.utils import timezone

from benchmarks import rules
from benchmarks.data import build, execute
from benchmarks.report import Figure
from leads.actions import NewActivity, record_activities
from leads.models import ActivityType
from scoring.actions import publish_version, run_rescores
from studio.draft.store import start_model

RATE, SECONDS, SECOND_PERCENTILE = 200, 30, 99
PATIENCE = 300
"""Seconds that a worker may take to finish what it has in hand: sweeps and hand-offs of a million leads."""
SEEN = "SELECT lead_id FROM scoring_leadscore WHERE lead_id = ANY(%s) AND scored_at > %s"


def run(scale: int) -> Iterator[Figure]:
    """A lead's new score is visible when another connection can read it."""
    start = timezone.now()
    build(leads=scale, now=start)
    model = start_model(name="Default", by=None, now=start, document=rules.document())
    publish_version(model=model, by=None, note="bench", now=start)
    run_rescores(now=timezone.now())
    execute("VACUUM ANALYZE scoring_leadscore")
    with worker():
        waits = sorted(Watch(scale).waits())
    last = waits[int(len(waits) * SECOND_PERCENTILE / 100)]
    yield Figure(
        work=f"activity posted -> score visible, {RATE} / s for {SECONDS} s: median, p{SECOND_PERCENTILE}",
        scale=scale,
        seconds=last,
        shown=f"{statistics.median(waits):.2f} s, {last:.2f} s",
        must="p99 < 2 s",
        ok=last < 2,
        grows=False,
    )


class Watch:
    """Posts for some time, and notes when each lead's score has become newer than its activity."""

    def __init__(self, scale: int) -> None:
        count = min(RATE * SECONDS, scale)
        self.leads = [1 + number * (scale // count) for number in range(count)]
        self.posted: dict[int, float] = {}
        self.seen: dict[int, float] = {}

    def waits(self) -> list[float]:
        poster = threading.Thread(target=self._post)
        poster.start()
        since = timezone.now()
        while poster.is_alive() or len(self.seen) < len(self.posted):
            assert timezone.now() < since + timedelta(seconds=3 * SECONDS), (
                f"{len(self.seen)} of {len(self.posted)} seen"
            )
            missing = [pk for pk in list(self.posted) if pk not in self.seen]
            for (pk,) in execute(SEEN, [missing, since]):
                self.seen[pk] = time.perf_counter()
            time.sleep(0.02)
        poster.join()
        return [self.seen[pk] - self.posted[pk] for pk in self.seen]

    def _post(self) -> None:
        kind, begin = ActivityType.objects.get(code="document_request").pk, time.perf_counter()
        for number, pk in enumerate(self.leads):
            time.sleep(max(0.0, begin + number / RATE - time.perf_counter()))
            now = timezone.now()
            row = NewActivity(lead_id=pk, type_id=kind, occurred_at=now, object=f"catalogue-{number % 7}")
            record_activities([row], source="bench", now=now)
            self.posted[pk] = time.perf_counter()
        connection.close()


@contextmanager
def worker() -> Iterator[None]:
    """The product's own worker on this database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    words = ["-m", "celery", "-A", "leadqual", "--quiet", "worker", "-c", "1", "-l", "ERROR", "--without-mingle"]
    process = subprocess.Popen(
        [sys.executable, *words], env=os.environ | {"DATABASE_URL": url, "LEADQUAL_ROLE": "worker"}
    )
    try:
        time.sleep(8)  # it has to be there before the first activity
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)
