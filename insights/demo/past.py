"""The demo's history: triggers date what they write by the clock, and the story is a year older."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pgtrigger
from django.apps import apps
from django.db.models import F, Max, Model
from pghistory.models import Event

AFTER = timedelta(microseconds=1)
"""What a decision writes is recorded after the instant at which it was made."""


def tracked() -> list[type[Model]]:
    """The models that hold the history of the others."""
    return [model for model in apps.get_models() if issubclass(model, Event) and not model._meta.proxy]


class PastHistory:
    """Dates what was written to the history since it was last asked."""

    def __init__(self) -> None:
        self.last: dict[type[Model], int] = {model: self._newest(model) for model in tracked()}
        # What a salesperson does changes these; the rest is dated with the step of the story.
        self.often = [apps.get_model("leads", "LeadEvent"), apps.get_model("handoff", "HandoffEvent")]

    def date_new_leads(self, start: datetime) -> None:
        """Leads were entered when they came; what came with them was there from the start."""
        leads = self.often[0]
        entered = leads._default_manager.filter(pgh_id__gt=self.last[leads])
        self.date(start)
        with guard_lifted(leads):
            entered.update(pgh_created_at=F("created_at"))

    def date(self, at: datetime) -> None:
        """All that is new was written at `at`."""
        self._date(list(self.last), at)

    def date_step(self, at: datetime) -> None:
        """What one salesperson did at `at` to a lead and its hand-off."""
        self._date(self.often, at)

    def _date(self, models: Sequence[type[Model]], at: datetime) -> None:
        for model in models:
            before, self.last[model] = self.last[model], self._newest(model)
            if self.last[model] > before:
                with guard_lifted(model):
                    model._default_manager.filter(pgh_id__gt=before).update(pgh_created_at=at)

    def _newest(self, model: type[Model]) -> int:
        return model._default_manager.aggregate(newest=Max("pgh_id"))["newest"] or 0


def guard_lifted(model: type[Model]) -> AbstractContextManager[None]:
    """Nothing else may change what a history says."""
    return pgtrigger.ignore(f"{model._meta.label}:append_only")
