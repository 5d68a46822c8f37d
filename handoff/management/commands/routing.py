"""`manage.py routing try LEAD`: who would get a lead now, and why; leaves no trace."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.languages import add_language_argument
from handoff.queries.routes import trial_of
from handoff.route_words import ToldRoute
from leads.queries.lookup import UnknownLeadError, lead_named


class Command(BaseCommand):
    help = "Try the routing rules on a lead."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_language_argument(parser)
        verbs = parser.add_subparsers(dest="verb", required=True)
        trial = verbs.add_parser("try", help="who would get a lead now, and why")
        trial.add_argument("lead", help="ID, email or external ID")
        trial.add_argument("--draft", action="store_true", help="under the draft")
        trial.add_argument("--json", action="store_true", help="the document, for programs")

    def handle(self, *args: Any, lead: str, draft: bool, language: str, **options: Any) -> None:
        with translation.override(language):
            try:
                found = lead_named(lead)
            except UnknownLeadError as error:
                raise CommandError(str(error)) from error
            told = trial_of(found, is_draft=draft, now=timezone.now())
            if told is None:
                raise CommandError(_("No team can take this lead. Create one first."))
            if options["json"]:
                self.stdout.write(json.dumps(asdict(told), ensure_ascii=False))
            else:
                self.stdout.write("\n".join(_lines(told)))


def _lines(told: ToldRoute) -> list[str]:
    """A route as it is read in a terminal."""
    rules = [f"  {place} {rule.name}  {rule.verdict}" for place, rule in enumerate(told.rules, start=1)]
    people = [f"  {person.name}  {person.reason or '✓'}" for person in told.candidates]
    return [told.sentence, *rules, *people]
