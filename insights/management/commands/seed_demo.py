from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from accounts.models import User
from insights.demo.names import LANGUAGES
from insights.demo.story import PASSWORD, PEOPLE, tell_story
from leads.models import Lead
from web.command_line import check_number


class Command(BaseCommand):
    help = "Invent a year of a company, from its leads to its outcomes. Needs an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="the same number tells the same story (default 1)")
        parser.add_argument(
            "--language", choices=LANGUAGES, default="ja", help="of rules, teams and notes (default ja)"
        )
        parser.add_argument("--leads", type=int, default=2000, help="how many leads (default 2000)")

    def handle(self, *args: Any, seed: int, leads: int, language: str, **options: Any) -> None:
        with translation.override(language):
            check_number("--leads", leads, first=1, last=100_000)
        if Lead.objects.exists() or User.objects.exists():
            raise CommandError("The demo needs an empty database: this one holds leads or people already.")
        started = time.monotonic()
        tell_story(
            seed=seed,
            leads=leads,
            language=language,
            now=timezone.now(),
            report=lambda line: self.stdout.write(f"  {line}"),
        )
        self.stdout.write(f"Demo ready in {time.monotonic() - started:.0f} s. Password of all: {PASSWORD}")
        for email, name, role, *_rest in PEOPLE:
            self.stdout.write(f"  {email:26} {name} ({role.label})")
