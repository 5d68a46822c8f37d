"""The leads and companies that somebody opened last in this session: kept in the session, gone with the sign-out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.models import User
from accounts.requests import UserRequest
from leads.access import visible_companies, visible_leads
from leads.models import Company, Lead
from leads.queries.contact_data import reveal

KEPT = 5
RECENT = "recent"  # of the session


def remember(request: UserRequest, thing: Lead | Company) -> None:
    """Put it in front of the others."""
    entry = [thing._meta.model_name, thing.pk]
    before: list[Any] = request.session.get(RECENT, [])
    after = [entry, *(other for other in before if other != entry)][:KEPT]
    if after != before:
        request.session[RECENT] = after


def recent(user: User, kept: Sequence[Any]) -> list[Lead | Company]:
    """What of it this person may still see, the latest first."""
    pks: dict[str, list[int]] = {"lead": [], "company": []}
    for name, pk in kept:
        pks[name].append(pk)
    leads = visible_leads(user).select_related("company").in_bulk(pks["lead"]) if pks["lead"] else {}
    companies = visible_companies(user).in_bulk(pks["company"]) if pks["company"] else {}
    reveal(user, leads.values())
    found = [leads.get(pk) if name == "lead" else companies.get(pk) for name, pk in kept]
    return [thing for thing in found if thing is not None]
