"""Several processes that deliver at the same time: each message goes out once, and one at a time to a destination."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from accounts.models import User
from notices.actions import tell
from notices.actions.destinations import save_destination
from notices.actions.outgoing import answer_to, claim_outgoing, record_answer
from notices.models import Delivery, Destination, OutboxMessage
from tests.conftest import NOW
from tests.notices.receivers import receiver

pytestmark = pytest.mark.django_db(transaction=True)
DESTINATIONS, MESSAGES, DELIVERERS = 3, 10, 4


def test_each_message_is_sent_once_and_a_destination_gets_one_at_a_time(
    rep: User, admin: User, settings: LazySettings
) -> None:
    settings.OUTGOING_ALLOW = ["127.0.0.1"]
    inside: Counter[str] = Counter()
    most: list[int] = []
    lock = threading.Lock()

    def deliver(_number: int) -> int:
        """Claim, send and record until nothing is free or left; returns how many."""
        count = 0
        try:
            while OutboxMessage.objects.filter(destination__isnull=False, sent_at=None).exists():
                message = claim_outgoing(now=NOW)
                if message is None:
                    continue  # all that is left is being sent to
                name = str(message.destination)
                with lock:
                    inside[name] += 1
                    most.append(inside[name])
                answer = answer_to(message, NOW)
                with lock:
                    inside[name] -= 1
                record_answer(message=message, answer=answer, now=NOW)
                count += 1
        finally:
            connection.close()
        return count

    with receiver() as there:
        for number in range(DESTINATIONS):
            values: dict[str, Any] = {"name": f"d{number}", "topics": ["hot"], "language": "en"}
            made = Destination(kind="webhook")
            save_destination(destination=made, by=admin, now=NOW, address=there.url, **values)
        for number in range(MESSAGES):
            tell(people=[rep], kind="handoff.hot", key=f"k{number}", now=NOW)
        with ThreadPoolExecutor(DELIVERERS) as pool:
            counts = list(pool.map(deliver, range(DELIVERERS)))
    keys = [headers["webhook-id"] for _path, headers, _body in there.received]
    assert sum(counts) == len(keys) == len(set(keys)) == DESTINATIONS * MESSAGES
    assert Delivery.objects.filter(ok=True).count() == DESTINATIONS * MESSAGES
    assert max(most) == 1
