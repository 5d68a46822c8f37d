"""The HTTP API's addresses; each app brings its own views."""

from django.urls import path

from frame.api.reference import reference
from frame.api.schema import ContractView
from handoff import api as handoff
from intake import api as intake
from leads import api as leads
from notices import api as notices
from scoring import api as scoring

app_name = "api"

urlpatterns = [
    path("", reference, name="reference"),
    path("openapi.json", ContractView.as_view(), name="contract"),
    path("activities", intake.ActivitiesView.as_view(), name="activities"),
    path("leads", scoring.LeadsView.as_view(), name="leads"),
    path("leads/<int:pk>", scoring.LeadView.as_view(), name="lead"),
    path("leads/<int:pk>/activities", scoring.LeadActivitiesView.as_view(), name="lead_activities"),
    path("leads/<int:pk>/answers", scoring.LeadAnswersView.as_view(), name="lead_answers"),
    path("leads/<int:pk>/archive", scoring.LeadArchiveView.as_view(), name="lead_archive"),
    path("leads/<int:pk>/erase", leads.ErasureView.as_view(), name="erase"),
    path("leads/<int:pk>/restore", scoring.LeadRestoreView.as_view(), name="lead_restore"),
    path("leads/<int:pk>/score", scoring.ScoreView.as_view(), name="score"),
    path("leads/<int:pk>/scores", scoring.LeadScoresView.as_view(), name="lead_scores"),
    path("companies", scoring.CompaniesView.as_view(), name="companies"),
    path("companies/<int:pk>", scoring.CompanyView.as_view(), name="company"),
    path("companies/<int:pk>/archive", scoring.CompanyArchiveView.as_view(), name="company_archive"),
    path("companies/<int:pk>/restore", scoring.CompanyRestoreView.as_view(), name="company_restore"),
    path("exports", scoring.ExportsView.as_view(), name="exports"),
    path("exports/<int:pk>", scoring.ExportView.as_view(), name="export"),
    path("exports/<int:pk>/file", scoring.ExportFileView.as_view(), name="export_file"),
    path("score-changes", scoring.ScoreChangesView.as_view(), name="score_changes"),
    path("stage-changes", scoring.StageChangesView.as_view(), name="stage_changes"),
    path("models", scoring.ModelsView.as_view(), name="models"),
    path("models/<int:pk>", scoring.ModelView.as_view(), name="model"),
    path("models/<int:pk>/versions", scoring.ModelVersionsView.as_view(), name="model_versions"),
    path("models/<int:pk>/versions/<int:number>", scoring.VersionView.as_view(), name="version"),
    path("models/<int:pk>/versions/<int:number>/yaml", scoring.VersionTextView.as_view(), name="version_text"),
    path("handoffs", handoff.HandoffsView.as_view(), name="handoffs"),
    path("handoffs/<int:pk>", handoff.HandoffView.as_view(), name="handoff"),
    path("handoffs/<int:pk>/claim", handoff.ClaimView.as_view(), name="handoff_claim"),
    path("handoffs/<int:pk>/release", handoff.ReleaseView.as_view(), name="handoff_release"),
    path("handoffs/<int:pk>/contact", handoff.ContactView.as_view(), name="handoff_contact"),
    path("handoffs/<int:pk>/accept", handoff.AcceptView.as_view(), name="handoff_accept"),
    path("handoffs/<int:pk>/reject", handoff.RejectView.as_view(), name="handoff_reject"),
    path("handoffs/<int:pk>/result", handoff.ResultView.as_view(), name="handoff_result"),
    path("handoffs/<int:pk>/pause", handoff.PauseView.as_view(), name="handoff_pause"),
    path("handoffs/<int:pk>/resume", handoff.ResumeView.as_view(), name="handoff_resume"),
    path("todos", handoff.TodosView.as_view(), name="todos"),
    path("todos/<int:pk>", handoff.TodoView.as_view(), name="todo"),
    path("todos/<int:pk>/finish", handoff.TodoFinishView.as_view(), name="todo_finish"),
    path("todos/<int:pk>/reopen", handoff.TodoReopenView.as_view(), name="todo_reopen"),
    path("webhooks", notices.WebhooksView.as_view(), name="webhooks"),
    path("webhooks/topics", notices.WebhookTopicsView.as_view(), name="webhook_topics"),
    path("webhooks/<int:pk>", notices.WebhookView.as_view(), name="webhook"),
    path("webhooks/<int:pk>/test", notices.WebhookTestView.as_view(), name="webhook_test"),
    path("webhooks/<int:pk>/secret", notices.WebhookSecretView.as_view(), name="webhook_secret"),
    path("results", handoff.ResultsView.as_view(), name="results"),
    path("scoring/schema", scoring.RuleLanguageView.as_view(), name="scoring_schema"),
]
