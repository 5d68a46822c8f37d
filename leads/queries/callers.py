"""Who may be on the telephone: leads and companies for what somebody types, and who has them."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.enums import Role
from accounts.models import User
from leads.access import SEES_ALL, visible_companies, visible_leads
from leads.models import Company, Lead
from leads.queries.companies import companies_by_words
from leads.queries.contact_data import reveal
from leads.queries.search import held_by_others, searched
from web.cleaning import phone_key

MOST = 8
MOST_COMPANIES = 5


@dataclass(frozen=True, kw_only=True)
class Found:
    """`leads` are the reader's to open; of `held` they learn who has them, with contact data masked."""

    leads: list[Lead] = field(default_factory=list)
    held: list[Lead] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.leads or self.held or self.companies)


def find(user: User, words: str) -> Found:
    """The first leads and companies for a name, reading, telephone, address or company, in any spelling.

    External staff find among their own leads only.
    """
    if not words:
        return Found()
    related = ("company", "owner", "team")
    own = searched(visible_leads(user).filter(is_anonymous=False), words, user).select_related(*related)
    leads = list(own.order_by("name", "pk")[:MOST])
    reveal(user, leads)
    held: list[Lead] = []
    if user.role not in (*SEES_ALL, Role.OUTSOURCED):
        held = list(held_by_others(user, words).select_related(*related).order_by("name", "pk")[:MOST])
    companies = companies_by_words(visible_companies(user), words).order_by("name", "pk")
    return Found(leads=leads, held=held, companies=list(companies[:MOST_COMPANIES]))


def caller_fields(words: str) -> dict[str, str]:
    """What was typed as the fields of a new lead: an address, a number or else a name."""
    name = "email" if "@" in words or "＠" in words else "phone" if phone_key(words) else "name"
    return {name: words} if words else {}
