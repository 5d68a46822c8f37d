"""What other systems read and say of leads, companies, scores and models."""

from scoring.api.answers import LeadAnswersView
from scoring.api.changes import ScoreChangesView, StageChangesView
from scoring.api.companies import CompaniesView, CompanyArchiveView, CompanyRestoreView, CompanyView
from scoring.api.exports import ExportFileView, ExportsView, ExportView
from scoring.api.leads import (
    LeadActivitiesView,
    LeadArchiveView,
    LeadRestoreView,
    LeadsView,
    LeadView,
)
from scoring.api.models import ModelsView, ModelVersionsView, ModelView, VersionTextView, VersionView
from scoring.api.scores import LeadScoresView, RuleLanguageView, ScoreView

__all__ = [
    "CompaniesView",
    "CompanyArchiveView",
    "CompanyRestoreView",
    "CompanyView",
    "ExportFileView",
    "ExportView",
    "ExportsView",
    "LeadActivitiesView",
    "LeadAnswersView",
    "LeadArchiveView",
    "LeadRestoreView",
    "LeadScoresView",
    "LeadView",
    "LeadsView",
    "ModelVersionsView",
    "ModelView",
    "ModelsView",
    "RuleLanguageView",
    "ScoreChangesView",
    "ScoreView",
    "StageChangesView",
    "VersionTextView",
    "VersionView",
]
