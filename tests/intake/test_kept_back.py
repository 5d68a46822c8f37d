"""Nothing that a door refuses is lost: it is kept with its reasons, and every receipt adds up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Sum

from intake.actions.doors import take_in_activities
from intake.enums import DoorKind, KeptState
from intake.incoming import DoorName
from intake.models import BatchReceipt, Door, KeptEvent, KeptFault, KeptGroup
from leads.models import Activity, ActivityKey
from tests.intake.test_api_activities import URL, told

pytestmark = pytest.mark.django_db

SITE = DoorName(kind=DoorKind.SITE, source="site:1", name="www.example.com")
NUMBERS = ("received", "taken", "twice", "filtered", "kept_back")


def equation() -> tuple[int, ...]:
    """Received, taken, twice, filtered, kept back, of all receipts."""
    sums = BatchReceipt.objects.aggregate(**{name: Sum(name, default=0) for name in NUMBERS})
    return tuple(sums[name] for name in NUMBERS)


def groups() -> set[tuple[str, str, int]]:
    """Kind, field and number of open faults of each group."""
    return {
        (group.kind, group.field, group.faults.filter(is_open=True).count()) for group in KeptGroup.objects.all()
    } - {(group.kind, group.field, 0) for group in KeptGroup.objects.all()}


def test_what_a_batch_cannot_bring_is_kept_as_it_was_sent_and_the_numbers_add_up(now: datetime) -> None:
    faulty = told("k2", type="telepathy", occurred_at="yesterday")
    rows = [told("k1"), faulty, "nothing", told("k1"), told("k4", lead={"email": "nobody"})]
    receipt = take_in_activities(rows, door=SITE, now=now, root="batch", filtered=3)
    assert (sorted(receipt.stored), receipt.duplicates, sorted(receipt.refused)) == ([0], [3], [1, 2, 4])
    assert [problem.where for problem in receipt.refused[1]] == ["batch[1].type", "batch[1].occurred_at"]
    assert equation() == (8, 1, 1, 3, 3)
    assert KeptEvent.objects.get(key="k2").raw == faulty
    assert groups() == {
        ("unknown_type", "telepathy", 1), ("time", "occurred_at", 1), ("shape", "", 1), ("email", "lead.email", 1),
    }  # fmt: skip
    door = Door.objects.get()
    assert (door.kind, door.source, door.name, door.first_seen_at) == ("site", "site:1", "www.example.com", now)


def test_the_api_keeps_what_it_refuses_and_says_how_many(send: Any, api_key: Any) -> None:
    answer = send("post", URL, {"activities": [told("k1"), told("k2", type="telepathy"), told("k3", type="telepathy")]})
    assert (answer.json()["accepted"], answer.json()["kept_back"], len(answer.json()["rejected"])) == (1, 2, 2)
    assert send("post", URL, told("k4", occurred_at="never")).status_code == 400
    assert equation() == (4, 1, 0, 0, 3)
    assert Door.objects.get().name == api_key[0].name


def test_what_waits_and_is_sent_again_is_kept_once(now: datetime) -> None:
    rows = [told("k1", type="telepathy"), told("", type="telepathy"), 17]
    for _time in range(10):
        take_in_activities(rows, door=SITE, now=now)
    assert KeptEvent.objects.count() == 3
    assert equation() == (30, 0, 27, 0, 3)


def test_what_comes_corrected_under_its_key_is_taken_and_waits_no_longer(now: datetime) -> None:
    take_in_activities([told("k1", type="telepathy"), told("k2", occurred_at="?")], door=SITE, now=now)
    take_in_activities([told("k1"), told("k2", occurred_at="??")], door=SITE, now=now)
    assert equation() == (4, 1, 2, 0, 1)
    assert list(KeptEvent.objects.order_by("pk").values_list("key", "state")) == [
        ("k1", KeptState.TWICE), ("k2", KeptState.TWICE), ("k2", KeptState.OPEN),
    ]  # fmt: skip
    assert groups() == {("time", "occurred_at", 1)}


def test_a_fault_sent_after_the_event_was_stored_under_its_key_is_the_same_event_twice(now: datetime) -> None:
    take_in_activities([told("k1")], door=SITE, now=now)
    take_in_activities([told("k1", type="telepathy")], door=SITE, now=now)
    assert (KeptEvent.objects.count(), equation()) == (0, (2, 1, 1, 0, 0))


def test_two_doors_keep_the_same_key_apart(now: datetime) -> None:
    other = DoorName(kind=DoorKind.EMAIL, source="mail:1", name="Mail")
    for door in (SITE, other):
        take_in_activities([told("k1", type="telepathy")], door=door, now=now)
    assert (KeptEvent.objects.count(), KeptGroup.objects.count(), equation()) == (2, 2, (2, 0, 0, 0, 2))


def test_who_sends_ever_new_names_fills_one_group_with_them(now: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr("intake.actions.keeping.MOST_GROUPS", 3)
    rows = [told(f"k{place}", type=f"made_up_{place}") for place in range(3)]
    take_in_activities(rows, door=SITE, now=now)
    take_in_activities([told("k8", type="made_up_8"), told("k9", type="made_up_9")], door=SITE, now=now)
    assert groups() == {("unknown_type", f"made_up_{place}", 1) for place in range(3)} | {("unknown_type", "…", 2)}


def test_an_event_of_a_size_that_nobody_sends_is_kept_by_its_beginning(now: datetime) -> None:
    take_in_activities([told("k1", properties={"text": "あ" * 300_000})], door=SITE, now=now)
    event = KeptEvent.objects.get()
    assert (event.is_whole, len(event.raw)) == (False, 10_000)


def test_a_tenfold_replay_after_400_days_stores_nothing_twice(now: datetime) -> None:
    """Keys are kept for ever and in no partition: neither the months since nor the month of the event matter."""
    rows = [told(f"k{place}", occurred_at=f"2026-{place % 10 + 1:02}-15T10:00:00Z") for place in range(50)]
    take_in_activities(rows, door=SITE, now=now)
    later = now + timedelta(days=400)
    for _time in range(10):
        moved = [row | {"occurred_at": later.isoformat()} for row in rows]
        assert take_in_activities([*rows, *moved], door=SITE, now=later).stored == {}
    assert (Activity.objects.count(), ActivityKey.objects.count()) == (50, 50)
    assert equation() == (1050, 50, 1000, 0, 0)
    assert KeptFault.objects.count() == 0
