"""Chromium for the tests marked `browser`. Where it is missing they fail and the summary says how to get it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ADVICE = "Chromium is missing: apt-get install chromium-headless-shell fonts-noto-cjk (or set CHROMIUM=/path/to/one)."
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


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


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A fresh profile, 1440 px wide, of somebody who asked the system for less motion: nothing to wait for."""
    opened = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="ja-JP", timezone_id="Asia/Tokyo", reduced_motion="reduce"
    )
    yield opened
    opened.close()
    if "live_server" in request.fixturenames:
        settle()


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
        time.sleep(0.05)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of the fresh profile."""
    return context.new_page()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once what is missing, above pytest's last line."""
    if chromium() is None:
        terminalreporter.section("browser tests cannot run")
        terminalreporter.line(ADVICE)
