"""The HTTP API's addresses; each app brings its own views."""

from django.urls import path

from intake import api as leads
from scoring import api as scoring

app_name = "api"

urlpatterns = [
    path("activities", leads.activities, name="activities"),
    path("leads", leads.leads, name="leads"),
    path("leads/<int:pk>/score", scoring.score, name="score"),
    path("scoring/schema", scoring.schema, name="scoring_schema"),
]
