"""Chromium for the tests marked `browser`. Where it is missing they fail and the summary says how to get it.

`sign_in(user, path)` opens a page; whatever the browser complains about meanwhile fails the test.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.clients import as_

ADVICE = "Chromium is missing: apt-get install chromium-headless-shell fonts-noto-cjk (or set CHROMIUM=/path/to/one)."
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
# Somebody who asked the system for less motion: nothing to wait for.
PROFILE: dict[str, Any] = {
    "viewport": {"width": 1440, "height": 900},
    "locale": "ja-JP",
    "timezone_id": "Asia/Tokyo",
    "reduced_motion": "reduce",
}

SignIn = Callable[..., Page]


def chromium() -> str | None:
    """The path of a Chromium on this machine; the one without windows is the same and takes less processor."""
    named = os.environ.get("CHROMIUM")
    return named if named and Path(named).exists() else next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests of a process."""
    path = chromium()
    if path is None:
        pytest.fail(ADVICE, pytrace=False)
    # Playwright keeps an event loop running in this thread; Django must not take it for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=[*FLAGS, "--no-first-run"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def profile(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """One profile for the tests of a module, 1440 px wide: scripts and styles are fetched and compiled once."""
    opened = browser.new_context(base_url=live_server.url, **PROFILE)
    yield opened
    opened.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What browsers complain about; a test that provokes one takes it out with `complaints.clear()`."""
    lines: list[str] = []
    yield lines
    assert lines == []


@pytest.fixture
def context(profile: BrowserContext, complaints: list[str]) -> Iterator[BrowserContext]:
    """The module's profile without the pages and cookies of the test before."""
    stop = listen(profile, complaints)
    yield profile
    for page in profile.pages:
        page.close()
    stop()
    profile.clear_cookies()
    settle()


@pytest.fixture
def sign_in(context: BrowserContext, complaints: list[str], live_server: LiveServer) -> Iterator[SignIn]:
    """`sign_in(user, path)` opens a page of this person there; `apart=True` in a browser of their own.

    By the cookie of a session; the form is tested with Django's client, and once in a browser by the journey.
    """
    others: list[BrowserContext] = []

    def open_page(user: User, path: str = "", *, apart: bool = False) -> Page:
        chosen = context
        if apart:
            assert context.browser
            chosen = context.browser.new_context(base_url=live_server.url, **PROFILE)
            others.append(chosen)
            listen(chosen, complaints)
        name = settings.SESSION_COOKIE_NAME
        chosen.add_cookies([{"name": name, "value": as_(user).cookies[name].value, "url": live_server.url}])
        page = chosen.new_page()
        if path:
            page.goto(path)
        return page

    yield open_page
    if others:
        settle()  # a request that is cut off leaves its connection to the garbage collector
    for other in others:
        other.close()


def listen(context: BrowserContext, complaints: list[str]) -> Callable[[], None]:
    """Collect script errors, blocked resources, answers in error and failed requests; returns how to stop.

    A form that is sent back (422) is an answer as any other, and so is a request given up for the next page.
    """

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 422" not in message.text:
            complaints.append(message.text)

    def on_request_failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":
            complaints.append(f"{request.url}: {request.failure}")

    def on_error(error: WebError) -> None:
        complaints.append(str(error.error))

    context.on("console", on_console)
    context.on("requestfailed", on_request_failed)
    context.on("weberror", on_error)

    def stop() -> None:
        context.remove_listener("console", on_console)
        context.remove_listener("requestfailed", on_request_failed)
        context.remove_listener("weberror", on_error)

    return stop


BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""


def settle(patience: float = 10) -> None:
    """Wait for what the closed pages still asked of the server: it would meet the emptying of its tables."""
    end, quiet = time.monotonic() + patience, 0
    while quiet < 3 and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(BUSY)
            quiet = 0 if cursor.fetchone()[0] else quiet + 1
        time.sleep(0.02)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once what is missing, above pytest's last line."""
    if chromium() is None:
        terminalreporter.section("browser tests cannot run")
        terminalreporter.line(ADVICE)
