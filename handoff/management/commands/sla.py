"""`manage.py sla due --policy NAME --at T`: when a promise would be due, and which time counts; `sla compliance`: how
many were met, beside their targets."""

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
from handoff.queries.compliance import Cut, Group, compliance, listed_promises
from handoff.queries.desk import version_in_force
from handoff.queries.sla import DueTime, due_time
from handoff.sla_words import policy_name as policy_name_of
from scoring.management.commands.explain import instant
from scoring.queries.catalog import catalog
from web import formats
from web.command_line import check_number

DAYS, MOST_DAYS = 90, 365


class Command(BaseCommand):
    help = "When an SLA would be due, and how many deadlines were met."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_language_argument(parser)
        verbs = parser.add_subparsers(dest="verb", required=True)
        due = verbs.add_parser("due", help="the due time and the stretches that are counted")
        due.add_argument("--policy", help="name of a policy; the one for all other leads, if not given")
        due.add_argument("--promise", choices=Promise.values, default=Promise.FIRST_CONTACT.value)
        due.add_argument("--at", type=instant, required=True, help="when it begins, such as 2026-07-17T17:00:00+09:00")
        due.add_argument("--team", help="name of a team: its calendar counts; the default calendar, if not given")
        due.add_argument("--json", action="store_true", help="the document, for programs")

        met = verbs.add_parser("compliance", help="how many deadlines were met, by policy and version")
        met.add_argument("--days", type=int, default=DAYS, metavar="N", help=f"1 to {MOST_DAYS}; {DAYS}, if not given")
        met.add_argument("--promise", choices=Promise.values, default="", help="only this deadline")
        met.add_argument("--json", action="store_true", help="the document, for programs")

    def handle(self, *args: Any, verb: str, language: str, **options: Any) -> None:
        with translation.override(language):
            self.stdout.write(_told_due(**options) if verb == "due" else _told_compliance(**options))


def _told_due(*, policy: str | None, promise: str, at: datetime, team: str | None, **options: Any) -> str:
    version, terms = _terms(policy, promise)
    found = _due(terms, at, team)
    zone = ZoneInfo(found.calendar.timezone) if found.calendar else timezone.get_default_timezone()
    if options["json"]:
        document = _document(found, zone) | {"policy": policy, "version": version.number}
        return json.dumps(document, ensure_ascii=False)
    return "\n".join(_lines(found, zone, version))


def _told_compliance(*, days: int, promise: str, **options: Any) -> str:
    check_number("--days", days, first=1, last=MOST_DAYS)
    groups = compliance(listed_promises(None, now=timezone.now(), days=days, promise=promise), Cut.VERSION)
    if options["json"]:
        return json.dumps({"days": days, "groups": [_group(group) for group in groups]}, ensure_ascii=False)
    if not groups:
        return _("No deadline has ended in this period")
    return "\n".join(map(_group_in_words, groups))


def _group(group: Group) -> dict[str, Any]:
    """`percent` and its 95 % interval are null for too few, `target` where there is none."""
    sure = group.kept.interval is not None
    return {
        "name": group.name,
        "promise": group.promise,
        "ended": group.kept.of,
        "met": group.kept.number,
        "percent": round(group.kept.per_cent, 1) if sure else None,
        "low": round(group.kept.low, 1) if sure else None,
        "high": round(group.kept.high, 1) if sure else None,
        "target": group.target,
        "below_target": group.verdict == "below" if group.target and sure else None,
    }


def _group_in_words(group: Group) -> str:
    """ "78 % (73–83 %)  118 of 151  Quote asked (version 3), First contact  below the target of 85 %" """
    kept = group.kept
    span = f" ({formats.percent_span(kept.low, kept.high)})"
    share = formats.percent(kept.per_cent) + span if kept.interval else _("not enough data")
    number = _("%(number)s of %(n)s") % {"number": formats.number(kept.number), "n": formats.number(kept.of)}
    words = [share, number, group.name, group.promise_name]
    if group.target:
        target = {"percent": formats.percent(group.target)}
        below = _("below the target of %(percent)s") if group.verdict == "below" else _("target %(percent)s")
        words.append(below % target)
    return "  ".join(words)


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
