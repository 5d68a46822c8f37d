"""What the site does while Valkey is away."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.cache import cache, caches

from background.cache import FallbackCache


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
    assert cache._memory.get("shared") is None


def test_a_server_that_comes_back_is_asked_again(silent: FallbackCache) -> None:
    silent.set("word", "alone")
    assert silent._silent_until > 0
    silent._servers, silent._silent_until = caches["default"]._servers, 0.0
    silent.__dict__.pop("_cache", None)
    cache.set("word", "together")
    assert silent.get("word") == "together"
