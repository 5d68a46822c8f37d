from __future__ import annotations

import time
from typing import Any

import pytest
from kombu.exceptions import OperationalError

from leadqual.celery import BEAT_SCHEDULE, GIVE_UP, app, tick


def test_every_tick_names_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    assert {str(entry["task"]) for entry in BEAT_SCHEDULE.values()} - set(app.tasks) == set()


def test_our_tasks_have_names_of_their_own_and_take_no_data() -> None:
    app.loader.import_default_modules()
    ours = [name for name in app.tasks if not name.startswith("celery.")]
    assert [name for name in ours if ".tasks." in name] == []


def test_a_tick_nobody_took_is_dropped_before_the_next() -> None:
    assert tick("scoring.score", 10) == {"task": "scoring.score", "schedule": 10, "options": {"expires": 10}}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("task_acks_late", False),  # a worker outlives its broker
        ("task_ignore_result", True),
        ("worker_prefetch_multiplier", 1),
        ("accept_content", ["json"]),
        ("task_serializer", "json"),
        ("task_default_queue", "leadqual"),
        ("timezone", "UTC"),
    ],
)
def test_the_worker_settings_lose_nothing(setting: str, value: Any) -> None:
    assert app.conf[setting] == value


def test_ringing_without_a_broker_gives_up_at_once() -> None:
    with app.connection_for_write("redis+socket:///nowhere/valkey.sock", transport_options=GIVE_UP) as connection:
        began = time.monotonic()
        with pytest.raises(OperationalError), app.amqp.Producer(connection) as producer:
            app.send_task("scoring.score", producer=producer, retry=False)
    assert time.monotonic() - began < 3
