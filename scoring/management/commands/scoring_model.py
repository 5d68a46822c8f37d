"""`manage.py scoring_model load | show | diff | publish | lint`: the rules as text (DESIGN section 8)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from difflib import unified_diff
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from scoring import engine, text
from scoring.actions import NothingToPublishError, UnpublishableError, publish_version, save_draft, start_model
from scoring.actions.effects import keep_prediction, predict
from scoring.engine import Document, Problem
from scoring.management.commands.explain import spoken
from scoring.models import ScoringModel
from scoring.queries.changes import changes
from scoring.queries.documents import check_document
from scoring.queries.lint import counts, findings
from scoring.queries.naming import UnknownModelError, model_named, version_numbered

SIGNS = {"added": "+", "removed": "-", "changed": "~"}


class Command(BaseCommand):
    help = "Scoring models as text: load a file, show, compare, publish, look for weak rules."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=["ja", "en"], default=spoken(), help="of what is said")
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
        lint = verbs.add_parser("lint", help="look for weak rules in the draft, else in the current version")
        lint.add_argument("name", nargs="?")

    def handle(self, *args: Any, verb: str, language: str, **options: Any) -> None:
        verbs: dict[str, Callable[..., None]] = {
            "load": self._load,
            "show": self._show,
            "diff": self._diff,
            "publish": self._publish,
            "lint": self._lint,
        }
        with translation.override(language):
            try:
                verbs[verb](**options)
            except UnknownModelError as error:
                raise CommandError(str(error)) from error

    # --- load and publish

    def _load(self, *, file: Path, publish: bool, note: str, **_: Any) -> None:
        raw, lines = read(file)
        document, problems = check_document(raw)
        if document is None:
            raise CommandError("\n".join(self._said(problems, file, lines)))
        model = self._keep(engine.dump(document))
        if publish:
            self._publish_model(model, note or f"Loaded from {file.name}.")

    def _keep(self, raw: dict[str, Any]) -> ScoringModel:
        now = timezone.now()
        model = ScoringModel.objects.filter(name=raw["model"]).first()
        if model is None:
            self.stdout.write(f"{raw['model']}: new model")
            return start_model(name=raw["model"], by=None, now=now, document=raw)
        self.stdout.write(f"{model}: draft replaced" if model.draft else f"{model}: draft saved")
        return save_draft(model=model, document=raw, revision=model.draft_revision, by=None, now=now)

    def _said(self, problems: Iterable[Problem], file: Path, lines: text.Loaded) -> Iterable[str]:
        language = translation.get_language() or "en"
        for problem in problems:
            yield f"{file}:{lines.line_of(problem.path)}: {problem.path}: {problem.text(language)}"

    def _publish(self, *, name: str, note: str, **_: Any) -> None:
        self._publish_model(model_named(name), note)

    def _publish_model(self, model: ScoringModel, note: str) -> None:
        now = timezone.now()
        try:
            predicted = predict(model=model, raw=model.draft, now=now)
            version = publish_version(model=model, by=None, note=note, now=now)
            keep_prediction(effect=predicted, version=version)
        except (NothingToPublishError, UnpublishableError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{version} published; everybody is being re-scored")

    # --- show, compare, lint

    def _show(self, *, name: str | None, version: int | None, **_: Any) -> None:
        self.stdout.write(text.write(stored(model_named(name), str(version) if version else "")), ending="")

    def _diff(self, *, a: str, b: str, **_: Any) -> None:
        before, after = named_document(a), named_document(b)
        for change in changes(before, after):
            self.stdout.write(f"{SIGNS[change.kind]} {change.where} / {change.name}")
            for sign, words in (("-", change.before), ("+", change.after)):
                if words:
                    self.stdout.write(f"    {sign} {words}")
        old, new = (text.write(engine.dump(one)).splitlines() for one in (before, after))
        lines = list(unified_diff(old, new, a, b, lineterm=""))
        self.stdout.write("\n".join(["", *lines]) if lines else "no difference")

    def _lint(self, *, name: str | None, **_: Any) -> None:
        model = model_named(name)
        document, problems = check_document(model.draft or stored(model, ""))
        for problem in problems:
            self.stdout.write(f"error    {problem.path}: {problem.text(translation.get_language() or 'en')}")
        if document is None:
            sys.exit(1)
        found = findings(document, counts(document, model=model, now=timezone.now()))
        for finding in found:
            self.stdout.write(f"{finding.code:<10} {finding.path} {finding.name}: {finding.text}")
        self.stdout.write(f"{len(found)} remarks")


def read(file: Path) -> tuple[Any, text.Loaded]:
    """What a YAML file says. Raises CommandError with the line of what cannot be read."""
    try:
        written = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file}: {error}") from error
    loaded = text.load(written)
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
        raise CommandError(f"{name} is not a complete document; `load` it to see why.")
    return document
