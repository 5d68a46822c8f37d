"""A lead as another system knows it: added, or brought up to date, whoever sends it how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from background.transactions import retrying
from intake.actions.intake import find_leads, find_or_add_leads
from intake.errors import IntakeError
from leads.actions.identification import Identity
from leads.errors import PersonErasedError
from leads.models import Company, Lead, Source, StageChange
from leads.queries.companies import companies_at, companies_called
from leads.queries.erased import GivenPerson, was_erased
from leads.queries.merges import former_names
from leads.signals import leads_changed
from leads.titles import level_changes


class IdentityTakenError(IntakeError):
    """The e-mail or external id belongs to another lead."""


class StageDecidedError(IntakeError):
    """The lead stands at another stage, which a person or a rule has decided; `stage` is where it stands."""

    def __init__(self, stage: str) -> None:
        super().__init__(stage)
        self.stage = stage


@dataclass(frozen=True, kw_only=True)
class LeadValues:
    """Only what is to be set; a name that is missing leaves the value alone. `source` is a source's code."""

    lead: Mapping[str, Any] = field(default_factory=dict)
    custom: Mapping[str, Any] = field(default_factory=dict)
    company: Mapping[str, Any] = field(default_factory=dict)
    company_custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Upserted:
    lead: Lead
    created: bool
    changed: list[str]
    kept: list[str]
    """Fields that stay as they are, since they forbid to contact the lead."""


@retrying
@transaction.atomic
def upsert_lead(*, identity: Identity, values: LeadValues, now: datetime, by: User | None = None) -> Upserted:
    """Find the lead by external id, else by e-mail, else add it; then set what differs.

    A new lead can begin at any stage, a decision of `by`; afterwards a stage is no value to be sent. Raises
    IdentityTakenError when a new e-mail or external id is another lead's, StageDecidedError for another stage,
    PersonErasedError for somebody whose data was erased.
    """
    if was_erased(given_person(identity, values)):
        raise PersonErasedError
    created = not find_leads([identity])
    pk = find_or_add_leads([identity], now=now)[identity]
    lead = Lead.objects.select_for_update(of=("self",), no_key=True).select_related("company").get(pk=pk)
    upserted = _bring_up_to_date(lead, identity, values, created=created)
    if created:
        StageChange.objects.create(lead=lead, before="", after=lead.stage, at=now, by=by, reason="sent_by_api")
    return upserted


@transaction.atomic
def change_lead(*, lead: Lead, identity: Identity, values: LeadValues) -> Upserted:
    """Set what differs of a lead that is known and locked; `identity` has its new e-mail and external id, if any.

    Raises what `upsert_lead` raises.
    """
    if (identity.email or identity.external_id) and was_erased(given_person(identity, values)):
        raise PersonErasedError
    return _bring_up_to_date(lead, identity, values, created=False)


def _bring_up_to_date(lead: Lead, identity: Identity, values: LeadValues, *, created: bool) -> Upserted:
    """Set what differs of a locked lead, and of its company."""
    changes = dict(values.lead)
    if not created and changes.get("stage", lead.stage) != lead.stage:
        raise StageDecidedError(lead.stage)
    changes |= names_of(lead, identity, further=changes.pop("other_emails", []))
    if code := changes.pop("source", None):
        labels = {"label_en": code, "label_ja": code}
        changes["source"] = Source.objects.get_or_create(code=code, defaults=labels)[0]
    company = _company(lead, values)
    if company is not None:
        changes["company"] = company
    if values.custom:
        changes["custom"] = lead.custom | dict(values.custom)
    changes |= level_changes(vars(lead), changes)
    kept = [name for name in ("consent",) if lead.consent is False and changes.get(name, False) is not False]
    changed = _set(lead, {name: value for name, value in changes.items() if name not in kept})
    transaction.on_commit(lambda: leads_changed.send(sender=None))
    told = [name for name in changed if name != "title_level_derived"]
    return Upserted(lead=lead, created=created, changed=told, kept=kept)


def given_person(identity: Identity, values: LeadValues) -> GivenPerson:
    """Who is meant, by everything that is said of them."""
    emails = [email for email in (identity.email, *values.lead.get("other_emails", ())) if email]
    said = {name: str(values.lead.get(name) or "") for name in ("name", "phone")}
    return GivenPerson(emails=emails, external_id=identity.external_id, **said)


def names_of(lead: Lead, identity: Identity, *, further: Sequence[str]) -> dict[str, Any]:
    """The names that the lead gets: those it is called by, and its former address beside `further` ones.

    A name that came with a merge is as good as its own, which stays.
    """
    changes: dict[str, Any] = {}
    for name, value in (("email", identity.email), ("external_id", identity.external_id)):
        own = getattr(lead, name)
        if value and not (own and own != value and value in former_names(lead, name)):
            changes[name] = value
    first = changes.get("email", lead.email)
    addresses = dict.fromkeys([*lead.other_emails, *([lead.email] if lead.email else []), *further])
    others = [address for address in addresses if address != first]
    return changes | ({"other_emails": others} if others != lead.other_emails else {})


def _company(lead: Lead, values: LeadValues) -> Company | None:
    """The company that is named (found by domain, else by name, else added), or the lead's own, brought up to date."""
    given = dict(values.company)
    if not given and not values.company_custom:
        return None
    company = None
    if given.get("domain"):
        company = companies_at(given["domain"]).order_by("pk").first()
    if company is None and given.get("name"):
        company = companies_called(given["name"]).order_by("pk").first()
    company = company or lead.company
    if company is None and not given.get("name"):
        return None
    company = company or Company()
    given["custom"] = company.custom | dict(values.company_custom)
    _set(company, given)
    return company


def _set(row: Lead | Company, values: Mapping[str, Any]) -> list[str]:
    """Save the values that differ; returns their names. Raises IdentityTakenError."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed or row.pk is None:
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise IdentityTakenError from error
    return sorted(changed)


@retrying
@transaction.atomic
def upsert_company(*, values: Mapping[str, Any], by: User) -> tuple[Company, bool, list[str]]:
    """Find the company by its domain, else by its name, else add it; then set what differs.

    Returns it, whether it was added, and which fields changed.
    """
    found = companies_at(values.get("domain", "")).order_by("pk").first()
    found = found or companies_called(values["name"]).order_by("pk").first()
    company = found or Company()
    return company, found is None, change_company(company=company, values=values)


@transaction.atomic
def change_company(*, company: Company, values: Mapping[str, Any]) -> list[str]:
    """Set what differs of a company; its custom attributes are added to those it has. Returns the changed fields."""
    changed = _set(company, {**values, "custom": company.custom | dict(values.get("custom", {}))})
    transaction.on_commit(lambda: leads_changed.send(sender=None))
    return changed
