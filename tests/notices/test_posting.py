"""One POST: what the network and the receiver do never gets further than the answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from notices.outgoing import addresses, posting
from notices.outgoing.posting import Answer, Post, asked_to_wait, readable, send_post
from tests.conftest import NOW
from tests.notices.receivers import drip, drip_head, flood, hang_up, hang_up_late, receiver


@pytest.fixture(autouse=True)
def allowed(settings: LazySettings) -> None:
    settings.OUTGOING_ALLOW = ["127.0.0.1", "hook.example"]


def sent_to(url: str, **headers: str) -> Answer:
    return send_post(Post(address=url, body=b'{"a": 1}', headers=headers), now=NOW)


def test_the_answer_is_kept_with_its_status_and_beginning() -> None:
    with receiver((202, {}, b"taken\r\nwith thanks")) as there:
        answer = sent_to(there.url, **{"X-Key": "k"})
    assert (answer.code, answer.status, answer.text) == ("", 202, "taken with thanks")
    path, headers, body = there.received[0]
    assert (path, body, headers["X-Key"], headers["Host"]) == ("/hook", b'{"a": 1}', "k", there.url.split("/")[2])


@pytest.mark.parametrize(
    ("status", "code"), [(400, "refused"), (404, "refused"), (410, "gone"), (500, "failed"), (503, "failed")]
)
def test_a_status_says_what_became_of_the_message(status: int, code: str) -> None:
    with receiver((status, {}, b"why")) as there:
        assert (sent_to(there.url).code, sent_to(there.url).text) == (code, "why")


def test_a_redirect_is_not_followed_wherever_it_leads() -> None:
    with receiver() as inside, receiver((302, {"Location": inside.url}, b"")) as there:
        answer = sent_to(there.url)
    assert (answer.code, answer.status, inside.received) == ("redirected", 302, [])


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere the second time it is asked for is asked for once."""
    with receiver() as there:
        port = int(there.url.rsplit(":", 1)[1].split("/")[0])
        answers = [["127.0.0.1"], ["203.0.113.1"]]
        monkeypatch.setattr(addresses, "look_up", lambda host, port: answers.pop(0))
        assert sent_to(f"http://hook.example:{port}/x").status == 200
    assert len(answers) == 1
    assert there.received[0][1]["Host"] == f"hook.example:{port}"


def test_what_was_public_when_it_was_saved_is_checked_again_when_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "look_up", lambda host, port: ["127.0.0.1"])
    assert sent_to("https://rebound.example/").code == "internal"


def test_a_receiver_that_takes_its_time_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.4)
    started = time.monotonic()
    with receiver(before=lambda handler: time.sleep(3)) as there:
        assert sent_to(there.url).code == "too_slow"
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("before", [drip_head, drip])
def test_a_byte_now_and_then_takes_no_longer_than_anything_else(
    before: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.4)
    started = time.monotonic()
    with receiver(before=before) as there:
        answer = sent_to(there.url)
    assert time.monotonic() - started < 2
    # What was taken is taken, however long the rest of the answer is.
    assert (answer.code, answer.status) == (("", 200) if before is drip else ("too_slow", None))


def test_no_more_is_read_of_an_answer_than_somebody_looks_at() -> None:
    with receiver(before=flood) as there:
        answer = sent_to(there.url)
    assert (answer.status, answer.text) == (200, "a" * posting.MOST_KEPT)


def test_a_receiver_that_hangs_up_before_it_answers_has_not_taken_the_message() -> None:
    with receiver(before=hang_up) as there:
        assert sent_to(there.url).code == "broken_off"


def test_a_receiver_that_hangs_up_after_its_status_has_taken_the_message() -> None:
    with receiver(before=hang_up_late) as there:
        answer = sent_to(there.url)
    assert (answer.code, answer.status, answer.text) == ("", 200, "hal")


def test_nobody_there_is_unreachable() -> None:
    with receiver() as there:
        pass
    assert sent_to(there.url).code == "unreachable"


def test_a_receiver_without_tls_is_no_https_receiver() -> None:
    with receiver() as there:
        assert sent_to(there.url.replace("http:", "https:")).code == "broken_off"


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "120"}, timedelta(seconds=120)),
        ({"Retry-After": "0"}, timedelta(seconds=1)),
        ({"Retry-After": "99999999999"}, timedelta(days=1)),
        ({"Retry-After": "Sun, 22 Nov 2026 01:05:00 GMT"}, timedelta(minutes=5)),
        ({"Retry-After": "Sun, 22 Nov 2020 01:05:00 GMT"}, timedelta(seconds=1)),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "²"}, None),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 30)}, timedelta(seconds=30)),
        ({}, None),
    ],
)
def test_how_long_to_wait_is_read_in_seconds_or_as_a_date(headers: dict[str, str], wait: timedelta | None) -> None:
    assert asked_to_wait(headers, datetime(2026, 11, 22, 1, 0, tzinfo=UTC)) == wait


def test_an_answer_is_shown_without_what_a_page_or_a_database_cannot_hold() -> None:
    assert readable("a\x00b\n\x1b[31m" + "c" * 900) == ("a b [31m" + "c" * 900)[:500]
