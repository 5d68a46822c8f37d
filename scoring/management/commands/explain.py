"""`manage.py explain LEAD`: why this score, now or at any instant, as text or as JSON."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.languages import add_language_argument
from engine.explanation import AnswerEvidence, ConditionVerdict, Explanation, HotVerdict, StageVerdict
from leads.queries.lookup import UnknownLeadError, lead_named
from scoring.enums import Band
from scoring.queries.explain import NOW, LeadExplanation, UnexplainedError, explanation_of, known_by
from scoring.queries.explanation_json import lead_explanation_json
from scoring.queries.lookup import UnknownModelError, model_named, version_numbered
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
        parser.add_argument("lead", help="ID, email or external ID")
        parser.add_argument("--at", type=instant, help="an instant, such as 2026-06-12T10:15:00+09:00")
        parser.add_argument(
            "--known-at", type=instant_or_now,
            help="leave out what was learned after this instant; as --at, if not given; now: leave out nothing",
        )  # fmt: skip
        parser.add_argument("--model", help="name of the model; the primary one, if not given")
        parser.add_argument("--version", type=int, help="number of a version; the one published then, if not given")
        parser.add_argument("--json", action="store_true", help="the document, for programs")
        add_language_argument(parser)

    def handle(self, *args: Any, language: str, **options: Any) -> None:
        with translation.override(language):
            lead_explanation = self.explanation(language, **options)
            if options["json"]:
                self.stdout.write(as_json(lead_explanation_json(lead_explanation)))
            else:
                self.stdout.write("\n".join(as_text(lead_explanation)))

    def explanation(self, language: str, **options: Any) -> LeadExplanation:
        """Raises CommandError in words where there is none."""
        number: int | None = options["version"]
        try:
            lead, model = lead_named(options["lead"]), model_named(options["model"])
            return explanation_of(
                lead=lead,
                model=model,
                at=options["at"] or timezone.now(),
                known_at=known_by(options["at"], options["known_at"]),
                version=None if number is None else version_numbered(model, number),
                language=language,
                with_ahead=True,
            )
        except (UnknownLeadError, UnknownModelError, UnexplainedError) as error:
            raise CommandError(str(error)) from error


def instant(written: str) -> datetime:
    """ISO 8601; without a zone it is local time. argparse shows what is wrong."""
    try:
        return clean_instant(written, timezone.get_current_timezone())
    except CleaningError as error:
        if error.code == "out_of_bounds":
            raise ArgumentTypeError(str(OUT_OF_BOUNDS)) from error
        raise


def instant_or_now(written: str) -> datetime | str:
    return NOW if written == NOW else instant(written)


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


def as_text(lead_explanation: LeadExplanation) -> Iterator[str]:
    """The totals, the waterfall, the verdicts with what is missing, and what is ahead."""
    explanation = lead_explanation.explanation
    yield from totals(lead_explanation)
    yield ""
    yield from waterfall(explanation)
    for hot in explanation.hot:
        yield from _verdict(hot, hot.name, hot.since)
    for stage in explanation.stages:
        yield from _verdict(stage, stage_name(stage.stage))
    yield ""
    if lead_explanation.ahead:
        yield from (turn.text for turn in lead_explanation.ahead.turns if turn.kind not in DETAILS)
    if changes := explanation.next_change_at:
        local = changes.astimezone(timezone.get_current_timezone()).isoformat()
        yield _("Next score change: %(time)s") % {"time": local}


def totals(lead_explanation: LeadExplanation) -> Iterator[str]:
    """Who, under which version and when; what is to be said of that; the total and its dimensions."""
    explanation, lead = lead_explanation.explanation, lead_explanation.explanation.lead
    name = lead.email or lead.external_id or f"#{lead.pk}"
    yield f"{name} · {explanation.model} v{explanation.version} · {explanation.at.isoformat()}"
    if lead_explanation.note:
        yield lead_explanation.note
    if not explanation.inside_audience:
        yield _("This lead is outside the model’s audience: it scores 0.")
    if explanation.matrix:
        yield explanation.matrix.text
    dimensions = [
        (_("Fit"), explanation.fit),
        (_("Engagement"), explanation.engagement),
        (_("Qualification"), explanation.qualification),
    ]
    details = ", ".join(f"{word} {hundredths / 100:.2f}" for word, hundredths in dimensions)
    yield f"{explanation.total / 100:.2f}  {Band(explanation.band).label}  {explanation.grade}  ({details})"


def waterfall(explanation: Explanation) -> Iterator[str]:
    """The lines that sum to the total.

    Under a rule each activity with its object, or the answer with its author; of a rule by condition, the conditions.
    """
    for line in explanation.lines:
        yield f"  {line.points / 100:+8.2f}  {line.text}"
        if line.kind != "rule" or line.rule is None:
            continue
        for evidence in line.rule.evidence:
            left = _("originally %(full)+.2f") % {"full": evidence.full / 100}
            faded = f" ({left})" if evidence.full != evidence.points else ""
            if isinstance(evidence, AnswerEvidence):
                source = f"{evidence.answered_at.isoformat()}  {evidence.text} ({evidence.by or '–'})"
            else:
                source = f"{evidence.occurred_at.isoformat()}  {evidence.activity} {evidence.object}".rstrip()
            yield f"            {evidence.points / 100:+8.2f}{faded}  {source}"
        if line.rule.when:
            yield from _conditions(line.rule.when, indent=10)
    yield f"  {explanation.total / 100:8.2f}  {_('Total')}"


def _verdict(verdict: HotVerdict | StageVerdict, name: str, since: datetime | None = None) -> Iterator[str]:
    yield ""
    met = _("met") if verdict.met else _("not met")
    yield f"{name}: {met}" + (" " + _("since %(time)s") % {"time": since.isoformat()} if since else "")
    yield from _conditions(verdict.when)
    if verdict.one_short:
        yield "  " + _("One condition missing:")
    elif verdict.missing:
        yield "  " + _("Missing for hot:")
    yield from (f"    {missing.text}: {missing.gap}" for missing in verdict.missing)


def _conditions(condition: ConditionVerdict, *, indent: int = 0) -> Iterator[str]:
    """A line, or the head of a group with its lines under it."""
    until = " " + _("until %(time)s") % {"time": condition.expires_at.isoformat()} if condition.expires_at else ""
    yield f"{' ' * indent}  [{'x' if condition.met else ' '}] {condition.text}{until}"
    if condition.is_group:
        for part in condition.parts:
            yield from _conditions(part, indent=indent + 4)
