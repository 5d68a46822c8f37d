"""Which own words of a lead forbid to contact it."""

from __future__ import annotations

from datetime import datetime

from leads.enquiry import NO_CONTACT
from leads.models import Activity, Lead


def refused_in_words_at(lead: Lead) -> datetime | None:
    """When the lead last wrote that it wishes no contact; None where it never did, or where contact is not refused."""
    if lead.consent is not False:
        return None
    written = Activity.objects.filter(lead=lead, **{f"properties__{NO_CONTACT}": True})
    return written.order_by("-occurred_at").values_list("occurred_at", flat=True).first()
