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
from handoff.calendars import version_number
from handoff.enums import PolicySection, Promise
from handoff.errors import NeverOpenError
from handoff.models import PolicyVersion
from handoff.policy.sla import Terms, read_sla
from handoff.promises import rule_in_words
from handoff.queries.desk import version_in_force
from handoff.queries.sla import DueTime, due_time
from handoff.sla_words import policy_name as policy_name_of
from scoring.management.commands.explain import instant
from scoring.queries.catalog import catalog


class Command(BaseCommand):
    help = "When an SLA would be due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_language_argument(parser)
        verbs = parser.add_subparsers(dest="verb", required=True)
        due = verbs.add_parser("due", help="the due time and the stretches that are counted")
        due.add_argument("--policy", help="name of a policy; the one for all other leads, if not given")
        due.add_argument("--promise", choices=Promise.values, default=Promise.FIRST_CONTACT.value)
        due.add_argument("--at", type=instant, required=True, help="when it begins, such as 2026-07-17T17:00:00+09:00")
        due.add_argument("--team", help="name of a team: its calendar counts; the default calendar, if not given")
        due.add_argument("--json", action="store_true", help="the document, for programs")

    def handle(
        self,
        *args: Any,
        policy: str | None,
        promise: str,
        at: datetime,
        team: str | None,
        language: str,
        **options: Any,
    ) -> None:
        with translation.override(language):
            version, terms = _terms(policy, promise)
            found = _due(terms, at, team)
            zone = ZoneInfo(found.calendar.timezone) if found.calendar else timezone.get_default_timezone()
            if options["json"]:
                document = _document(found, zone) | {"policy": policy, "version": version.number}
                self.stdout.write(json.dumps(document, ensure_ascii=False))
            else:
                self.stdout.write("\n".join(_lines(found, zone, version)))


def _terms(policy_name: str | None, promise: str) -> tuple[PolicyVersion, Terms]:
    """What a policy in force says of a promise, and the version that says so."""
    version = version_in_force(PolicySection.SLA)
    if version is None:
        raise CommandError(_("No SLA is published. Publish one."))
    sla = read_sla(version.document, catalog())
    names = [policy_name_of(sla, place) for place in range(len(sla.policies))]
    if policy_name and policy_name not in names:
        words = _("No SLA policy is called %(name)s. Available: %(offered)s.")
        raise CommandError(words % {"name": policy_name, "offered": ", ".join(names)})
    terms = sla.policies[names.index(policy_name) if policy_name else -1].promises.get(promise)
    if terms is None:
        raise CommandError(_("This policy sets no such deadline. Choose another SLA."))
    return version, terms


def _due(terms: Terms, at: datetime, team_name: str | None) -> DueTime:
    team = Team.objects.filter(name=team_name).first() if team_name else None
    if team_name and team is None:
        raise CommandError(_("No team is called %(name)s. Check the spelling.") % {"name": team_name})
    try:
        return due_time(terms, team, at)
    except NeverOpenError as error:
        raise CommandError(_("The calendar has no open time left. Add opening hours to it.")) from error


def _document(found: DueTime, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "promise": found.terms.promise,
        "amount": found.terms.amount,
        "mode": found.terms.mode,
        "calendar": found.calendar.name if found.calendar else None,
        "calendar_version": version_number(found.calendar) if found.calendar else None,
        "start": found.start.astimezone(zone).isoformat(),
        "due_at": found.due_at.astimezone(zone).isoformat(),
        "counted": [[edge.astimezone(zone).isoformat() for edge in stretch] for stretch in found.counted],
    }


def _lines(found: DueTime, zone: ZoneInfo, version: PolicyVersion) -> list[str]:
    """The due time, the rule with the version of the SLA, and a line a stretch."""
    calendar = found.calendar.name if found.calendar else ""
    due = found.due_at.astimezone(zone)
    counted = [
        f"  {first.astimezone(zone):%Y-%m-%d %H:%M} – {last.astimezone(zone):%Y-%m-%d %H:%M}"
        for first, last in found.counted
    ]
    rule = rule_in_words(found.terms.mode, found.terms.amount, calendar)
    versions = _("SLA version %(number)s") % {"number": version.number}
    return [f"{due:%Y-%m-%d %H:%M %Z}  {rule}  ({versions})", *counted]
