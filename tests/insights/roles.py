"""Who gets what at the addresses of insights. Columns: anonymous, outsourced, rep, manager, marketer, admin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from handoff.actions import answer_survey
from studio.draft.store import start_model
from tests.handoff.world import CONTACT, contacted_by

TABLE = """
insights:home          GET  -  login 403 200 200 200 200
insights:figure_leads  GET  figure login 403 200 200 200 200
insights:verdicts      GET  -  login 403 200 200 200 200
insights:feedback         GET  -     login 403 200 200 200 200
insights:product_notes    GET  -     login 403 200 200 200 200
insights:feedback_detail  GET  said  login 403 200 200 200 200
insights:feedback_reply   POST said  login 403 303 303 303 303
insights:feedback_decide  GET  -     login 403 403 403 200 200
insights:feedback_decide  POST -     login 403 403 403 303 303
insights:feedback_export  POST -     login 403 403 200 200 200
insights:demo          GET  -  login 403 403 403 403 200
insights:load_demo     POST -  login 403 403 403 403 303
insights:demo_progress GET  -  login 403 403 403 403 303
insights:remove_demo   POST -  login 403 403 403 403 303
insights:draft_load    GET  drafted login 403 403 200 200 200
"""


def drafted(world: SimpleNamespace) -> dict[str, Any]:
    """A scoring model with a draft."""
    return {"pk": start_model(name="Drafted", by=world.admin, now=datetime(2026, 11, 20, 1, 0, tzinfo=UTC)).pk}


def said(world: SimpleNamespace) -> dict[str, Any]:
    """What the rep said of a lead."""
    handoff = contacted_by(world.rep)
    return {"pk": answer_survey(handoff=handoff, by=world.rep, answer="wrong", now=CONTACT).pk}


FORMS = {
    "insights:feedback_reply POST": lambda world: {"text": "Tell us more"},
    "insights:feedback_decide POST": lambda world: {"state": "open"},
}
OBJECTS: dict[str, Callable[[SimpleNamespace], dict[str, Any]]] = {
    "drafted": drafted,
    "said": said,
    "figure": lambda world: {"code": "won"},
}
