"""Models as people name them on a command line."""

from __future__ import annotations

from django.utils.translation import gettext as _

from scoring.errors import ScoringError
from scoring.models import ScoringModel, Version


class UnknownModelError(ScoringError):
    """No model, or no version of it, has that name or number."""


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
