"""The cache on Valkey, which is there for speed: while it does not answer, each process remembers by itself."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

import redis
import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

log = structlog.get_logger(__name__)

PAUSE = 5.0  # seconds for which a server that did not answer is not asked again: no request waits for it twice
UNREACHABLE = (redis.ConnectionError, redis.TimeoutError, OSError)
REMEMBERED = ("set", "set_many", "delete", "delete_many")
# Until when (monotonic seconds) each server is taken for away; all threads of the process share it.
_away_until: dict[str, float] = {}


class FallbackCache(RedisCache):
    """Django's Redis cache; without its server a cache in the memory of this process takes its place.

    Limits still hold then, for each process apart, and nothing that a page needs is lost: a cache may forget. What the
    process has written itself is remembered beside the server, so that a server that falls silent for a moment does
    not take it along.
    """

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._memory = LocMemCache(f"instead of {server}", {key: params[key] for key in params if key != "OPTIONS"})
        self._name = str(server)

    def is_away(self) -> bool:
        """Whether the server has just not answered: whoever would ask it for something else need not wait either."""
        return time.monotonic() < _away_until.get(self._name, 0.0)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._first("add", key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._first("get", key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._first("set", key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._first("touch", key, timeout, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._first("delete", key, version))

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        return dict(self._first("get_many", list(keys), version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return bool(self._first("has_key", key, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._first("incr", key, delta, version))

    def set_many(
        self, data: Mapping[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        return list(self._first("set_many", data, timeout, version))

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        self._first("delete_many", list(keys), version)

    def clear(self) -> None:
        self._memory.clear()
        self._first("clear")

    def _first(self, method: str, *arguments: Any) -> Any:
        """What the server answers; what this process remembers where it does not."""
        if not self.is_away():
            try:
                answer = getattr(super(), method)(*arguments)
                if method in REMEMBERED:
                    getattr(self._memory, method)(*arguments)
                return answer
            except UNREACHABLE as error:
                _away_until[self._name] = time.monotonic() + PAUSE
                log.warning("cache_silent", error=str(error))
        return getattr(self._memory, method)(*arguments)
