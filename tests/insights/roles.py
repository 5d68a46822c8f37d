"""Who gets what at the addresses of insights. Columns: anonymous, outsourced, rep, manager, marketer, admin."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

TABLE = """
insights:home          GET  -  login 403 200 200 200 200
insights:verdicts      GET  -  login 403 200 200 200 200
insights:demo          GET  -  login 403 403 403 403 200
insights:load_demo     POST -  login 403 403 403 403 303
insights:demo_progress GET  -  login 403 403 403 403 303
insights:remove_demo   POST -  login 403 403 403 403 303
"""

OBJECTS: dict[str, Callable[[SimpleNamespace], dict[str, Any]]] = {}
