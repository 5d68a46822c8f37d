"""Who gets what at the addresses of insights. Columns: anonymous, outsourced, rep, manager, marketer, admin."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

TABLE = """
insights:home  GET  -  login 403 200 200 200 200
"""

OBJECTS: dict[str, Callable[[SimpleNamespace], dict[str, Any]]] = {}
