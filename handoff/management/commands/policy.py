"""`manage.py policy show | load F | publish SECTION`: the hand-off policy as YAML."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.languages import add_language_argument
from handoff.actions.policy import publish_policy, save_policy_draft
from handoff.enums import PolicySection
from handoff.errors import RefusedError
from handoff.models import Policy
from handoff.policy_text import sections_of, with_names
from handoff.queries.policy import changes_of, policy_of, problems_of, working_document
from scoring import yaml_text
from web.command_line import read_text

SIGNS = {"added": "+", "removed": "-", "changed": "~"}


class Command(BaseCommand):
    help = "The hand-off policy as text: show it, load a file as drafts, publish a section."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_language_argument(parser)
        verbs = parser.add_subparsers(dest="verb", required=True)
        show = verbs.add_parser("show", help="print the policy as YAML")
        show.add_argument("section", nargs="?", choices=PolicySection.values, help="all sections, if not given")
        show.add_argument("--draft", action="store_true", help="the drafts, where there are some")
        show.add_argument("--json", action="store_true", help="the documents, for programs")
        load = verbs.add_parser("load", help="make the sections of a file drafts")
        load.add_argument("file", type=Path)
        load.add_argument("--publish", action="store_true", help="and publish them")
        publish = verbs.add_parser("publish", help="publish the draft of a section")
        publish.add_argument("section", choices=PolicySection.values)
        for verb in (load, publish):
            verb.add_argument("--note", default="", help="what changed and why")
            verb.add_argument(
                "--move-open", action="store_true", help="SLA: leads that no one has contacted follow the new version"
            )
            verb.add_argument("--json", action="store_true", help="what became of each section, for programs")

    def handle(self, *args: Any, verb: str, language: str, **options: Any) -> None:
        with translation.override(language):
            verbs: dict[str, Callable[..., None]] = {"show": self.show, "load": self.load, "publish": self.publish}
            verbs[verb](**options)

    def show(self, *, section: str | None, draft: bool, **options: Any) -> None:
        documents = {}
        for name in [section] if section else PolicySection.values:
            policy = policy_of(name)
            in_force = policy.current.document if policy.current else {}
            documents[name] = with_names(working_document(policy) if draft else in_force)
        text = json.dumps(documents, ensure_ascii=False) if options["json"] else yaml_text.write(documents)
        self.stdout.write(text, ending="\n" if options["json"] else "")

    def load(self, *, file: Path, publish: bool, **options: Any) -> None:
        sections, published = self.read(file), {}
        for name, document in sections.items():
            policy = policy_of(name)
            self.tell_changes(policy, document)
            draft = save_policy_draft(policy=policy, document=document, seen=policy.token, by=None, now=timezone.now())
            if publish and draft.draft is not None:
                published[name] = self.put_in_force(draft, options)
        self.tell({name: published.get(name) for name in sections}, options)

    def read(self, file: Path) -> dict[str, dict[str, Any]]:
        """The sections of a file as they are stored; every problem is said with its line."""
        read = yaml_text.load(read_text(file, most_bytes=yaml_text.MOST_BYTES))
        if read.problem:
            raise CommandError(f"{file}:{read.line}: {read.problem}")
        sections, problems = sections_of(read.raw)
        for name, document in sections.items():
            problems += [problem.under(name) for problem in problems_of(name, document)]
        if problems:
            lines = [f"{file}:{read.line_of(problem.path)}: {problem.path}: {problem.text}" for problem in problems]
            raise CommandError("\n".join(lines))
        return sections

    def tell_changes(self, policy: Policy, document: dict[str, Any]) -> None:
        """What a document says differently from what is published, for the person who loads it."""
        before = policy.current.document if policy.current else None
        for change in changes_of(policy.section, before, document):
            words = " → ".join(part for part in (change.before, change.after) if part)
            self.stderr.write(f"{SIGNS[change.kind]} {change.name}: {words}")

    def publish(self, *, section: str, **options: Any) -> None:
        self.tell({section: self.put_in_force(policy_of(section), options)}, options)

    def put_in_force(self, policy: Policy, options: dict[str, Any]) -> int:
        try:
            version = publish_policy(
                policy=policy, by=None, note=options["note"], now=timezone.now(), moves_open=options["move_open"]
            )
        except RefusedError as error:
            raise CommandError(str(error)) from error
        return version.number

    def tell(self, published: dict[str, int | None], options: dict[str, Any]) -> None:
        """The version that each section was published as; None: it is a draft, or nothing changed."""
        if options["json"]:
            self.stdout.write(json.dumps(published))
            return
        for number in filter(None, published.values()):
            self.stdout.write(_("Version %(number)s is published.") % {"number": number})
