from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from devserver.process import DevserverError
from devserver.services import Services, Valkey
from leadqual.env import BASE_DIR


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Embedded servers of a directory of their own, not started; stopped after the test."""
    for directory in (tmp_path, *tmp_path.parents[:2]):
        directory.chmod(0o711)  # pytest's directories are private, and PostgreSQL drops to another account
    found = Services(tmp_path / "var", durable=False)
    yield found
    found.stop()


def test_they_start_keep_their_data_and_start_again(services: Services) -> None:
    services.start()
    with psycopg.connect(services.environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'トヨタ' AS name")
        connection.execute("CREATE EXTENSION pg_trgm")
        assert connection.execute("SELECT show_trgm(name) <> '{}' FROM kept").fetchone() == (True,)
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)
    with redis.Redis.from_url(services.environment["REDIS_URL"]) as valkey:
        assert valkey.ping() is True
    services.stop()
    assert services.died() is services.servers[0]
    services.start()
    with psycopg.connect(services.environment["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT name FROM kept").fetchone() == ("トヨタ",)


def test_the_pid_file_of_a_killed_server_does_not_keep_the_next_from_starting(services: Services) -> None:
    postgres = services.servers[0]
    postgres.start()
    postgres.stop()
    pid_file = postgres.home / "data" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{postgres.home / 'data'}\n")  # a number that lives, but is no PostgreSQL
    postgres.start()
    assert postgres.runs()


def test_a_server_that_dies_is_noticed(services: Services) -> None:
    valkey = services.servers[1]
    valkey.start()
    assert valkey.process is not None
    valkey.process.send_signal(signal.SIGKILL)
    valkey.process.wait(5)
    assert not valkey.runs()


def test_damaged_data_is_told_in_one_line(services: Services) -> None:
    postgres = services.servers[0]
    postgres.start()
    postgres.stop()
    (postgres.home / "data" / "global" / "pg_control").unlink()
    with pytest.raises(DevserverError) as refusal:
        services.start()
    assert str(refusal.value).startswith("PostgreSQL did not start:")
    assert "\n" not in str(refusal.value)
    assert not any(server.runs() for server in services.servers)


def test_servers_the_environment_names_are_not_started(tmp_path: Path) -> None:
    services = Services(tmp_path, given=["DATABASE_URL"])
    assert [server.name for server in services.servers] == ["Valkey"]
    assert sorted(services.environment) == ["REDIS_URL"]


def test_a_deep_directory_is_no_obstacle(tmp_path: Path) -> None:
    valkey = Valkey(tmp_path / ("d" * 100) / "valkey", durable=False)
    valkey.start()
    runs = valkey.runs()
    valkey.stop()
    assert runs


def test_they_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    valkey = Valkey(tmp_path / "valkey", durable=False)
    starter = f"""
import os, pathlib, signal
from devserver.services import Valkey
valkey = Valkey(pathlib.Path({str(valkey.home)!r}), durable=False)
valkey.start()
print("started", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", starter], cwd=BASE_DIR, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "started\n")
    end = time.monotonic() + 10
    while valkey.answers() and time.monotonic() < end:
        time.sleep(0.05)
    assert not valkey.answers()
