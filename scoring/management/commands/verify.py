"""`manage.py verify [--repair]`: is everything true that must be true? Exit 1 when something is not."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from leads.models import DirtyMark
from scoring.actions import score_all_dirty
from scoring.verifying import Invariant, Violation, invariants

NAMED = 10  # violations of one kind that are spelled out


class Command(BaseCommand):
    help = "Check the invariants in the database. With --repair, re-score the leads whose scores are not true."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="re-score what is not true, then check again")

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        violated = self._check_all(timezone.now())
        if repair and (leads := {each.lead_id for found in violated for each in found if each.lead_id}):
            now = timezone.now()
            DirtyMark.objects.bulk_create([DirtyMark(lead_id=lead, marked_at=now) for lead in sorted(leads)])
            score_all_dirty(now=timezone.now())
            self.stdout.write(f"re-scored {len(leads)} leads\n\n")
            violated = self._check_all(timezone.now())
        if violated:
            sys.exit(1)

    def _check_all(self, now: datetime) -> list[list[Violation]]:
        return [found for each in invariants() if (found := self._check(each, now))]

    def _check(self, each: Invariant, now: datetime) -> list[Violation]:
        found = list(each.find(now))
        self.stdout.write(f"{'FAILED' if found else 'ok':<7} {each.name:<28} {each.says}")
        for line in self._lines(found):
            self.stdout.write(f"        {line}")
        return found

    def _lines(self, found: list[Violation]) -> Iterable[str]:
        yield from (violation.text for violation in islice(found, NAMED))
        if len(found) > NAMED:
            yield f"... and {len(found) - NAMED} more"
