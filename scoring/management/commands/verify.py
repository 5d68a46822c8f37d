"""`manage.py verify [--repair] [--days N]`: is everything true that must be true? Exit 1 when something is not."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from background.invariants import Violation, invariants
from leads.models import DirtyMark
from scoring.actions import score_all_dirty
from scoring.queries.backtest import decisions_made_anew
from web.command_line import check_number
from web.formats import number

MOST_DAYS = 3_650
NAMED = 10  # violations of one kind that are spelled out


class Command(BaseCommand):
    help = (
        "Check the invariants in the database. With --repair, re-score the leads whose scores are not true."
        " With --days, also repeat every decision of those days from what was known when it was made."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="re-score what is not true, then check again")

        parser.add_argument("--days", type=int, metavar="N", help="also back-test the decisions of the last N days")

    def handle(self, *args: Any, repair: bool, days: int | None, **options: Any) -> None:
        if days is not None:
            check_number("--days", days, first=1, last=MOST_DAYS)
        violated = self._check_all(timezone.now())
        if repair and (leads := {violation.lead_id for violation in violated if violation.lead_id}):
            now = timezone.now()
            DirtyMark.objects.bulk_create([DirtyMark(lead_id=lead, marked_at=now) for lead in sorted(leads)])
            score_all_dirty(now=timezone.now())
            self.stdout.write(f"re-scored {len(leads)} leads\n\n")
            violated = self._check_all(timezone.now())
        missed = days is not None and self._back_test(timezone.now(), timedelta(days=days))
        if violated or missed:
            sys.exit(1)

    def _check_all(self, now: datetime) -> list[Violation]:
        """Write a line for each invariant and the first violations under it; return all violations."""
        violated: list[Violation] = []
        for invariant in invariants():
            violations = list(invariant.find(now))
            self.stdout.write(f"{'FAILED' if violations else 'ok':<7} {invariant.name:<28} {invariant.says}")
            for violation in violations[:NAMED]:
                self.stdout.write(f"        {violation.text}")
            if len(violations) > NAMED:
                self.stdout.write(f"        ... and {len(violations) - NAMED} more")
            violated += violations
        return violated

    def _back_test(self, now: datetime, back: timedelta) -> bool:
        """Tell every decision that does not come out again; True when there is one."""
        decisions = joined = erased = missed = 0
        for moment in decisions_made_anew(since=now - back, until=now):
            decisions, joined = decisions + moment.decisions, joined + moment.joined
            erased += moment.erased
            missed += len(moment.missed)
            for decision in moment.missed:
                self.stdout.write(f"        {decision}")
        numbers = {"same": number(decisions - missed), "all": number(decisions), "days": number(back.days)}
        says = [_("Of %(all)s decisions of the last %(days)s days, %(same)s come out again.") % numbers]
        if joined:
            says.append(_("Left out, since their leads were merged: %(number)s.") % {"number": number(joined)})
        if erased:
            says.append(_("Left out, since personal data was erased: %(number)s.") % {"number": number(erased)})
        self.stdout.write(f"{'FAILED' if missed else 'ok':<7} {'decisions_reproduced':<28} {' '.join(says)}")
        return bool(missed)
