"""`manage.py rescore [--all] [--lead ID]`: score again now; without an option, whatever is dirty."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from leads.models import DirtyMark
from leads.queries.lookup import UnknownLeadError, lead_named
from scoring.actions import run_rescore_step, score_all_dirty, start_rescore, sweep_due


class Command(BaseCommand):
    help = "Score what is dirty or due. --all scores every lead again, --lead one lead."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every lead, in batches")
        parser.add_argument("--lead", help="ID, email or external ID")

    def handle(self, *args: Any, lead: str | None, **options: Any) -> None:
        now = timezone.now()
        if lead:
            try:
                DirtyMark.objects.create(lead_id=lead_named(lead).pk, marked_at=now)
            except UnknownLeadError as error:
                raise CommandError(str(error)) from error
        if options["all"]:
            job = start_rescore(by=None, now=now)
            while run_rescore_step(now=timezone.now()):
                job.refresh_from_db()
                self.stdout.write(f"{job.done:,} of {job.total or 0:,}")
        sweep_due(now=now)
        cleared = score_all_dirty(now=timezone.now())
        self.stdout.write(f"{cleared} dirty marks cleared")
