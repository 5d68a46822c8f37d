"""`manage.py explain LEAD`: why this score, now or at any instant, as text or as JSON."""

from __future__ import annotations

import json
import os
import re
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from scoring.queries.explain import UnexplainedError, explanation_of
from scoring.queries.naming import UnknownLeadError, UnknownModelError, lead_named, model_named, version_numbered
from scoring.queries.words import stage_name
from web.cleaning import OUT_OF_BOUNDS, CleaningError, clean_instant

# Turns of a single definition: the overall ones say the same.
DETAILS = ("met", "no_longer_met")
MARK = "\x00"


class Command(BaseCommand):
    help = "Explain the score of one lead."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's own --version gives way: here it names a version of the rules."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("lead", help="id, e-mail or external id")
        parser.add_argument("--at", type=instant, help="an instant, such as 2026-06-12T10:15:00+09:00")
        parser.add_argument("--known-at", type=instant, help="leave out what was learned after this instant")
        parser.add_argument("--model", help="name of the model; the primary one, if not given")
        parser.add_argument("--version", type=int, help="number of a version; the one in force then, if not given")
        parser.add_argument("--json", action="store_true", help="the document, for programs")
        parser.add_argument("--language", choices=["ja", "en"], default=spoken(), help="of the text")

    def handle(self, *args: Any, language: str, **options: Any) -> None:
        with translation.override(language):
            document = self._document(language, **options)
            if options["json"]:
                self.stdout.write(as_json(document))
            else:
                self.stdout.write("\n".join(as_text(document)))

    def _document(self, language: str, **options: Any) -> dict[str, Any]:
        try:
            lead, model = lead_named(options["lead"]), model_named(options["model"])
            return explanation_of(
                lead=lead,
                model=model,
                at=options["at"] or timezone.now(),
                known_at=options["known_at"],
                version=version_numbered(model, options["version"]) if options["version"] else None,
                language=language,
                with_ahead=True,
            )
        except (UnknownLeadError, UnknownModelError, UnexplainedError) as error:
            raise CommandError(str(error)) from error


def spoken() -> str:
    """The language of the terminal."""
    return "ja" if (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").startswith("ja") else "en"


def instant(written: str) -> datetime:
    """ISO 8601; without a zone it is local time. argparse shows what is wrong."""
    try:
        return clean_instant(written, timezone.get_current_timezone())
    except CleaningError as error:
        if error.code == "out_of_bounds":
            raise ArgumentTypeError(str(OUT_OF_BOUNDS)) from error
        raise


def as_json(document: dict[str, Any]) -> str:
    """JSON whose points have two decimals, as people write them."""

    def marked(value: Any) -> Any:
        if isinstance(value, float):
            return f"{MARK}{value:.2f}{MARK}"
        if isinstance(value, dict):
            return {name: marked(member) for name, member in value.items()}
        return [marked(member) for member in value] if isinstance(value, list) else value

    written = json.dumps(marked(document), ensure_ascii=False, indent=2)
    return re.sub(r'"\\u0000(-?[0-9.]+)\\u0000"', r"\1", written)


def as_text(document: dict[str, Any]) -> Iterator[str]:
    """The waterfall, the evidence under each rule, the verdicts, what is missing, and what is ahead."""
    lead = document["lead"]
    name = lead["email"] or lead["external_id"] or f"#{lead['id']}"
    yield f"{name} · {document['model']} v{document['version']} · {document['at']}"
    if "note" in document:
        yield document["note"]
    if not document["inside_audience"]:
        yield _("This lead is outside the audience of the model: it scores 0.")
    scores = [_("Fit"), _("Engagement"), _("Qualification")]
    parts = zip(scores, ("fit", "engagement", "qualification"), strict=True)
    details = ", ".join(f"{word} {document[key]:.2f}" for word, key in parts)
    if document["matrix"]:
        yield document["matrix"]["text"]
    yield f"{document['total']:.2f}  {document['band']}  {document['grade']}  ({details})"
    yield ""
    yield from _waterfall(document)
    for verdict in document["hot"]:
        yield from _hot(verdict)
    for verdict in document["stages"]:
        yield from _hot(verdict | {"name": stage_name(verdict["stage"]), "since": None})
    yield ""
    yield from (turn["text"] for turn in document["ahead"]["turns"] if turn["kind"] not in DETAILS)
    if changes := document["next_change_at"]:
        yield _("Next change: %(time)s") % {"time": _local(changes)}


def _hot(verdict: dict[str, Any]) -> Iterator[str]:
    yield ""
    met = _("met") if verdict["met"] else _("not met")
    since = " " + _("since %(time)s") % {"time": verdict["since"]} if verdict["since"] else ""
    yield f"{verdict['name']}: {met}{since}"
    yield from (_condition(each) for each in verdict["conditions"])
    if verdict["one_short"]:
        yield "  " + _("One condition short:")
    elif verdict["missing"]:
        yield "  " + _("Nearest to being met:")
    yield from (f"    {each['text']}: {each['gap']}" for each in verdict["missing"])


def _local(written: str) -> str:
    return datetime.fromisoformat(written).astimezone(timezone.get_current_timezone()).isoformat()


def _waterfall(document: dict[str, Any]) -> Iterator[str]:
    rules = {
        f"groups[{g}].rules[{r}]": rule
        for g, group in enumerate(document["groups"])
        for r, rule in enumerate(group["rules"])
    }
    for line in document["lines"]:
        yield f"  {line['points']:+8.2f}  {line['text']}"
        if line["kind"] == "rule":
            yield from _evidence(rules[line["path"]])
    yield f"  {document['total']:8.2f}  {_('Total')}"


def _evidence(rule: dict[str, Any]) -> Iterator[str]:
    for each in rule["evidence"]:
        left = _("%(full)+.2f at first") % {"full": each["full"]}
        faded = f" ({left})" if each["full"] != each["points"] else ""
        yield f"            {each['points']:+8.2f}{faded}  {_source(each)}"
    yield from (f"          {_condition(each)}" for each in rule.get("conditions", ()))


def _source(each: dict[str, Any]) -> str:
    """The answer with its author, or the activity with its object."""
    if "answer" in each:
        return f"{each['answered_at']}  {each['text']} ({each['by'] or '–'})"
    return f"{each['occurred_at']}  {each['activity']}" + (f" {each['object']}" if each["object"] else "")


def _condition(each: dict[str, Any]) -> str:
    until = " " + _("until %(time)s") % {"time": each["expires_at"]} if each["expires_at"] else ""
    return f"  [{'x' if each['met'] else ' '}] {each['text']}{until}"
