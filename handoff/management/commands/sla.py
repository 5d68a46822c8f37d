"""`manage.py sla due --policy NAME --at T`: when a promise would be due, and which time counts."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.languages import add_language_argument
from accounts.models import Team
from handoff.enums import Promise
from handoff.errors import NeverOpenError
from handoff.models import SlaPolicy
from handoff.promises import rule_in_words
from handoff.queries.sla import DueTime, due_time
from scoring.management.commands.explain import instant


class Command(BaseCommand):
    help = "When an SLA would be due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_language_argument(parser)
        verbs = parser.add_subparsers(dest="verb", required=True)
        due = verbs.add_parser("due", help="the due time and the stretches that are counted")
        due.add_argument("--policy", choices=Promise.values, required=True)
        due.add_argument("--at", type=instant, required=True, help="when it begins, such as 2026-07-17T17:00:00+09:00")
        due.add_argument("--team", help="name of a team: its calendar counts; the default calendar, if not given")
        due.add_argument("--json", action="store_true", help="the document, for programs")

    def handle(self, *args: Any, policy: str, at: datetime, team: str | None, language: str, **options: Any) -> None:
        with translation.override(language):
            found = _due(policy, at, team)
            zone = ZoneInfo(found.calendar.timezone) if found.calendar else timezone.get_default_timezone()
            if options["json"]:
                self.stdout.write(json.dumps(_document(found, zone), ensure_ascii=False))
            else:
                self.stdout.write("\n".join(_lines(found, zone)))


def _due(promise: str, at: datetime, team_name: str | None) -> DueTime:
    team = Team.objects.filter(name=team_name).first() if team_name else None
    if team_name and team is None:
        raise CommandError(_("No team is called %(name)s. Check the spelling.") % {"name": team_name})
    policy = SlaPolicy.objects.filter(promise=promise).first()
    if policy is None:
        raise CommandError(_("This SLA isn’t set up. Choose another one."))
    try:
        return due_time(policy, team, at)
    except NeverOpenError as error:
        raise CommandError(_("The calendar has no open time left. Add opening hours to it.")) from error


def _document(found: DueTime, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "policy": found.policy.promise,
        "amount": found.policy.amount,
        "mode": found.policy.mode,
        "calendar": found.calendar.name if found.calendar else None,
        "start": found.start.astimezone(zone).isoformat(),
        "due_at": found.due_at.astimezone(zone).isoformat(),
        "counted": [[edge.astimezone(zone).isoformat() for edge in stretch] for stretch in found.counted],
    }


def _lines(found: DueTime, zone: ZoneInfo) -> list[str]:
    """The due time, the rule, and a line a stretch."""
    calendar = found.calendar.name if found.calendar else ""
    due = found.due_at.astimezone(zone)
    counted = [
        f"  {first.astimezone(zone):%Y-%m-%d %H:%M} – {last.astimezone(zone):%Y-%m-%d %H:%M}"
        for first, last in found.counted
    ]
    return [f"{due:%Y-%m-%d %H:%M %Z}  {rule_in_words(found.policy.mode, found.policy.amount, calendar)}", *counted]
