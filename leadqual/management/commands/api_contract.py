"""`manage.py api_contract [--write]`: the contract of the API, and whether it still keeps what it promised."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from frame.api.compatibility import breaking_changes
from frame.api.schema import contract

FILE = settings.BASE_DIR / "docs" / "openapi.json"


def written(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


class Command(BaseCommand):
    help = "Print the OpenAPI contract of the API, or write it to docs/openapi.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="write docs/openapi.json")
        parser.add_argument("--breaking", action="store_true", help="write it although clients will break")

    def handle(self, *args: Any, **options: Any) -> None:
        document = contract()
        if not options["write"]:
            self.stdout.write(written(document))
            return
        broken = breaking_changes(json.loads(FILE.read_text(encoding="utf-8")), document) if FILE.exists() else []
        for words in broken:
            self.stderr.write(words)
        if broken and not options["breaking"]:
            raise CommandError("Clients of the contract in docs/openapi.json would break; --breaking writes it anyway.")
        FILE.write_text(written(document), encoding="utf-8")
