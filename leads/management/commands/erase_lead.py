"""`manage.py erase_lead LEAD --reason R --by EMAIL [--reference N] [--yes]`: empty a person's data for good."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from leads.actions.erasure import erase_lead
from leads.enums import ErasureReason
from leads.queries.lookup import UnknownLeadError, lead_named


class Command(BaseCommand):
    help = "Erase the personal data of a lead, and of those merged into it. It stays erased."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("lead", help="ID, email or external ID")
        parser.add_argument("--reason", required=True, choices=ErasureReason.values)
        parser.add_argument("--reference", default="", help="number of the request; the record of the erasure keeps it")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="the administrator who answers for it")
        parser.add_argument("--yes", action="store_true", help="without this, only say which lead it would be")
        parser.add_argument("--json", action="store_true", help="the outcome, for programs")

    def handle(self, *args: Any, lead: str, reason: str, reference: str, by: str, **options: Any) -> None:
        person = User.objects.filter(email=by.lower(), is_active=True).first()
        if person is None:
            raise CommandError(f"No active user has the email {by}.")
        try:
            found = lead_named(lead)
        except UnknownLeadError as error:
            raise CommandError(str(error)) from error
        if not options["yes"]:
            raise CommandError(f"This would erase lead {found.pk} for good. Repeat it with --yes.")
        try:
            erasure = erase_lead(
                lead=found, by=person, reason=ErasureReason(reason), reference=reference[:40], now=timezone.now()
            )
        except PermissionDenied as error:
            raise CommandError(f"{by} is no administrator. Only administrators may erase personal data.") from error
        done = {"id": str(found.pk), "erased_at": erasure.at.isoformat(), "emptied": erasure.emptied}
        rows = ", ".join(f"{kind} {number:,}" for kind, number in erasure.emptied.items())
        self.stdout.write(json.dumps(done) if options["json"] else f"Lead {found.pk} was erased. Rows emptied: {rows}.")
