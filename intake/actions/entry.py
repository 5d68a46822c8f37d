"""People entered one after the other from cards on a table: each is found or added, and gets the chosen activity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from background.transactions import retrying
from leads.access import lead_for, may_edit, visible_leads
from leads.actions.activities import record_activity
from leads.actions.leads import company_called, create_lead, update_lead
from leads.errors import LeadExistsError
from leads.models import ActivityType, Lead
from leads.queries.search import searched, with_address

MOST_ALIKE = 5
FILLED = ("name", "kana", "phone", "title", "department")


@dataclass(frozen=True, kw_only=True)
class EnteredActivity:
    """What everybody on the table did: the type, which fair or mailing it was, and when."""

    type: ActivityType
    object: str
    occurred_at: datetime


@retrying
@transaction.atomic
def enter_person(
    *, by: User, values: Mapping[str, Any], activity: EnteredActivity, chosen: int | None, key: str, now: datetime
) -> tuple[Lead, bool]:
    """The lead, and whether it is new. `chosen` is a lead that was proposed and is the same person.

    What is known already stays, what is empty is filled. The same `key` is the same row: it counts once. Raises
    LeadExistsError for an address of somebody whom this person may not see, PersonErasedError.
    """
    lead = known_lead(values.get("email", ""), chosen, by)
    is_new = lead is None
    given = {name: values[name] for name in FILLED if values.get(name)}
    company = company_called(name=values.get("company_name", ""), by=by)
    if lead is None:
        first = {"email": values.get("email", ""), "consent": values.get("consent") or None, "company": company}
        lead = create_lead(by=by, values=given | first, now=now)
    elif may_edit(by, lead):
        empty = {name: value for name, value in given.items() if not getattr(lead, name)}
        empty |= {"email": values["email"]} if values.get("email") and not lead.email else {}
        empty |= {"company": company} if company and not lead.company_id else {}
        empty |= {"consent": True} if values.get("consent") and lead.consent is None else {}
        update_lead(lead=lead, values=empty, by=by)
    record_activity(
        lead=lead, type=activity.type, occurred_at=activity.occurred_at, object=activity.object,
        properties={"text": values["note"]} if values.get("note") else {},
        source=f"entry:{by.pk}", key=key, now=now,
    )  # fmt: skip
    return lead, is_new


def known_lead(email: str, chosen: int | None, by: User) -> Lead | None:
    """The lead that was chosen, else the one with this address. Raises LeadExistsError for one that is not theirs."""
    if chosen is not None:
        return lead_for(by, chosen)
    holder = Lead.objects.present().filter(with_address(email)).first() if email else None
    if holder is not None and not visible_leads(by).filter(pk=holder.pk).exists():
        raise LeadExistsError
    return holder


def alike(values: Mapping[str, str], by: User) -> list[Lead]:
    """Whom the typed row may be about already: the same address or telephone first, then the same name."""
    leads = visible_leads(by).identified().select_related("company")
    found: dict[int, Lead] = {}
    for words in (values.get("email", ""), values.get("phone", ""), values.get("name", "")):
        if len(words.strip()) >= 2 and len(found) < MOST_ALIKE:
            found |= {lead.pk: lead for lead in searched(leads, words, by).order_by("-pk")[: MOST_ALIKE - len(found)]}
    return list(found.values())[:MOST_ALIKE]
