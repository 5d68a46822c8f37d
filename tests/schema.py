"""The migrated database that each test process copies.

Migrating takes ten seconds of processor time, restoring a dump of the outcome half a one: the dump is kept beside
pytest's cache and made anew whenever a migration changes, or the month does (partitions are made ahead of time).
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from devserver.schema import wanted_schema
from devserver.services import postgres_install
from leadqual.env import BASE_DIR, database

TEMPLATE = "migrated"
CACHE = BASE_DIR / ".pytest_cache" / "schema"


def make_template() -> None:
    """Make the database to copy; the first process that needs it does, the others wait."""
    with (Path(os.environ["LEADQUAL_VAR"]) / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        host = str(database()["OPTIONS"]["host"])
        with psycopg.connect(host=host, user="leadqual", dbname="postgres", autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
                return
            connection.execute(f"CREATE DATABASE {TEMPLATE}")
        _fill(f"postgresql://leadqual@/{TEMPLATE}?host={host}")


def _fill(url: str) -> None:
    dump = CACHE / f"{datetime.now(UTC):%Y-%m}-{wanted_schema()}.dump"
    if dump.exists():
        _run(postgres_install() / "bin" / "pg_restore", "--no-owner", "--exit-on-error", f"--dbname={url}", dump)
        return
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "leadqual.settings"}
    _run(sys.executable, "manage.py", "migrate", "--verbosity=0", environment=environment)
    CACHE.mkdir(parents=True, exist_ok=True)
    for stale in CACHE.glob("*.dump"):
        stale.unlink(missing_ok=True)
    unfinished = CACHE / f"{os.getpid()}.unfinished"
    _run(postgres_install() / "bin" / "pg_dump", "--format=custom", "--compress=0", f"--file={unfinished}", url)
    unfinished.rename(dump)


def _run(*words: str | Path, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(words, cwd=BASE_DIR, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"Tests: the database could not be made.\n{done.stdout}{done.stderr}")
