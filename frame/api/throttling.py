"""How many requests one key may send: counted by the minute, told in each answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import ApiKey

MINUTE = 60


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What a key has left of its current minute, which ends in `reset` seconds."""

    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """As the draft "RateLimit header fields for HTTP" names them."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class KeyThrottle(BaseThrottle):
    """Lets `API_REQUESTS_PER_MINUTE` requests of each key through in each minute of the clock."""

    reset = MINUTE

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request, in one step with what other processes count, and leave `allowance` on the view."""
        now = time.time()
        minute, self.reset = int(now // MINUTE), MINUTE - int(now % MINUTE)
        count = 1
        if isinstance(request.auth, ApiKey):
            name = f"api.requests:{request.auth.pk}:{minute}"
            cache.add(name, 0, timeout=2 * MINUTE)
            count = cache.incr(name)
        limit: int = settings.API_REQUESTS_PER_MINUTE
        view.allowance = Allowance(limit=limit, remaining=max(limit - count, 0), reset=self.reset)
        return count <= limit

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return float(self.reset)
