"""How far visitors come in a form, counted in days and fields, without telling anybody apart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import F

from intake.models import FormCount, FormSighting, WebForm

SEEN_EVERY = timedelta(seconds=5)
MOST_HOSTS = 50


def count(form: WebForm, day: date, field: str = "", **steps: int) -> None:
    """Add to the counters of a field, or of the form itself."""
    FormCount.objects.bulk_create([FormCount(form=form, day=day, field=field)], ignore_conflicts=True)
    added = {name: F(name) + number for name, number in steps.items()}
    FormCount.objects.filter(form=form, day=day, field=field).update(**added)


def count_errors(form: WebForm, day: date, fields: Iterable[str]) -> None:
    for field in fields:
        count(form, day, field, errors=1)


def note_sighting(form: WebForm, host: str, now: datetime) -> None:
    """Remember when a host last showed the form, every few seconds at most."""
    if not host or FormSighting.objects.filter(form=form, host=host, seen_at__gt=now - SEEN_EVERY).exists():
        return
    known = FormSighting.objects.filter(form=form)
    if known.filter(host=host).update(seen_at=now) or known.count() >= MOST_HOSTS:
        return
    FormSighting.objects.bulk_create([FormSighting(form=form, host=host[:200], seen_at=now)], ignore_conflicts=True)
