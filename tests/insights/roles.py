"""Who gets what at the addresses of insights. Columns: anonymous, outsourced, rep, manager, marketer, admin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from studio.draft.store import start_model

TABLE = """
insights:home          GET  -  login 403 200 200 200 200
insights:figure_leads  GET  figure login 403 200 200 200 200
insights:verdicts      GET  -  login 403 200 200 200 200
insights:demo          GET  -  login 403 403 403 403 200
insights:load_demo     POST -  login 403 403 403 403 303
insights:demo_progress GET  -  login 403 403 403 403 303
insights:remove_demo   POST -  login 403 403 403 403 303
insights:draft_load    GET  drafted login 403 403 200 200 200
"""


def drafted(world: SimpleNamespace) -> dict[str, Any]:
    """A scoring model with a draft."""
    return {"pk": start_model(name="Drafted", by=world.admin, now=datetime(2026, 11, 20, 1, 0, tzinfo=UTC)).pk}


OBJECTS: dict[str, Callable[[SimpleNamespace], dict[str, Any]]] = {
    "drafted": drafted,
    "figure": lambda world: {"code": "won"},
}
