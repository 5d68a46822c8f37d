"""Leads as people name them on a command line."""

from __future__ import annotations

from django.utils.translation import gettext as _

from leads.errors import LeadsError
from leads.models import Lead


class UnknownLeadError(LeadsError):
    """Nobody has that id, e-mail or external id."""


def lead_named(name: str) -> Lead:
    """The lead with this id, e-mail or external id; of one that was merged away, the lead it became."""
    leads = Lead.objects.select_related("merged_into")
    lead = leads.filter(pk=int(name)).first() if name.isdecimal() and len(name) < 19 else None
    lead = lead or leads.present().filter(email=name.lower()).exclude(email="").first()
    lead = lead or leads.present().filter(external_id=name).exclude(external_id="").first()
    if lead is None:
        raise UnknownLeadError(
            _("No lead has the ID, email or external ID %(name)s. Check the spelling.") % {"name": name}
        )
    return lead_named(str(lead.merged_into_id)) if lead.merged_into_id else lead
