from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from leads.models import DirtyMark
from scoring.actions import publish_version, run_rescores, score_all_dirty
from scoring.models import ScoringModel
from studio.draft.store import start_model

Publish = Callable[..., ScoringModel]


def mail_rule(**changes: Any) -> dict[str, Any]:
    return {"name": "Opened a mail", "each": {"activity": "email_open"}, "points": 5} | changes


def document(*rules: dict[str, Any], hot: Any = None, **group: Any) -> dict[str, Any]:
    """One engagement group with these rules."""
    groups = [{"name": "Interest", "dimension": "engagement", "rules": list(rules)} | group]
    hot = hot or [{"name": "Hot lead", "when": {"score": "total", "op": ">=", "value": 70}, "exit": {"total": 60}}]
    return {"model": "Default", "groups": groups, "hot": hot}


@pytest.fixture
def publish(admin, now) -> Publish:
    """Publish a document under the model "Default", made on first use, and score everybody."""

    def publish(raw: dict[str, Any], *, at: datetime | None = None, score: bool = True) -> ScoringModel:
        at = at or now
        model = ScoringModel.objects.filter(name=raw["model"]).first()
        if model is None:
            model = start_model(name=raw["model"], document=raw, by=admin, now=at)
        else:
            ScoringModel.objects.filter(pk=model.pk).update(draft=raw)
        publish_version(model=model, by=admin, note="test", now=at)
        if score:
            run_rescores(now=at)
            score_all_dirty(now=at)
            assert not DirtyMark.objects.exists()
        return ScoringModel.objects.get(pk=model.pk)

    return publish
