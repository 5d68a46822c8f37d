"""The tests' own PostgreSQL and Valkey: new for every run, in a directory of their own, gone afterwards.

Started by the first pytest process; the workers of pytest-xdist inherit its environment. Runs side by side share
nothing.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import django

from devserver.process import DevserverError
from devserver.services import Services

_running: list[tuple[Services, Path]] = []


def start() -> None:
    """Start the servers, tell the settings where they are, and set Django up. Once per process, before any model."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        os.environ |= _start_servers()
    elif worker.startswith("gw"):  # a Valkey database of its own: caches of two workers must not meet
        os.environ["REDIS_URL"] += f"?db={int(worker[2:]) + 1}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()


def stop() -> None:
    """Stop what this process started."""
    while _running:
        services, directory = _running.pop()
        services.stop()
        shutil.rmtree(directory, ignore_errors=True)


def _start_servers() -> dict[str, str]:
    directory = Path(tempfile.mkdtemp(prefix="leadqual-tests-"))
    directory.chmod(0o711)  # PostgreSQL, run by root, enters as another account
    services = Services(directory, durable=False)
    _running.append((services, directory))
    atexit.register(stop)
    try:
        services.start()
    except DevserverError as problem:
        sys.exit(f"Tests: {problem}")
    (directory / "var").mkdir()
    return services.environment | {
        "LEADQUAL_VAR": str(directory / "var"),
        "LEADQUAL_DEMO": "1",
        "LEADQUAL_SECRET_KEY": "only-for-tests-and-therefore-allowed-to-be-known-to-everybody",
        "LEADQUAL_BASE_URL": "http://testserver",
        "LEADQUAL_ROLE": "worker",
        "LEADQUAL_LANGUAGE": "en",
    }
