"""When a promise is due, on the command line, with the time that counts."""

from __future__ import annotations

import json
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from handoff.models import Calendar
from handoff.tasks import sweep_deadlines
from tests.handoff.world import claimed_by, contacted_by, jst, promise, sla_in_force

pytestmark = pytest.mark.django_db


def due(*args: str) -> str:
    out = StringIO()
    call_command("sla", "due", *args, stdout=out, language="en")
    return out.getvalue()


def test_a_friday_evening_before_a_holiday_is_due_by_close_of_business_on_thursday() -> None:
    """Monday the 20th is Marine Day."""
    told = due("--at", "2026-07-17T17:00:00+09:00").splitlines()
    assert told == [
        "2026-07-23 18:00 JST  3 business days · Tokyo calendar  (SLA version 1)",
        "  2026-07-17 17:00 – 2026-07-17 18:00",
        "  2026-07-21 09:00 – 2026-07-21 18:00",
        "  2026-07-22 09:00 – 2026-07-22 18:00",
        "  2026-07-23 09:00 – 2026-07-23 18:00",
    ]


def test_elapsed_hours_count_all_the_time(team) -> None:
    found = json.loads(due("--promise", "result", "--at", "2026-07-18T10:00:00+09:00", "--team", team.name, "--json"))
    assert (found["due_at"], found["calendar"], found["counted"]) == (
        "2026-07-20T10:00:00+09:00", None, [["2026-07-18T10:00:00+09:00", "2026-07-20T10:00:00+09:00"]],
    )  # fmt: skip


def test_what_was_met_is_told_beside_its_target(team, rep) -> None:
    sla_in_force({"name": "", "first_contact": promise(3, "business_days", target=85)})
    for number in range(10):
        handoff = contacted_by(rep) if number < 4 else claimed_by(rep)
        assert handoff.is_open
    with time_machine.travel(jst(8, 1), tick=False):
        sweep_deadlines()
        out, told = StringIO(), StringIO()
        call_command("sla", "compliance", "--promise", "first_contact", "--json", stdout=out, language="en")
        call_command("sla", "compliance", "--promise", "first_contact", stdout=told, language="en")
        with pytest.raises(CommandError, match="from 1 to 365 for --days"):
            call_command("sla", "compliance", "--days", "0", language="en")
    assert json.loads(out.getvalue()) == {"days": 90, "groups": [{
        "name": "All leads (version 2)", "promise": "first_contact", "ended": 10, "met": 4, "percent": 40.0,
        "low": 16.8, "high": 68.7, "target": 85, "below_target": True,
    }]}  # fmt: skip
    assert told.getvalue() == "40% (17–69%)  4 of 10  All leads (version 2)  First contact  below the target of 85%\n"


def test_a_team_that_is_not_there_is_said() -> None:
    with pytest.raises(CommandError, match="No team is called Nara"):
        due("--promise", "result", "--at", "2026-07-18T10:00:00+09:00", "--team", "Nara")


def test_a_lunch_break_is_left_out_of_what_counts() -> None:
    calendar = Calendar.objects.get(is_default=True)
    calendar.week = [[["09:00", "12:00"], ["13:00", "18:00"]]] * 5 + [[], []]
    calendar.save()
    told = due("--at", "2026-07-21T11:00:00+09:00").splitlines()
    assert told[1:3] == ["  2026-07-21 11:00 – 2026-07-21 12:00", "  2026-07-21 13:00 – 2026-07-21 18:00"]
