"""What people enter and correct about a lead. Every change is history too: triggers keep who, when, before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory
from django.db import IntegrityError, transaction

from accounts.models import User
from leads.actions.activities import record_activity
from leads.enums import Origin, Stage
from leads.errors import FieldChangedError, LeadExistsError, PersonErasedError
from leads.models import ActivityType, Company, Lead, StageChange
from leads.queries.companies import companies_called
from leads.queries.erased import GivenPerson, was_erased
from leads.signals import leads_changed
from leads.titles import level_changes

# The fields people may change; stage, owner and score have their own ways.
EDITABLE = (
    "name", "kana", "email", "phone", "title", "title_level", "department", "company", "external_id", "language",
    "country", "region", "source", "campaign", "planned_on", "consent", "custom",
)  # fmt: skip
IDENTIFYING = ("name", "email", "external_id")
CALLED_BY = {"name", "email", "external_id", "phone"}  # by one of these somebody comes back who was erased


@dataclass(frozen=True, kw_only=True)
class Enquiry:
    """What a customer asked sales, in their own words: it makes the lead an SQL at once (S97)."""

    text: str
    type: ActivityType


@transaction.atomic
def create_lead(
    *, by: User, values: Mapping[str, Any], now: datetime, owner: User | None = None, enquiry: Enquiry | None = None
) -> Lead:
    """Enter a lead by hand. With an enquiry it is sales-born and an SQL; without, an inquiry of marketing.

    Raises LeadExistsError when e-mail or external id belong to another lead, PersonErasedError.
    """
    given = _allowed(values)
    if given.get("title_level") is None:
        given.pop("title_level", None)
    given |= level_changes({}, given)
    lead = Lead(**given, owner=owner, team=(owner or by).team, created_at=now)
    if was_erased(GivenPerson.of_lead(lead)):
        raise PersonErasedError
    if enquiry:
        lead.origin, lead.stage = Origin.SALES, Stage.SQL
    with pghistory.context(user=by.pk):
        _save(lead)
    reason = "quoted_enquiry" if enquiry else "created"
    StageChange.objects.create(lead=lead, before="", after=lead.stage, at=now, by=by, reason=reason)
    if enquiry:
        record_activity(
            lead=lead, type=enquiry.type, occurred_at=now, source=told_by(by), now=now,
            properties={"text": enquiry.text},
        )  # fmt: skip
    transaction.on_commit(lambda: leads_changed.send(sender=None))
    return lead


@transaction.atomic
def update_lead(*, lead: Lead, values: Mapping[str, Any], by: User, was: Mapping[str, Any] | None = None) -> list[str]:
    """Correct some fields and return the names of those that changed.

    `was` holds what the person saw. Raises FieldChangedError where a field is something else by now, LeadExistsError
    where e-mail or external id belong to another lead, PersonErasedError where a new address was erased with somebody.
    """
    fresh = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    for field, seen in (was or {}).items():
        if getattr(fresh, field) != seen:
            raise FieldChangedError(getattr(fresh, field))
    changed = [field for field, value in _allowed(values).items() if getattr(fresh, field) != value]
    if fresh.consent is False and "consent" in changed:
        changed.remove("consent")  # the form says so; only `lift_fact` takes a refusal back
    written = {field: values[field] for field in changed}
    written |= level_changes(vars(fresh), written)
    changed = [field for field in written if field != "title_level_derived"]
    for field, value in written.items():
        setattr(fresh, field, value)
        setattr(lead, field, value)
    if CALLED_BY & written.keys() and was_erased(GivenPerson.of_lead(fresh)):
        raise PersonErasedError
    if fresh.email in fresh.other_emails:  # a further address became the first one
        written["other_emails"] = fresh.other_emails = [one for one in fresh.other_emails if one != fresh.email]
    if fresh.is_anonymous and any(getattr(fresh, field) for field in IDENTIFYING):
        fresh.is_anonymous = lead.is_anonymous = False
    if changed:
        with pghistory.context(user=by.pk):
            _save(fresh, update_fields=[*written, "is_anonymous", "updated_at"])
        transaction.on_commit(lambda: leads_changed.send(sender=None))
    return changed


def _allowed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {field: values[field] for field in EDITABLE if field in values}


def _save(lead: Lead, **how: Any) -> None:
    try:
        with transaction.atomic():
            lead.save(**how)
    except IntegrityError as error:
        raise LeadExistsError from error


def told_by(person: User) -> str:
    """The source of an activity that a person entered."""
    return f"person:{person.pk}"


@transaction.atomic
def company_called(*, name: str, by: User) -> Company | None:
    """The company of that name, entered now if there is none. None for an empty name."""
    if not name:
        return None
    with pghistory.context(user=by.pk):
        return companies_called(name).order_by("pk").first() or Company.objects.create(name=name)


@transaction.atomic
def update_company(*, company: Company, values: Mapping[str, Any], by: User) -> list[str]:
    """Correct a company and return the fields that changed; its leads are re-scored by a trigger's marks."""
    fresh = Company.objects.select_for_update().get(pk=company.pk)
    changed = [field for field, value in values.items() if getattr(fresh, field) != value]
    for field in changed:
        setattr(fresh, field, values[field])
        setattr(company, field, values[field])
    if changed:
        with pghistory.context(user=by.pk):
            fresh.save(update_fields=[*changed, "updated_at"])
        transaction.on_commit(lambda: leads_changed.send(sender=None))
    return changed
