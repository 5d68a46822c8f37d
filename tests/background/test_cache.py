"""What the site does while Valkey is away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache, caches

from background import doorbell
from background.cache import FallbackCache, _away_until


@pytest.fixture
def silent(tmp_path: Path) -> FallbackCache:
    """A cache whose server nobody started."""
    return FallbackCache(f"unix://{tmp_path}/nobody.sock", {"TIMEOUT": 300})


def test_without_its_server_a_cache_remembers_by_itself(silent: FallbackCache) -> None:
    silent.set("word", "kept")
    assert (silent.get("word"), silent.get("other", 7), silent.add("word", "new")) == ("kept", 7, False)
    silent.set_many({"one": 1, "two": 2})
    silent.delete("two")
    assert silent.get_many(["one", "two", "word"]) == {"one": 1, "word": "kept"}
    assert (silent.incr("one", 4), silent.get("one"), silent.has_key("two"), silent.touch("one")) == (5, 5, False, True)
    silent.clear()
    assert silent.get("word") is None


def test_with_its_server_it_is_the_cache_of_all_processes() -> None:
    cache.set("shared", 1)
    assert isinstance(cache._connections["default"], FallbackCache)
    assert FallbackCache(cache._servers[0], {}).get("shared") == 1


def test_a_server_that_falls_silent_for_a_moment_does_not_take_along_what_one_has_written() -> None:
    cache.set("own", 1)
    cache.set_many({"other": 2, "gone": 3})
    cache.delete("gone")
    _away_until[cache._name] = time.monotonic() + 5
    assert cache.get_many(["own", "other", "gone"]) == {"own": 1, "other": 2}


def test_a_server_that_comes_back_is_asked_again(silent: FallbackCache) -> None:
    silent.set("word", "alone")
    assert silent.is_away()
    _away_until.clear()
    silent._servers = caches["default"]._servers
    silent.__dict__.pop("_cache", None)
    cache.set("word", "together")
    assert silent.get("word") == "together"


def test_nobody_rings_at_a_server_that_is_away(silent: FallbackCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_away_until, cache._name, time.monotonic() + 60)
    monkeypatch.setattr(doorbell, "_silent_until", 0.0)
    monkeypatch.setattr(doorbell.current_app, "send_task", lambda *_args, **_options: pytest.fail("it rang"))
    assert doorbell.ring("leads.nothing") is False


@pytest.fixture(autouse=True)
def everything_answers_again() -> Iterator[None]:
    yield
    _away_until.clear()
    doorbell._silent_until = 0.0
