"""What a key may, and how often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from accounts.enums import Role
from accounts.models import ApiKey, User
from frame.api.throttling import KeyThrottle
from tests.api_client import Send

pytestmark = pytest.mark.django_db
PATH = "/api/v1/leads/1/score"


@pytest.fixture(autouse=True)
def nothing_sent_yet() -> None:
    cache.clear()


@pytest.mark.parametrize("change", [{"role": Role.MARKETER}, {"is_active": False}])
def test_a_key_may_no_more_than_its_owner_may_now(send: Send, admin: User, change: dict[str, Any]) -> None:
    assert send("get", PATH).status_code == 404
    User.objects.filter(pk=admin.pk).update(**change)
    refused = send("get", PATH)
    assert refused.status_code == 401
    assert refused.json()["title"].startswith("The user who created this API key can no longer use API keys.")
    User.objects.filter(pk=admin.pk).update(role=Role.ADMIN, is_active=True)
    assert send("get", PATH).status_code == 404


def test_each_answer_tells_what_is_left_and_the_last_when_to_go_on(send: Send, settings: LazySettings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    answers = [send("get", PATH) for _request in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert {answer.headers["RateLimit-Limit"] for answer in answers} == {"3"}
    assert 0 < int(answers[3].headers["Retry-After"]) <= 60
    assert answers[3].headers["Content-Type"] == "application/problem+json"
    assert answers[3].json()["title"].startswith("Too many requests with this API key.")


def test_of_a_thousand_at_once_exactly_a_hundred_pass(api_key: tuple[ApiKey, str], settings: LazySettings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 100

    class Asked:
        auth = api_key[0]

    def passes(_number: int) -> bool:
        class View: ...

        return KeyThrottle().allow_request(Asked(), View())  # type: ignore[arg-type]

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(passes, range(1_000))) == 100


@pytest.mark.parametrize("path", ["/api/v1/leads/²/score", "/api/v1/nothing", "/api/"])
def test_an_address_that_does_not_exist_is_told_to_programs_as_a_problem(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert (answer.json()["status"], answer.json()["problems"]) == (404, [])
