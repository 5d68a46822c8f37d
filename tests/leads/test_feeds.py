"""Everything since: no row is passed over, and none comes twice, whatever is committed meanwhile."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.actions import make_key
from accounts.enums import Scope
from accounts.models import User
from leads.actions.feeds import number_all, number_rows
from leads.models import Feed, Lead, StageChange
from tests.api_client import Send
from tests.factories import LeadFactory

PATH = "/api/v1/stage-changes"


def changed(lead: Lead, reason: str = "test") -> StageChange:
    return StageChange.objects.create(lead=lead, before="inquiry", after="mql", reason=reason)


def in_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def reasons(answer: Any) -> list[str]:
    return [row["reason"] for row in answer.json()["items"]]


def test_a_row_that_is_committed_late_comes_after_those_that_were_there(transactional_db: None, send: Send) -> None:
    lead = LeadFactory()
    begun, may_commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            changed(lead, "late")
            begun.set()
            may_commit.wait(20)

    slow = in_thread(write_slowly)
    assert begun.wait(20)
    changed(lead, "early")  # its id is the higher one
    first = send("get", PATH)
    may_commit.set()
    slow.join()
    then = send("get", f"{PATH}?cursor={first.json()['next_cursor']}")
    end = send("get", f"{PATH}?cursor={then.json()['next_cursor']}")
    assert (reasons(first), reasons(then), reasons(end)) == (["early"], ["late"], [])


def test_several_who_follow_a_feed_that_many_write_see_each_row_once(transactional_db: None) -> None:
    lead, done = LeadFactory(), threading.Event()

    def write(writer: int) -> None:
        for number in range(25):
            with transaction.atomic():
                changed(lead, f"{writer}.{number}")
                time.sleep(random.uniform(0, 0.01))

    seen: list[list[str]] = [[], [], []]

    def follow(place: int) -> None:
        last = 0
        while True:
            is_last_look = done.is_set()
            number_rows(StageChange, limit=7)
            rows = list(StageChange.objects.filter(feed_number__gt=last).order_by("feed_number")[:5])
            seen[place] += [row.reason for row in rows]
            last = rows[-1].feed_number if rows else last
            if is_last_look and not rows and not StageChange.objects.filter(feed_number=None).exists():
                return

    followers = [in_thread(lambda place=place: follow(place)) for place in range(3)]
    writers = [in_thread(lambda writer=writer: write(writer)) for writer in range(4)]
    for thread in writers:
        thread.join()
    done.set()
    for thread in followers:
        thread.join()
    assert seen[0] == seen[1] == seen[2]
    assert sorted(seen[0]) == sorted(f"{writer}.{number}" for writer in range(4) for number in range(25))


def test_a_number_is_never_given_twice_even_when_its_row_is_gone(db: None) -> None:
    lead = LeadFactory()
    changed(lead)
    assert number_all(StageChange, seconds=5) == 1
    StageChange.objects.all().delete()
    changed(lead)
    number_rows(StageChange)
    assert StageChange.objects.get().feed_number == 2
    assert Feed.objects.get().last == 2


def test_who_begins_with_the_latest_is_told_of_nothing_before(db: None, send: Send) -> None:
    lead = LeadFactory()
    changed(lead, "before")
    start = send("get", f"{PATH}?from=latest").json()
    assert (start["items"], start["has_more"]) == ([], False)
    changed(lead, "after")
    assert reasons(send("get", f"{PATH}?cursor={start['next_cursor']}")) == ["after"]


def test_what_the_person_does_not_see_is_left_out_and_the_cursor_goes_on(db: None, admin: User, rep: User) -> None:
    own, other = LeadFactory(owner=rep), LeadFactory()
    for lead, reason in ((other, "1"), (other, "2"), (own, "3")):
        changed(lead, reason)
    secret = make_key(by=admin, name="K", scopes=[Scope.LEADS_READ], expires_at=None, acts_as=rep)[1]
    headers = {"Authorization": f"Bearer {secret}"}
    first = Client().get(f"{PATH}?limit=2", headers=headers)
    assert (reasons(first), first.json()["has_more"]) == ([], True)
    then = Client().get(f"{PATH}?limit=2&cursor={first.json()['next_cursor']}", headers=headers)
    assert (reasons(then), then.json()["has_more"]) == (["3"], False)


@pytest.mark.parametrize("query", ["cursor=x", "from=yesterday", "from=latest&cursor=x", "limit=0", "since=1"])
def test_a_place_in_the_feed_cannot_be_made_up(db: None, send: Send, query: str) -> None:
    assert send("get", f"{PATH}?{query}").status_code == 400
