"""`manage.py read_enquiry TEXT | --file F`: what is read in somebody's own words, as text or as JSON."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.languages import add_language_argument
from intake.enquiries import read_enquiry
from leads.enquiry import Reading, Span
from leads.enums import EnquiryKind, EnquirySign
from leads.wording import said, sign
from web.command_line import read_text

MOST_BYTES = 1_000_000
STANDARD_INPUT = "-"


class Command(BaseCommand):
    help = "Read an enquiry: who writes, how near to a decision, how many people, by when, what is asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        text = parser.add_mutually_exclusive_group(required=True)
        text.add_argument("text", nargs="?", help="the enquiry")
        text.add_argument("--file", help="a file that holds one enquiry, as UTF-8; - for standard input")
        parser.add_argument("--json", action="store_true", help="the reading, for programs")
        add_language_argument(parser)

    def handle(self, *args: Any, language: str, **options: Any) -> None:
        with translation.override(language):
            text = options["text"] if options["file"] is None else given_text(options["file"])
            reading = read_enquiry(text)
            if options["json"]:
                self.stdout.write(json.dumps(as_document(text, reading), ensure_ascii=False, indent=2))
            else:
                self.stdout.write("\n".join(as_lines(text, reading)))


def given_text(path: str) -> str:
    """Raises CommandError where the file cannot be read, is no text or is far longer than any enquiry."""
    return read_text(sys.stdin.buffer if path == STANDARD_INPUT else Path(path), most_bytes=MOST_BYTES)


def as_document(text: str, reading: Reading) -> dict[str, Any]:
    """What is unknown is null. Spans and clauses are places in the text, in characters."""
    return {
        "class": reading.kind.value,
        "temperature": reading.temperature.value,
        "headcount": reading.headcount,
        "headcount_to": reading.headcount_to,
        "comparison": reading.comparison,
        "timing": reading.timing or None,
        "quote": reading.quote,
        "no_contact": reading.forbids_contact,
        "wants": [want.value for want in reading.wants],
        "refuses": [refused.value for refused in reading.refuses],
        "spans": [as_place(text, span) for span in reading.spans],
        "clauses": [as_place(text, clause) for clause in reading.clauses],
    }


def as_place(text: str, span: Span) -> dict[str, Any]:
    begin, end, kind = span
    return {"begin": begin, "end": end, "tells": kind, "text": text[begin:end]}


def as_lines(text: str, reading: Reading) -> Iterator[str]:
    """Class and temperature, the facts that are known, then what each clause says."""
    facts = [str(reading.kind.label)]
    if reading.kind is EnquiryKind.ENQUIRY:
        facts.append(str(reading.temperature.label))
    if reading.headcount_to:
        numbers = {"number": reading.headcount, "most": reading.headcount_to}
        facts.append(_("%(number)d–%(most)d people, counted as %(number)d") % numbers)
    elif reading.headcount:
        facts.append(_("People: %(number)d") % {"number": reading.headcount})
    if reading.timing:
        facts.append(_("Timing: %(code)s") % {"code": reading.timing})
    facts += [sign(want.value) for want in reading.wants]
    stronger = {EnquirySign.NO_CONTACT: EnquirySign.CONTACT_BAN} if reading.forbids_contact else {}
    facts += [sign(stronger.get(refused, refused).value) for refused in reading.refuses]
    yield " · ".join(dict.fromkeys(facts))
    yield from (f"  {clause}  →  {tells}" for clause, tells in said(text, reading.clauses))
