"""Leads and models as people name them on a command line."""

from __future__ import annotations

from django.utils.translation import gettext as _

from leads.models import Lead
from scoring.errors import ScoringError
from scoring.models import ScoringModel, Version


class UnknownLeadError(ScoringError):
    """Nobody has that id, e-mail or external id."""


class UnknownModelError(ScoringError):
    """No model, or no version of it, has that name or number."""


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


def model_named(name: str | None) -> ScoringModel:
    """The model of that name, or the primary one."""
    models = ScoringModel.objects.select_related("current_version")
    model = models.filter(name=name).first() if name else models.first()
    if model is None:
        raise UnknownModelError(
            _("There’s no scoring model %(name)s. Check its name under “Scoring models”.") % {"name": name or ""}
        )
    return model


def version_numbered(model: ScoringModel, number: int) -> Version:
    """That version of the model."""
    version = model.versions.filter(number=number).first()
    if version is None:
        raise UnknownModelError(
            _("%(model)s has no version %(number)s. Check the number in the list of versions.")
            % {"model": model, "number": number}
        )
    return version
