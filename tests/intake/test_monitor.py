"""The pages and alarms of intake: what they show, to whom, and that each thing is told once."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from intake.actions.doors import take_in_activities
from intake.actions.repairing import Plan, apply_plan
from intake.actions.watching import KEPT_FOR, prune_kept, watch_intake
from intake.kept_words import masked
from intake.models import KeptEvent, KeptGroup
from intake.queries.plan import tracking_plan
from intake.queries.tail import tail
from intake.repairs import Act, Repair
from leads.models import Activity, ActivityType, Lead
from leads.queries.timeline import timeline
from notices.models import OutboxMessage
from tests.clients import as_
from tests.intake.test_api_activities import told
from tests.intake.test_kept_back import SITE, equation
from tests.published import document, mail_rule

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def kinds_told() -> list[str]:
    return sorted(set(OutboxMessage.objects.values_list("kind", flat=True)))


def test_the_page_prints_the_equation_and_the_groups_of_today(marketer: User) -> None:
    rows = [told("k1"), told("k2"), told("k2"), told("k3", type="demo_booked")]
    take_in_activities(rows, door=SITE, now=timezone.now(), filtered=3)
    words = as_(marketer).get("/intake/").content.decode()
    assert "Unknown activity type “demo_booked”" in words
    numbers = [part.split("</dd>")[0] for part in words.split("<dd>")[1:6]]
    assert numbers == ["7", "2", "1", "3", "1"]


def test_contact_data_of_kept_events_is_masked_for_those_who_do_not_see_all_leads(
    marketer: User, manager: User
) -> None:
    row = told("mail-taro@example.co.jp", type="?", properties={"note": "call 03-1234-5678 or taro@example.co.jp"})
    take_in_activities([row], door=SITE, now=timezone.now())
    pk = KeptGroup.objects.get().pk
    for person, shows in ((marketer, True), (manager, False)):
        for address in (f"/intake/kept/{pk}/", "/intake/kept/", "/intake/tail/"):
            words = as_(person).get(address).content.decode()
            assert ("taro@example.co.jp" in words) == shows, (person, address)
            assert "03-1234-5678" not in words or shows
    assert masked({"a": ["x@y.example"]}) == {"a": ["•••@•••"]}


def test_a_repair_is_tried_and_made_from_the_page(marketer: User) -> None:
    take_in_activities([told("k1", type="demo_booked")], door=SITE, now=timezone.now())
    pk = KeptGroup.objects.get().pk
    chosen = {"act": "map", "to": "form_submit"}
    words = as_(marketer).post(f"/intake/kept/{pk}/repair/", chosen | {"try": ""}).content.decode()
    assert "1 event → 1 leads change" in words
    assert Activity.objects.count() == 0
    as_(marketer).post(f"/intake/kept/{pk}/repair/", chosen | {"apply": ""})
    out = StringIO()
    call_command("kept_back", "replay", str(pk), "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"group": pk, "state": "done", "read": 1, "left": 0}
    assert (Activity.objects.get().type.code, equation()) == ("form_submit", (1, 1, 0, 0, 0))
    out = StringIO()
    call_command("kept_back", "list", "--json", stdout=out)
    assert json.loads(out.getvalue()) == []


def test_a_silent_door_is_told_once_until_something_comes(marketer: User, now: datetime) -> None:
    for week in range(4, 0, -1):
        rows = [told(f"w{week}-{place}") for place in range(12)]
        take_in_activities(rows, door=SITE, now=now - week * 7 * DAY)
    take_in_activities([told("last")], door=SITE, now=now - timedelta(hours=1))
    assert [watch_intake(now=now), watch_intake(now=now)] == [1, 0]
    assert kinds_told() == ["intake.door_silent"]


def test_a_fault_that_rises_and_one_that_comes_back_are_told_once(marketer: User, now: datetime) -> None:
    take_in_activities([told(f"k{place}", type="demo_booked") for place in range(10)], door=SITE, now=now)
    assert [watch_intake(now=now), watch_intake(now=now)] == [1, 0]
    group = KeptGroup.objects.select_related("door").get()
    apply_plan(group=group, plan=Plan(repair=Repair(act=Act.CHANGED)), by=marketer, now=now + timedelta(hours=2))
    take_in_activities([told("again", type="demo_booked")], door=SITE, now=now + timedelta(hours=3))
    later = now + timedelta(hours=4)
    assert [watch_intake(now=later), watch_intake(now=later)] == [1, 0]
    assert kinds_told() == ["intake.fault_back", "intake.fault_rising"]


def test_what_was_kept_long_enough_goes_and_its_receipt_still_counts_it(now: datetime) -> None:
    take_in_activities([told("k1", type="?")], door=SITE, now=now)
    assert (prune_kept(now=now + KEPT_FOR), KeptEvent.objects.count()) == (0, 1)
    assert prune_kept(now=now + KEPT_FOR + DAY) == 1
    assert (KeptEvent.objects.count(), equation()) == (0, (1, 0, 0, 0, 1))


def test_the_timeline_says_that_an_activity_came_without_a_property(marketer: User, now: datetime) -> None:
    ActivityType.objects.filter(code="page_view").update(property_types={"plan": "number"})
    take_in_activities([told(properties={"plan": "gold"})], door=SITE, now=now)
    lead = Lead.objects.get()
    entries = timeline(leads=[lead.pk], reader=marketer, opened=[lead.pk], kind="kept").entries
    assert [entry.object for entry in entries] == ["“plan” of page_view: number expected"]


def test_the_plan_begins_with_what_rules_use_and_nobody_sends(publish: Any, marketer: User, now: datetime) -> None:
    publish(document(mail_rule()))
    rows = [told(f"k{place}", occurred_at=(now - DAY).isoformat()) for place in range(4)]
    rows[0]["properties"] = {}
    take_in_activities(rows, door=SITE, now=now)
    first, second = tracking_plan(now=now)[:2]
    assert (first.type.code, first.is_missed, [use.rule for use in first.uses]) == (
        "email_open", True, ["Default: Opened a mail"],
    )  # fmt: skip
    assert (second.type.code, second.number, second.sources) == ("page_view", 4, ["site:1"])
    assert [(one.name, one.share) for one in second.properties] == [("device", 75), ("seconds", 0)]
    assert as_(marketer).get("/intake/plan/").status_code == 200


def test_the_tail_has_the_newest_of_both_outcomes_and_a_test_event_shows_its_way(marketer: User) -> None:
    take_in_activities([told("k1"), told("k2", type="?")], door=SITE, now=timezone.now())
    assert sorted((row.key, row.event is None) for row in tail(["site:1"])) == [("k1", True), ("k2", False)]
    assert [row.key for row in tail(["site:1"], outcome="kept")] == ["k2"]
    answer = as_(marketer).post("/intake/test/", {"email": "t@example.com", "type": "page_view"}, follow=True)
    lead = Lead.objects.get(email="t@example.com")
    assert f"/leads/{lead.pk}/score/" in answer.content.decode()
