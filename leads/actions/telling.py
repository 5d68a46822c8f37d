"""Telling people about a lead: each reads the name that they may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from leads.models import Lead
from leads.queries.contact_data import full_name, name_for
from notices.actions import BOTH, tell
from notices.enums import Channel


def tell_of_lead(
    *,
    lead: Lead,
    people: Iterable[User],
    kind: str,
    key: str,
    now: datetime,
    url: str,
    params: Mapping[str, Any] | None = None,
    channels: Iterable[Channel] = BOTH,
) -> None:
    """As `tell`, with the lead's name as `lead`: a helper from outside reads no address in place of a name."""
    by_name: dict[str, list[User]] = defaultdict(list)
    for person in people:
        by_name[name_for(person, lead)].append(person)
    for name, receivers in by_name.items():
        words = {**(params or {}), "lead": name}
        tell(
            people=receivers, kind=kind, key=key, now=now, params=words, url=url, channels=channels,
            open_params={"lead": full_name(lead), "lead_id": lead.pk},
            masked_params={"lead": str(lead), "lead_id": lead.pk},
        )  # fmt: skip
