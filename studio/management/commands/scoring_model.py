"""`manage.py scoring_model load | show | diff | publish | schema | lint`: the rules as text."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import engine
from accounts.languages import add_language_argument
from engine import Document
from scoring import yaml_text
from scoring.actions import NothingToPublishError, UnpublishableError
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.documents import check_document
from scoring.queries.lookup import UnknownModelError, model_named, version_numbered
from scoring.queries.validation import tidy
from studio.actions import publication
from studio.draft.store import save_draft, start_model
from studio.queries.document_diff import changes
from studio.queries.effect import EffectTimeoutError
from studio.queries.handoffs import handed_over_by
from studio.queries.lint import SERIOUS, findings
from web import formats
from web.command_line import check_number, read_text

MOST_HANDOFFS = 10_000_000
YES = ("y", "yes", "はい")
SIGNS = {"added": "+", "removed": "-", "changed": "~"}


class Command(BaseCommand):
    help = "Scoring models as text: load a file, show, compare, publish, look for weak rules."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_language_argument(parser)
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("load", help="make a file the draft of the model it names")
        load.add_argument("file", type=Path)
        load.add_argument("--publish", action="store_true", help="and publish it")
        load.add_argument("--note", default="", help="what changed and why")
        show = verbs.add_parser("show", help="print a model as YAML")
        show.add_argument("name", nargs="?")
        show.add_argument("--version", type=int, help="number of a version; the current one, if not given")
        diff = verbs.add_parser("diff", help="what B says differently from A")
        for side in ("a", "b"):
            diff.add_argument(side, help="a file, a version number, NAME, NAME@NUMBER or NAME@draft")
        publish = verbs.add_parser("publish", help="publish the draft")
        publish.add_argument("name")
        publish.add_argument("--note", default="")
        for verb in (load, publish):
            verb.add_argument("--yes", action="store_true", help="hand leads over to sales without asking")
            verb.add_argument(
                "--at-most", type=int, metavar="N", help="publish nothing where more than N leads would be handed off"
            )
        schema = verbs.add_parser("schema", help="print the rule language as JSON Schema, for editors and programs")
        schema.add_argument("--bare", action="store_true", help="without the names of this installation")
        lint = verbs.add_parser("lint", help="look for weak rules in the draft, else in the published version")
        lint.add_argument("name", nargs="?")
        lint.add_argument("--strict", action="store_true", help="exit with 1 on any finding, not only on serious ones")

    def handle(self, *args: Any, verb: str, language: str, **options: Any) -> None:
        verbs: dict[str, Callable[..., None]] = {
            "load": self.load,
            "show": self.show,
            "diff": self.diff,
            "publish": self.publish,
            "lint": self.lint,
            "schema": self.schema,
        }
        with translation.override(language):
            try:
                verbs[verb](**options)
            except UnknownModelError as error:
                raise CommandError(str(error)) from error

    # --- load and publish

    def load(
        self, *, file: Path, publish: bool, note: str, yes: bool = False, at_most: int | None = None, **rest: Any
    ) -> None:
        raw, lines = read(file)
        document, problems = check_document(raw)
        if document is None:
            raise CommandError(
                "\n".join(
                    f"{file}:{lines.line_of(problem.path)}: {problem.path}: {problem.text(spoken_language())}"
                    for problem in problems
                )
            )
        model = self.save(engine.dump(document))
        if publish:
            self.confirm_handoffs(model, yes, at_most)
            self.publish_draft(model, note or _("Loaded from %(file)s.") % {"file": file.name})

    def save(self, raw: dict[str, Any]) -> ScoringModel:
        """Make it the draft of the model that it names, a new model where there is none of that name."""
        now = timezone.now()
        model = ScoringModel.objects.filter(name=raw["model"]).first()
        if model is None:
            self.stdout.write(_("%(model)s: new model") % {"model": raw["model"]})
            return start_model(name=raw["model"], by=None, now=now, document=raw)
        words = _("%(model)s: draft replaced") if model.draft else _("%(model)s: draft saved")
        self.stdout.write(words % {"model": model})
        return save_draft(model=model, document=raw, revision=model.draft_revision, by=None, now=now)

    def publish(self, *, name: str, note: str, yes: bool = False, at_most: int | None = None, **rest: Any) -> None:
        model = model_named(name)
        self.confirm_handoffs(model, yes, at_most)
        self.publish_draft(model, note)

    def confirm_handoffs(self, model: ScoringModel, yes: bool, at_most: int | None) -> None:
        """Say how many leads publishing would hand over to sales, and ask where somebody sits at a terminal.

        Raises CommandError where they say no, or where it would be more than `at_most`.
        """
        if at_most is not None:
            check_number("--at-most", at_most, first=0, last=MOST_HANDOFFS)
        document, _problems = check_document(model.draft)
        try:
            number = handed_over_by(document, model=model, t=timezone.now()) if document else 0
        except EffectTimeoutError as error:
            words = _("Too many leads to count how many would be handed off.")
            self.stderr.write(words)
            if at_most is not None:
                raise CommandError(_("Nothing was published. Leave out --at-most if this is intended.")) from error
            return
        words = ngettext(
            "Publishing hands off %(number)s lead to sales.",
            "Publishing hands off %(number)s leads to sales.",
            number,
        ) % {"number": formats.number(number)}
        if number:
            self.stderr.write(words)
        if at_most is not None and number > at_most:
            raise CommandError(_("Nothing was published. Raise --at-most if this is intended."))
        if number and not yes and sys.stdin.isatty() and input(_("Publish? [y/N] ")).strip().lower() not in YES:
            raise CommandError(_("Nothing was published."))

    def publish_draft(self, model: ScoringModel, note: str) -> None:
        now = timezone.now()
        try:
            version = publication.publish_draft(model=model, by=None, note=note, now=now, revision=model.draft_revision)
        except (NothingToPublishError, UnpublishableError, publication.ApprovalNeededError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("%(version)s published. Rescoring all leads.") % {"version": version})

    # --- show, compare, lint

    def show(self, *, name: str | None, version: int | None, **rest: Any) -> None:
        model = model_named(name)
        raw = stored(model, "") if version is None else dict(version_numbered(model, version).document)
        self.stdout.write(yaml_text.write(tidy(raw)), ending="")

    def diff(self, *, a: str, b: str, **rest: Any) -> None:
        before, after = named_document(a), named_document(b)
        for change in changes(before, after):
            self.stdout.write(f"{SIGNS[change.kind]} {change.where} / {change.name}")
            for sign, words in (("-", change.before), ("+", change.after)):
                if words:
                    self.stdout.write(f"    {sign} {words}")
        old, new = (yaml_text.write(engine.dump(document)).splitlines() for document in (before, after))
        lines = list(unified_diff(old, new, a, b, lineterm=""))
        self.stdout.write("\n".join(["", *lines]) if lines else _("no changes"))

    def schema(self, *, bare: bool, **rest: Any) -> None:
        self.stdout.write(json.dumps(engine.json_schema(None if bare else catalog()), ensure_ascii=False, indent=2))

    def lint(self, *, name: str | None, strict: bool, **rest: Any) -> None:
        model = model_named(name)
        document, problems = check_document(model.draft or stored(model, ""))
        for problem in problems:
            self.stdout.write(f"error    {problem.path}: {problem.text(spoken_language())}")
        if document is None:
            sys.exit(1)
        remarks = findings(document, model=model, now=timezone.now())
        for finding in remarks:
            self.stdout.write(f"{finding.code:<11} {finding.path} {finding.name}: {finding.text}")
        words = ngettext("%(number)s finding", "%(number)s findings", len(remarks))
        self.stdout.write(words % {"number": len(remarks)})
        if any(strict or finding.code in SERIOUS for finding in remarks):
            sys.exit(1)


def spoken_language() -> str:
    return translation.get_language() or "en"


def read(file: Path) -> tuple[Any, yaml_text.YamlDocument]:
    """What a YAML file says. Raises CommandError with the line of what cannot be read."""
    loaded = yaml_text.load(read_text(file, most_bytes=yaml_text.MOST_BYTES))
    if loaded.problem:
        raise CommandError(f"{file}:{loaded.line}: {loaded.problem}")
    return loaded.raw, loaded


def stored(model: ScoringModel, which: str) -> dict[str, Any]:
    """A version by its number, the draft, or what is current (the draft, before anything was published)."""
    if which.isdecimal():
        return dict(version_numbered(model, int(which)).document)
    if which == "draft" or model.current_version is None:
        return dict(model.draft or {})
    return dict(model.current_version.document)


def named_document(name: str) -> Document:
    """A document by file, version number of the primary model, NAME, NAME@NUMBER or NAME@draft."""
    if Path(name).is_file():
        raw, _lines = read(Path(name))
    elif name.isdecimal() and not ScoringModel.objects.filter(name=name).exists():
        raw = stored(model_named(None), name)
    else:
        called, _at, which = name.rpartition("@") if "@" in name else (name, "", "")
        raw = stored(model_named(called), which)
    document = engine.parse(raw).document
    if document is None:
        raise CommandError(_("%(name)s isn’t a complete document. Run `load` to see why.") % {"name": name})
    return document
