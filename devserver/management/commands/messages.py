"""manage.py messages: the catalogs follow the code."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from devserver.catalogs import compile_catalogs
from devserver.extraction import contradictions, owners, problems, write_catalog


class Command(BaseCommand):
    """Extracts strings into the catalogs, or checks them, or compiles them."""

    help = "Extract the translatable strings of each app into its Japanese catalog (needs no gettext installed)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which catalogs, and what to do with them."""
        parser.add_argument("owner", nargs="*", choices=[[], *owners()], help="leadqual is the frame; default: all")
        parser.add_argument("--check", action="store_true", help="change nothing; fail on anything missing or stale")
        parser.add_argument("--compile", action="store_true", help="write the .mo files that Django reads")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one thing asked for."""
        chosen = options["owner"] or owners()
        if options["check"]:
            wrong = [f"{owner}: {problem}" for owner in chosen for problem in problems(owner)] + list(contradictions())
            for line in wrong:
                self.stderr.write(line)
            if wrong:
                raise CommandError(f"{len(wrong)} problems in the message catalogs")
        elif options["compile"]:
            self.stdout.write(f"{compile_catalogs()} catalogs compiled")
        else:
            for owner in chosen:
                catalog = write_catalog(owner)
                self.stdout.write(
                    f"{owner}: {len(catalog)} strings, {len(catalog.untranslated_entries())} to translate"
                )
