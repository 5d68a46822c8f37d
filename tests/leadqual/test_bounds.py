"""No day and no instant outside 2000-01-01 to 2100-01-01, by the database's own word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import get_resolver
from django.utils import timezone, translation

from accounts.forms import ApiKeyForm
from tests.factories import LeadFactory
from web.cleaning import FIRST_DAY, FIRST_INSTANT, LAST_DAY, LAST_INSTANT
from web.fields import BoundedDateField, BoundedDateTimeField

ROOMS = {"accounts", "frame", "notices", "leads", "intake", "scoring", "studio", "handoff", "insights", "leadqual"}

# What people and other systems supply.
BOUNDED = {
    "accounts.ApiKey": {"expires_at"},
    "handoff.Closing": {"day"},
    "handoff.Contact": {"at"},
    "handoff.Handoff": {"contacted_at", "snoozed_until", "wake_on"},
    "handoff.Outcome": {"decided_at", "closes_on"},
    "leads.Activity": {"occurred_at"},
    "leads.Lead": {"created_at", "planned_on"},
    "scoring.Adjustment": {"until"},
    "scoring.Answer": {"answered_at"},
}


def conditions(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND conname LIKE '%%\\_in\\_bounds'",
            [table],
        )
        return [condition for (condition,) in cursor.fetchall()]


@pytest.mark.parametrize("label", BOUNDED)
@pytest.mark.django_db
def test_a_check_constraint_stands_on_every_day_and_instant_from_outside(label: str) -> None:
    model = apps.get_model(label)
    found = conditions(model._meta.db_table)
    assert len(found) == len(BOUNDED[label])
    for name in BOUNDED[label]:
        assert any(f"({name} >= '2000-01-01" in each and f"({name} <= '2100-01-01" in each for each in found), found


@pytest.mark.django_db
def test_a_lead_outside_is_refused_and_both_ends_are_taken() -> None:
    lead = LeadFactory(planned_on=FIRST_DAY, created_at=FIRST_INSTANT)
    type(lead).objects.filter(pk=lead.pk).update(planned_on=LAST_DAY, created_at=LAST_INSTANT)
    wrong: list[dict[str, object]] = [
        {"planned_on": date(1, 1, 1)},
        {"planned_on": LAST_DAY + timedelta(days=1)},
        {"created_at": FIRST_INSTANT - timedelta(microseconds=1)},
        {"created_at": datetime(9999, 12, 31, tzinfo=UTC)},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError, match="_in_bounds"), transaction.atomic():
            type(lead).objects.filter(pk=lead.pk).update(**values)


@pytest.mark.django_db
def test_every_month_of_activities_has_the_constraint_too() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT leads_ensure_activity_month('2026-06-01')")
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE bounds.conname IS NOT NULL) FROM pg_inherits"
            " LEFT JOIN pg_constraint AS bounds"
            " ON bounds.conrelid = pg_inherits.inhrelid AND bounds.conname = 'activity_in_bounds'"
            " WHERE pg_inherits.inhparent = 'leads_activity'::regclass"
        )
        months, bounded = cursor.fetchone()
    assert months > 0
    assert bounded == months


def all_forms(parent: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for child in parent.__subclasses__():
        yield child
        yield from all_forms(child)


def test_every_form_of_ours_takes_days_and_instants_by_the_bounded_fields() -> None:
    get_resolver().url_patterns  # noqa: B018 - imports every view, and with it every form
    ours = [form for form in all_forms(forms.BaseForm) if form.__module__.partition(".")[0] in ROOMS]
    assert len(ours) > 30
    loose = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in ours
        for name, field in form.base_fields.items()
        if isinstance(field, forms.DateField | forms.DateTimeField)
        and not isinstance(field, BoundedDateField | BoundedDateTimeField)
    }
    assert loose == set()


@pytest.mark.parametrize("option", ["--at", "--known-at"])
@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31T23:59:59", "0001-01-01T00:00:00+23:59"])
def test_the_command_line_refuses_an_instant_outside(option: str, text: str) -> None:
    with translation.override("en"), pytest.raises(CommandError, match="Enter a date between 2000-01-01"):
        call_command("explain", "1", f"{option}={text}")


@pytest.mark.parametrize("day", ["0001-01-01", "2100-01-02", "9999-12-31"])
def test_a_key_cannot_end_on_a_day_outside(day: str) -> None:
    with translation.override("en"), timezone.override("Asia/Tokyo"):
        form = ApiKeyForm({"name": "Web site", "scopes": ["scores:read"], "expires_on": day})
        assert form.errors["expires_on"] == ["Enter a date between 2000-01-01 and 2100-01-01."]


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("day", ["2099-12-31", "2100-01-01"])
def test_a_key_that_ends_on_a_last_day_ends_inside(zone: str, day: str) -> None:
    with timezone.override(zone):
        form = ApiKeyForm({"name": "Web site", "scopes": ["scores:read"], "expires_on": day})
        assert form.is_valid(), form.errors
        end = form.cleaned_data["expires_on"]
    assert datetime(2099, 12, 31, 14, 59, tzinfo=UTC) < end <= LAST_INSTANT
