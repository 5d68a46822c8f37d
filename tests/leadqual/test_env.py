from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from leadqual import env

STRONG = "k9-" + "abcdefghij" * 5


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in env.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)  # browser tests of the same process set it
    monkeypatch.setenv("LEADQUAL_VAR", str(tmp_path))


def test_without_a_key_the_site_refuses_to_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="Set LEADQUAL_SECRET_KEY"):
        env.secret_key()


@pytest.mark.parametrize("weak", ["short", "x" * 60, "django-insecure-" + STRONG])
def test_a_weak_key_is_refused_even_in_the_demo(weak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADQUAL_DEMO", "1")
    monkeypatch.setenv("LEADQUAL_SECRET_KEY", weak)
    with pytest.raises(ImproperlyConfigured, match="too weak"):
        env.secret_key()


def test_a_strong_key_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADQUAL_SECRET_KEY", STRONG)
    assert env.secret_key() == STRONG


def test_the_demo_makes_a_key_once_that_only_its_account_can_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LEADQUAL_DEMO", "1")
    first = env.secret_key()
    assert len(first) >= 50
    assert env.secret_key() == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_an_empty_key_file_of_a_killed_demo_is_made_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LEADQUAL_DEMO", "1")
    (tmp_path / "secret_key").touch()
    assert len(env.secret_key()) >= 50


def test_debug_is_refused_outside_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADQUAL_DEBUG", "1")
    with pytest.raises(ImproperlyConfigured, match="LEADQUAL_DEBUG"):
        env.debug()
    monkeypatch.setenv("LEADQUAL_DEMO", "1")
    assert env.debug() is True


def test_a_role_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADQUAL_ROLE", "cook")
    with pytest.raises(ImproperlyConfigured, match="cook"):
        env.role()


def test_the_web_process_pools_its_connections_and_the_others_keep_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://sales:p%40ss@db:5433/leads")
    monkeypatch.setenv("LEADQUAL_ROLE", "web")
    web = env.database()
    monkeypatch.setenv("LEADQUAL_ROLE", "worker")
    worker = env.database()
    assert (web["USER"], web["PASSWORD"], web["HOST"], web["PORT"], web["NAME"]) == (
        "sales",
        "p@ss",
        "db",
        5433,
        "leads",
    )
    assert ("pool" in web["OPTIONS"], web["CONN_MAX_AGE"]) == (True, 0)
    assert ("pool" in worker["OPTIONS"], worker["CONN_MAX_AGE"]) == (False, 300)
    assert web["OPTIONS"]["options"] == "-c statement_timeout=5s -c lock_timeout=2s -c pgtrigger.ignore={}"
    assert worker["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize(
    ("redis", "broker"),
    [
        ("redis://valkey:6379/0", "redis://valkey:6379/0"),
        ("rediss://:secret@valkey:6379/1", "rediss://:secret@valkey:6379/1"),
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock"),
        ("unix:///run/valkey.sock?db=2", "redis+socket:///run/valkey.sock?virtual_host=2"),
    ],
)
def test_the_broker_is_the_same_server_in_celerys_words(
    redis: str, broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis)
    assert env.broker_url() == broker


def test_embedded_servers_are_found_by_rule(tmp_path: Path) -> None:
    assert env.database()["OPTIONS"]["host"] == str(env.socket_directory(env.postgres_home(tmp_path)))
    assert env.redis_url() == f"unix://{env.socket_directory(env.valkey_home(tmp_path))}/valkey.sock"


def test_a_deep_directory_gets_a_short_socket_path() -> None:
    deep = Path("/srv") / ("d" * 120)
    path = env.socket_directory(env.valkey_home(deep)) / "valkey.sock"
    assert len(str(path)) < 108
    assert env.socket_directory(env.valkey_home(deep)) != env.socket_directory(env.valkey_home(deep / "other"))


def test_an_installation_answers_to_its_names_and_to_the_health_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADQUAL_ALLOWED_HOSTS", "leads.example.com")
    assert env.allowed_hosts() == ["leads.example.com", "localhost", "127.0.0.1", "[::1]"]


def test_a_real_installation_passes_djangos_deployment_checks(tmp_path: Path) -> None:
    environment = os.environ | {"LEADQUAL_SECRET_KEY": STRONG, "LEADQUAL_ALLOWED_HOSTS": "leads.example.com"}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=env.BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.returncode == 0
