"""Logs: one line an event, for people in the demo and as JSON elsewhere. No secrets, no addresses of people."""

from __future__ import annotations

import re
from typing import Any

import structlog

from leadqual import env


def hide_keys(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A processor: whoever reads the log must not be able to set somebody's password."""
    event["event"] = KEY_IN_ADDRESS.sub(r"\1…", str(event["event"]))
    return event


KEY_IN_ADDRESS = re.compile(r"(/password/reset/key/)[^/\s]+")
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    hide_keys,
]

structlog.configure(
    processors=[
        *_SHARED,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

_RENDERER: Any = structlog.dev.ConsoleRenderer(colors=False) if env.demo() else structlog.processors.JSONRenderer()
# Whoever logged it, an exception becomes text in the line; the demo's renderer prints it itself.
_EXCEPTIONS: list[Any] = [] if env.demo() else [structlog.processors.format_exc_info]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [*_EXCEPTIONS, structlog.stdlib.ProcessorFormatter.remove_processors_meta, _RENDERER],
            "foreign_pre_chain": _SHARED,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        **{name: {"level": "INFO"} for name in ("leadqual", "accounts", "notices", "leads", "scoring", "handoff")},
        # They write addresses; our own line a request tells what they told (`requests.py`).
        **{name: {"level": "CRITICAL"} for name in ("django_structlog", "uvicorn.access")},
        "django.request": {"level": "ERROR"},
    },
}
