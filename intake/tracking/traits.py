"""What somebody says of themselves on a website: cleaned, and only what is still empty is filled in.

Anybody can send these, so that they never change what is known already, and never give consent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from intake.actions.intake import find_leads
from intake.actions.upsert import IdentityTakenError, LeadValues, upsert_lead
from intake.imports.fields import LEAD_FIELDS, CleaningContext, Remarked
from leads.actions.identification import Identity
from leads.errors import PersonErasedError
from leads.models import Lead
from leads.queries.companies import companies_called
from web.cleaning import CleaningError, clean_line

# Names that pages and other tools give to our fields; beside them our own names are known.
ALIASES = {
    "fullName": "name",
    "full_name": "name",
    "jobTitle": "title",
    "job_title": "title",
    "position": "title",
    "tel": "phone",
    "furigana": "kana",
}
TAKEN = ("name", "kana", "phone", "title", "department", "language", "country", "region")
COMPANY = ("company", "company_name", "organization")
FAMILY, GIVEN = ("lastName", "last_name", "family_name"), ("firstName", "first_name", "given_name")
OURS = frozenset({*ALIASES, *TAKEN, *COMPANY, *FAMILY, *GIVEN, "email", "address"})
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def fill_lead(identity: Identity, traits: Mapping[str, Any], *, now: datetime) -> None:
    """Fill what is empty of a lead that is known by its identity. What cannot be read is left out."""
    found = find_leads([identity]).get(identity)
    if found is None:
        return
    lead = Lead.objects.select_related("company").get(pk=found)
    given = lead_values(traits, now=now)
    values = {name: value for name, value in given.items() if getattr(lead, name) in ("", None)}
    company = {} if lead.company_id else company_values(traits)
    own = Identity(email=lead.email, external_id=lead.external_id)
    whole = Identity(email=lead.email or identity.email, external_id=lead.external_id or identity.external_id)
    if own.is_anonymous or not (values or company or whole != own):
        return
    try:
        upsert_lead(identity=whole, values=LeadValues(lead=values, company=company), now=now)
    except IdentityTakenError:
        upsert_lead(identity=own, values=LeadValues(lead=values, company=company), now=now)
    except PersonErasedError:
        return


def lead_values(traits: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """The fields of a lead that these traits say, cleaned as those of files."""
    said = {ALIASES.get(name, name): value for name, value in traits.items()}
    said.setdefault("name", full_name(traits))
    if isinstance(address := traits.get("address"), dict):
        said.setdefault("country", address.get("country"))
        said.setdefault("region", address.get("state") or address.get("prefecture"))
    context = CleaningContext(zone=ZoneInfo("UTC"), now=now)
    fields = {field.name.removeprefix("lead."): field for field in LEAD_FIELDS}
    values = {}
    for name in TAKEN:
        text = str(said[name]).strip() if isinstance(said.get(name), str | int) else ""
        if text and name in fields:
            try:
                value = fields[name].cleaner(context)(text)
            except CleaningError:
                continue
            values[name] = value.value if isinstance(value, Remarked) else value
    return values


def full_name(traits: Mapping[str, Any]) -> str:
    """A name from its two parts, in the order of its script."""
    family, given = (
        next((str(traits[name]).strip() for name in names if traits.get(name)), "") for names in (FAMILY, GIVEN)
    )
    parts = (family, given) if JAPANESE.search(family + given) else (given, family)
    return " ".join(filter(None, parts))


def company_values(traits: Mapping[str, Any]) -> dict[str, Any]:
    """The company that is named, as it is spelt where it is known already."""
    told = next((traits[name] for name in COMPANY if traits.get(name)), "")
    name = told.get("name") if isinstance(told, dict) else told
    try:
        name = clean_line(str(name or ""), max_length=160) if name else ""
    except CleaningError:
        name = ""
    if not name:
        return {}
    known = companies_called(name).first()
    return {"name": known.name if known else name}
