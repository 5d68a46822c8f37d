"""`manage.py kept_back list` and `manage.py kept_back replay GROUP`: what the doors could not take in."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from background.jobs import run_steps
from intake.actions.replay import REPLAY, start_replay
from intake.kept_words import fault_words
from intake.models import KeptGroup
from intake.queries.monitor import GroupFacts, groups


class Command(BaseCommand):
    help = "List what is kept back in groups, or take in what waits in one of them."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        listing = actions.add_parser("list", help="the groups with what waits in them")
        replay = actions.add_parser("replay", help="take in what waits in a group, with its repair")
        replay.add_argument("group", type=int, help="its number, as `list` prints it")
        for action in (listing, replay):
            action.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "list":
            self.list_groups(as_json=options["json"])
        else:
            self.replay(options["group"], as_json=options["json"])

    def list_groups(self, *, as_json: bool) -> None:
        now = timezone.now()
        found = groups(now=now, since=now.replace(hour=0, minute=0, second=0, microsecond=0))
        if as_json:
            self.stdout.write(json.dumps([as_dict(facts) for facts in found], ensure_ascii=False, indent=2))
            return
        for facts in found:
            group = facts.group
            words = fault_words(group.kind, group.field)
            self.stdout.write(f"{group.pk}\t{facts.number}\t{facts.state}\t{group.door}\t{words}")
        if not found:
            self.stdout.write("Nothing is kept back.")

    def replay(self, pk: int, *, as_json: bool) -> None:
        group = KeptGroup.objects.filter(pk=pk).first()
        if group is None:
            raise CommandError(f"Group {pk} doesn’t exist. `manage.py kept_back list` names them.")
        job = start_replay(group=group, by=None, now=timezone.now())
        run_steps(REPLAY, clock=timezone.now)
        job.refresh_from_db()
        left = group.faults.filter(is_open=True).count()
        report = {"group": pk, "state": job.state, "read": job.done, "left": left}
        if as_json:
            self.stdout.write(json.dumps(report))
        else:
            self.stdout.write(f"{job.done} read again, {left} still kept back ({job.state}).")


def as_dict(facts: GroupFacts) -> dict[str, Any]:
    """A group as JSON has it."""
    group = facts.group
    return {
        "group": group.pk,
        "door": group.door.source,
        "kind": group.kind,
        "field": group.field,
        "state": facts.state.value,
        "number": facts.number,
        "first": facts.first.isoformat(),
        "last": facts.last.isoformat(),
        "days": list(facts.days),
    }
