"""`manage.py pump [--once]`: the whole pipeline in this process, with no broker: what beat and workers do, in turn."""

from __future__ import annotations

import logging
import threading
import time
from argparse import ArgumentParser
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection
from django.utils.module_loading import autodiscover_modules

from background.doorbell import silence

log = logging.getLogger(__name__)

OFTEN = 1.0  # seconds between looks at what has an interval; scoring itself is looked at each time
EVERY_TIME = "scoring.score"
ASIDE = "notices.deliver_outgoing"  # waits for other people's servers: beside the others, in a thread
AN_HOUR = 3600.0


class Command(BaseCommand):
    help = "Run every periodic task (scores, sweeps, hand-offs, deadlines, notifications, imports), without a broker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="each task once, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        silence()  # whoever rings in here would ring for us
        autodiscover_modules("tasks")
        due = dict.fromkeys(self._intervals(), 0.0)
        if once:
            # What one task finds may be another's work: scores open hand-offs, hand-offs write notices.
            for _round in range(2):
                for name in due:
                    self._run(name)
            return
        while True:
            close_old_connections()
            for name, seconds in self._intervals().items():
                if name == EVERY_TIME or time.monotonic() >= due[name]:
                    due[name] = time.monotonic() + seconds
                    if name == ASIDE:
                        self._run_aside(name)
                    else:
                        self._run(name)
            time.sleep(OFTEN)

    def _intervals(self) -> dict[str, float]:
        """The periodic tasks of all apps with their seconds; scoring first, since the others follow from it.

        A time of the day is looked at once an hour, which its task must bear.
        """
        intervals: dict[str, float] = {}
        for entry in current_app.conf.beat_schedule.values():
            name, schedule = str(entry["task"]), entry["schedule"]
            if name in current_app.tasks:
                intervals[name] = float(schedule) if isinstance(schedule, int | float) else AN_HOUR
        return dict(sorted(intervals.items(), key=lambda item: item[0] != EVERY_TIME))

    def _run_aside(self, name: str) -> None:
        """One task in a thread of its own, with a connection of its own, unless the last one is still at it."""
        if any(thread.name == name for thread in threading.enumerate()):
            return

        def run() -> None:
            try:
                self._run(name)
            finally:
                connection.close()

        threading.Thread(target=run, name=name, daemon=True).start()

    def _run(self, name: str) -> None:
        """One task; its failure is told and does not keep the others from running."""
        try:
            current_app.tasks[name]()
        except Exception:
            log.exception("tick_failed", extra={"task": name})
