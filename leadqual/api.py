"""The HTTP API's addresses; each app brings its own views."""

from django.urls import path

from frame.api.schema import ContractView
from handoff import api as handoff
from intake import api as intake
from leads import api as leads
from scoring import api as scoring

app_name = "api"

urlpatterns = [
    path("openapi.json", ContractView.as_view(), name="contract"),
    path("activities", intake.ActivitiesView.as_view(), name="activities"),
    path("leads", intake.LeadsView.as_view(), name="leads"),
    path("leads/<int:pk>/erase", leads.ErasureView.as_view(), name="erase"),
    path("leads/<int:pk>/score", scoring.ScoreView.as_view(), name="score"),
    path("results", handoff.ResultsView.as_view(), name="results"),
    path("scoring/schema", scoring.RuleLanguageView.as_view(), name="scoring_schema"),
]
