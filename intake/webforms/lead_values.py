"""What a submission says of a person, and as which activity it is taken in."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from intake.actions.upsert import LeadValues
from intake.imports.fields import CONSENT, ENQUIRY
from intake.models import Submission
from intake.tracking.traits import company_values, full_name
from intake.webforms.document import FormDocument
from intake.webforms.targets import ADDRESS, ANSWER, EMAIL, PERSON, PHONE, QUESTION
from leads.actions.identification import Identity
from web.cleaning import folded, phone_key

LONGEST_KANA = 160


def by_target(submission: Submission, document: FormDocument) -> dict[str, Any]:
    """What was answered, by what it writes; several enquiries become one text."""
    found: dict[str, Any] = {}
    for each in document.fields:
        value = submission.values.get(each.code)
        if value is None:
            continue
        found[each.writes] = f"{found[each.writes]}\n{value}" if each.writes in found else value
    return found


def identity_of(said: Mapping[str, Any], visitor: str) -> Identity:
    """Who sends it: by e-mail; without one by telephone and name together, kept as the id of a browser would be."""
    if said.get(EMAIL):
        return Identity(email=said[EMAIL], anonymous_id=visitor)
    told = f"{phone_key(str(said.get(PHONE, ''))) or said.get(PHONE, '')}|{folded(name_of(said))}"
    digest = hmac.new(settings.SECRET_KEY.encode(), told.encode(), hashlib.sha256).hexdigest()
    return Identity(anonymous_id=f"tel-{digest[:40]}")


def name_of(said: Mapping[str, Any]) -> str:
    person = said.get(PERSON) or {}
    return full_name({"family_name": person.get("family", ""), "given_name": person.get("given", "")})


def lead_values(said: Mapping[str, Any]) -> LeadValues:
    """The fields of a lead and of its company; consent is not among them."""
    lead: dict[str, Any] = {}
    custom: dict[str, Any] = {}
    company: dict[str, Any] = {}
    company_custom: dict[str, Any] = {}
    for target, value in said.items():
        owner, _dot, name = target.partition(".")
        if owner == "lead" and target not in (EMAIL, PERSON, ADDRESS, CONSENT, ENQUIRY):
            lead[name] = value
        elif owner == "custom":
            custom[name] = value
        elif target.startswith("company.custom."):
            company_custom[target.removeprefix("company.custom.")] = value
        elif owner == "company":
            company[name] = value
    if name := name_of(said):
        person = said[PERSON]
        lead["name"] = name
        kana = " ".join(filter(None, (person.get("family_kana"), person.get("given_kana"))))
        lead |= {"kana": kana[:LONGEST_KANA]} if kana else {}
    if (said.get(ADDRESS) or {}).get("region"):
        lead.setdefault("region", said[ADDRESS]["region"])
    if company.get("name"):
        company |= company_values({"company": company["name"]})
    return LeadValues(lead=lead, custom=custom, company=company, company_custom=company_custom)


def activity_row(
    submission: Submission, document: FormDocument, said: Mapping[str, Any], identity: Identity
) -> dict[str, Any]:
    """The activity in the shape of the API: the form is its object, questions are its properties."""
    given = {"email": identity.email, "anonymous_id": identity.anonymous_id}
    questions = {target.removeprefix(QUESTION): value for target, value in said.items() if target.startswith(QUESTION)}
    address = said.get(ADDRESS) or {}
    host, _slash, _path = submission.page.partition("/")
    properties = {
        **questions,
        "text": said.get(ENQUIRY, ""),
        "postcode": address.get("postcode", ""),
        "address": address.get("line", ""),
        "host": host,
        "form_version": submission.version.number if submission.version else 0,
        "consent": submission.consent.get("given", ""),
        **submission.touch,
    }
    return {
        "key": str(submission.key),
        "lead": {name: value for name, value in given.items() if value},
        "type": document.activity,
        "occurred_at": submission.received_at.isoformat(),
        "object": submission.form.name,
        "properties": {name: value for name, value in properties.items() if value not in ("", None)},
    }


def answers_in(said: Mapping[str, Any]) -> dict[str, str]:
    """What was answered to the questions of frameworks: criterion -> option."""
    return {target.removeprefix(ANSWER): value for target, value in said.items() if target.startswith(ANSWER)}
