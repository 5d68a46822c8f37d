"""`manage.py duplicates`: leads that may be one person, with what speaks for it and against it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.languages import add_language_argument
from leads.actions.duplicates import find_duplicates
from leads.enums import DuplicateState
from leads.identity.people import Verdict
from leads.models import Duplicate, Lead
from leads.queries.duplicate_reasons import ReasonWords, reasons_of, words_of
from leads.queries.likenesses import verdict_on
from leads.queries.lookup import UnknownLeadError, lead_named


class Command(BaseCommand):
    help = "List leads that may be one person, or say what two leads are to each other and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--threshold", type=float, default=0.0, help="only from this probability on, 0 to 1")
        parser.add_argument("--why", nargs=2, metavar="LEAD", help="two leads: ids, e-mails or external ids")
        parser.add_argument("--json", action="store_true", help="for programs")
        add_language_argument(parser)

    def handle(self, *args: Any, language: str, threshold: float, **options: Any) -> None:
        if not 0 <= threshold <= 1:
            raise CommandError(_("Enter a number from 0 to 1 as the threshold."))
        with translation.override(language):
            documents = [why(*options["why"])] if options["why"] else list(proposals(threshold))
            if options["json"]:
                shown = documents[0] if options["why"] else documents
                self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))
                return
            for document in documents:
                self.stdout.write("\n".join(as_lines(document)))


def why(one: str, other: str) -> dict[str, Any]:
    """What two leads are to each other. Raises CommandError where one of them is unknown or anonymous."""
    leads = [lead_of(text) for text in (one, other)]
    if leads[0] == leads[1]:
        raise CommandError(_("Choose two different leads."))
    verdict: Verdict = verdict_on(*leads)
    return as_document(leads, verdict.finding.value, verdict.probability, words_of(verdict.reasons))


def lead_of(text: str) -> Lead:
    try:
        lead = lead_named(text)
    except UnknownLeadError as unknown:
        raise CommandError(str(unknown)) from unknown
    if lead.is_anonymous:
        raise CommandError(
            _("%(lead)s is an anonymous visitor. Choose a lead with a name or an email.") % {"lead": lead}
        )
    return lead


def proposals(threshold: float) -> Iterator[dict[str, Any]]:
    """All that is open to decide, the most probable first, after the search has looked at what is new."""
    while find_duplicates(now=timezone.now()):
        pass
    pairs = Duplicate.objects.filter(
        state__in=(DuplicateState.OPEN, DuplicateState.LATER),
        probability__gte=threshold,
        first__merged_into=None,
        second__merged_into=None,
    )
    for pair in pairs.select_related("first", "second").order_by("-probability", "pk").iterator(1_000):
        yield as_document([pair.first, pair.second], pair.finding, pair.probability, reasons_of(pair))


def as_document(leads: list[Lead], verdict: str, probability: float, reasons: list[ReasonWords]) -> dict[str, Any]:
    return {
        "leads": [
            {"id": lead.pk, "name": lead.name, "email": lead.email, "external_id": lead.external_id} for lead in leads
        ],
        "verdict": verdict,
        "probability": round(probability, 4),
        "reasons": [
            {"sign": reason.sign, "kind": reason.kind, "level": reason.level, "bits": reason.bits,
             "values": reason.values, "text": reason.text}
            for reason in reasons
        ],
    }  # fmt: skip


def as_lines(document: dict[str, Any]) -> Iterator[str]:
    names = " = ".join(f"#{lead['id']} {lead['name'] or lead['email']}" for lead in document["leads"])
    yield f"{document['probability']:.2f}  {document['verdict']}  {names}"
    for reason in document["reasons"]:
        yield f"      {reason['sign']} {reason['text']}  ({reason['bits']:+.1f})"
