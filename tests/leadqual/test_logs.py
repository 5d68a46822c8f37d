"""What stands in the log, as an installation writes it: JSON, a line an event."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from structlog.testing import capture_logs

from accounts.models import User
from leadqual.env import BASE_DIR
from leadqual.logs import hide_keys
from tests.clients import as_

FAIL = """
import django, logging
django.setup()
try:
    {"name": "leadqual"}["secret"]
except KeyError:
    logging.getLogger("django.request").error("Internal Server Error: %s", "/x/", exc_info=True)
"""


def lines_of(work: str) -> list[dict[str, Any]]:
    """What a process outside the demo logs while it does `work`."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "leadqual.settings", "LEADQUAL_SECRET_KEY": "kjw8ab" * 20}
    environment.pop("LEADQUAL_DEMO", None)
    done = subprocess.run(
        [sys.executable, "-c", work], cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_traceback_is_text_in_one_line_of_json() -> None:
    [line] = lines_of(FAIL)
    assert (line["event"], line["level"]) == ("Internal Server Error: /x/", "error")
    assert "KeyError: 'secret'" in line["exception"]
    assert "exc_info" not in line


@pytest.mark.django_db
def test_a_request_is_one_line_without_its_query_or_any_key(rep: User, admin: User) -> None:
    with capture_logs() as logs:
        as_(rep).get(reverse("accounts:profile"), {"secret": "token"})
        Client().get("/accounts/password/reset/key/3-cw2lop-abcdef/?next=/x")
        Client().get("/healthz")
    told = [line for line in logs if line["event"] == "request"]
    assert [(line["method"], line["status"]) for line in told] == [("GET", 200), ("GET", 200)]
    assert told[0]["route"] == "profile/"
    assert told[0]["milliseconds"] > 0
    assert "token" not in str(told)
    assert "abcdef" not in str(told)


def test_an_error_of_a_reset_link_is_logged_without_its_key() -> None:
    event = {"event": "Internal Server Error: /accounts/password/reset/key/3-cw2lop-abcdef/"}
    assert hide_keys(None, "error", event) == {"event": "Internal Server Error: /accounts/password/reset/key/…/"}


def test_other_peoples_lines_with_addresses_in_them_are_off() -> None:
    names = ("uvicorn.access", "django_structlog.middlewares.request")
    assert [logging.getLogger(name).isEnabledFor(logging.ERROR) for name in names] == [False, False]
