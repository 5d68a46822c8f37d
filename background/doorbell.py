"""Ringing a task: once however many knock, never an error for the one who knocks. Beats find what a lost ring left."""

from __future__ import annotations

import logging
import time

from celery import current_app
from django.core.cache import cache, caches

log = logging.getLogger(__name__)

PENDING_AT_MOST = 5  # seconds after which a ring that nobody answered counts as lost
PAUSE = 5.0  # seconds without ringing after the broker did not answer: intake must not wait for it each time

_silent_until = 0.0


def ring(task: str) -> bool:
    """Ask for `task` soon, unless it has been asked for and not begun. Returns whether a message went out."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        # Where the cache does not answer, the broker does not either: it is the same server.
        if not cache.add(f"ring:{task}", 1, timeout=PENDING_AT_MOST) or caches["default"].is_away():  # type: ignore[attr-defined]
            return False
        current_app.send_task(task, retry=False, ignore_result=True, expires=60)
    except Exception:  # whatever the broker's client raises: the beat will ring
        _silent_until = time.monotonic() + PAUSE
        log.warning("doorbell_silent", extra={"task": task})
        return False
    return True


def answered(task: str) -> None:
    """The task begins: whoever knocks from now on may have brought something it does not see, and rings again."""
    try:
        cache.delete(f"ring:{task}")
    except Exception:
        log.warning("doorbell_silent", extra={"task": task})


def silence() -> None:
    """Never ring in this process: it does the work itself."""
    global _silent_until
    _silent_until = float("inf")
