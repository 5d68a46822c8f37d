"""CHECK constraints for the days and instants that people and other systems supply."""

from __future__ import annotations

from django.db.models import CheckConstraint, Q

from web.cleaning import FIRST_DAY, FIRST_INSTANT, LAST_DAY, LAST_INSTANT


def bounded_day(field: str, *, name: str) -> CheckConstraint:
    """The day, where there is one, lies between 2000-01-01 and 2100-01-01."""
    return CheckConstraint(condition=Q((f"{field}__range", (FIRST_DAY, LAST_DAY))), name=name)


def bounded_instant(field: str, *, name: str) -> CheckConstraint:
    """The instant, where there is one, lies between 2000-01-01 and 2100-01-01 UTC."""
    return CheckConstraint(condition=Q((f"{field}__range", (FIRST_INSTANT, LAST_INSTANT))), name=name)
