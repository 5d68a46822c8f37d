"""The models and versions that pages of the studio are about, with what every page of them shows."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from scoring.models import ScoringModel, Version


def model_for(pk: int) -> ScoringModel:
    """Raises Http404."""
    related = ScoringModel.objects.select_related("current_version__published_by", "current_version__job", "draft_by")
    return get_object_or_404(related, pk=pk)


def version_for(model: ScoringModel, number: int) -> Version:
    """Raises Http404."""
    related = model.versions.select_related("published_by", "job", "model", "numbers", "proposal__decided_by")
    return get_object_or_404(related, number=number)
