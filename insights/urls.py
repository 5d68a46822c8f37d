from django.urls import path

from insights.views import draft_load
from insights.views import home as views

app_name = "insights"

urlpatterns = [
    path("insights/", views.home, name="home"),
    path("insights/verdicts/", views.verdicts, name="verdicts"),
    path("settings/demo/", views.demo, name="demo"),
    path("settings/demo/load/", views.load_demo, name="load_demo"),
    path("settings/demo/progress/", views.demo_progress, name="demo_progress"),
    path("settings/demo/remove/", views.remove_demo, name="remove_demo"),
    path("insights/draft/<int:pk>/load/", draft_load.draft_load, name="draft_load"),
]
