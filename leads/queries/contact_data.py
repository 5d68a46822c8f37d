"""Contact data that a helper does not see before the lead is theirs to call.

Whether a lead is claimed is for a higher app to say: it registers an opener. What nobody opened stays hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from accounts.enums import Role
from accounts.models import User
from leads.models import Lead
from leads.models.lead import is_contact_data

MASKED_ROLES = (Role.OUTSOURCED,)
MASKED_FIELDS = ("email", "other_emails", "phone", "external_id")

Opener = Callable[[User, Collection[int]], Collection[int]]
_openers: list[Opener] = []


def opens_contact_data(opener: Opener) -> Opener:
    """Register a function that says which of these leads `user` may see the contact data of."""
    _openers.append(opener)
    return opener


def sees_all_contact_data(user: User) -> bool:
    return user.role not in MASKED_ROLES


def open_leads(user: User, pks: Collection[int]) -> set[int]:
    """Which of these leads' contact data `user` may see."""
    if sees_all_contact_data(user):
        return set(pks)
    return {pk for opener in _openers for pk in opener(user, pks)}


def reveal(user: User, leads: Iterable[Lead]) -> None:
    """Mark the leads whose contact data `user` may see; `contact` shows it for these only."""
    rows = list(leads)
    opened = open_leads(user, [lead.pk for lead in rows])
    for lead in rows:
        lead.is_open_to_reader = lead.pk in opened  # type: ignore[attr-defined]


def contact(lead: Lead, field: str) -> str:
    """E-mail, telephone or external id, or dots. A lead that never went through `reveal` shows dots."""
    stored = getattr(lead, field)
    value = ", ".join(stored) if isinstance(stored, list) else str(stored)
    return value if getattr(lead, "is_open_to_reader", False) else mask(value)


def mask(value: str) -> str:
    """Enough to tell two apart, too little to reach anybody: h•••@•••, ••• •• 34."""
    if not value:
        return ""
    return f"{value[0]}•••@•••" if "@" in value else f"•••{value[-2:]}" if len(value) > 4 else "•••"


def name_of(lead: Lead) -> str:
    """What to call the lead; a nameless one is called by its e-mail or external id only where those may be seen."""
    is_open = getattr(lead, "is_open_to_reader", False)
    if lead.name and (is_open or not is_contact_data(lead.name)):
        return lead.name
    return contact(lead, "email") or contact(lead, "external_id") or f"#{lead.pk}"


def name_for(user: User, lead: Lead) -> str:
    """What to call the lead to `user`, who is not reading a page now: without contact data they may not see."""
    return full_name(lead) if open_leads(user, [lead.pk]) else str(lead)


def full_name(lead: Lead) -> str:
    """What to call the lead where contact data may be seen."""
    return lead.name or lead.email or lead.external_id or str(lead)
