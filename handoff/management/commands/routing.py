"""`manage.py routing try LEAD`: who would get a lead now, and why; `rehearse`: who would have got which. No trace."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.languages import add_language_argument
from handoff.enums import PolicySection
from handoff.models import Handoff
from handoff.policy.routing import read_routing
from handoff.queries.policy import policy_of, working_document
from handoff.queries.rehearsal import DAYS, MOST_DAYS, Rehearsal, Rehearsed, rehearse_routing
from handoff.queries.routes import trial_of
from handoff.route_words import ToldRoute
from leads.queries.lookup import UnknownLeadError, lead_named
from scoring.queries.catalog import catalog
from web.command_line import check_number


class Command(BaseCommand):
    help = "Try the routing rules on a lead, or on those of the last days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_language_argument(parser)
        verbs = parser.add_subparsers(dest="verb", required=True)
        trial = verbs.add_parser("try", help="who would get a lead now, and why")
        trial.add_argument("lead", help="ID, email or external ID")
        rehearsal = verbs.add_parser("rehearse", help="who would have got which lead of the last days")
        rehearsal.add_argument(
            "--days", type=int, default=DAYS, metavar="N", help=f"1 to {MOST_DAYS}; {DAYS}, if not given"
        )
        for verb in (trial, rehearsal):
            verb.add_argument("--draft", action="store_true", help="under the draft")
            verb.add_argument("--json", action="store_true", help="the document, for programs")

    def handle(self, *args: Any, verb: str, language: str, **options: Any) -> None:
        with translation.override(language):
            said = _tried(**options) if verb == "try" else _rehearsed(**options)
            self.stdout.write(said)


def _tried(*, lead: str, draft: bool, **options: Any) -> str:
    try:
        found = lead_named(lead)
    except UnknownLeadError as error:
        raise CommandError(str(error)) from error
    told = trial_of(found, is_draft=draft, now=timezone.now())
    if told is None:
        raise CommandError(_("No team can take this lead. Create one first."))
    return json.dumps(asdict(told), ensure_ascii=False) if options["json"] else "\n".join(_lines(told))


def _lines(told: ToldRoute) -> list[str]:
    """A route as it is read in a terminal."""
    rules = [f"  {place} {rule.name}  {rule.verdict}" for place, rule in enumerate(told.rules, start=1)]
    people = [f"  {person.name}  {person.reason or '✓'}" for person in told.candidates]
    return [told.sentence, *rules, *people]


def _rehearsed(*, days: int, draft: bool, **options: Any) -> str:
    check_number("--days", days, first=1, last=MOST_DAYS)
    policy = policy_of(PolicySection.ROUTING)
    if draft and policy.draft is None:
        raise CommandError(_("There’s no draft. Leave out --draft, or load one first."))
    document = working_document(policy) if draft or not policy.current else policy.current.document
    version = None if draft or not policy.current else policy.current.number
    found = rehearse_routing(read_routing(document, catalog()), Handoff.objects.all(), days=days, now=timezone.now())
    if not options["json"]:
        return "\n".join(_rehearsal_lines(found, days))
    return json.dumps(_rehearsal_document(found, days, version), ensure_ascii=False)


def _rehearsal_document(found: Rehearsal, days: int, version: int | None) -> dict[str, Any]:
    """`version` is the published one that was rehearsed, null for the draft; `repeated` counts the decisions that came
    out again to the last detail."""
    return {
        "days": days,
        "version": version,
        "is_cut": found.is_cut,
        "differing": len(found.differing),
        "repeated": sum(one.is_repeated for one in found.leads),
        "loads": [{"name": name, "before": before, "after": after} for name, before, after in found.loads()],
        "leads": [_decision(one) for one in found.leads],
    }


def _decision(one: Rehearsed) -> dict[str, Any]:
    return {
        "handoff": one.handoff.pk,
        "lead": one.handoff.lead_id,
        "at": timezone.localtime(one.at).isoformat(),
        "version": one.version,
        "before": one.before,
        "after": one.after,
        "team": one.team,
        "reason": one.reason,
        "repeated": one.is_repeated,
    }


def _rehearsal_lines(found: Rehearsal, days: int) -> list[str]:
    """How many would have gone to somebody else, what each person would have got, and the leads by name."""
    count, queue = len(found.leads), _("a team’s queue")
    sentence = ngettext(
        "%(differ)s of %(n)s lead of the last %(days)s days would have gone to someone else.",
        "%(differ)s of %(n)s leads of the last %(days)s days would have gone to someone else.",
        count,
    ) % {"differ": len(found.differing), "n": count, "days": days}
    cut = [_("Only the newest leads were tried.")] if found.is_cut else []
    loads = [f"  {name}  {before} → {after}" for name, before, after in found.loads()]
    leads = [f"  {one.handoff.lead}: {one.before or queue} → {one.after or queue}" for one in found.differing]
    return [sentence, *cut, *loads, *leads]
