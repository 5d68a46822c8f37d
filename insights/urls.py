from django.urls import path

from insights.views import demo, draft_load, feedback, home, product_notes, verdicts

app_name = "insights"

urlpatterns = [
    path("insights/", home.home, name="home"),
    path("insights/figures/<slug:code>/", home.figure_leads, name="figure_leads"),
    path("insights/verdicts/", verdicts.verdicts, name="verdicts"),
    path("insights/feedback/", feedback.feedback, name="feedback"),
    path("insights/feedback/decide/", feedback.feedback_decide, name="feedback_decide"),
    path("insights/feedback/export/", feedback.feedback_export, name="feedback_export"),
    path("insights/feedback/product/", product_notes.product_notes, name="product_notes"),
    path("insights/feedback/<int:pk>/", feedback.feedback_detail, name="feedback_detail"),
    path("insights/feedback/<int:pk>/reply/", feedback.feedback_reply, name="feedback_reply"),
    path("settings/demo/", demo.demo, name="demo"),
    path("settings/demo/load/", demo.load_demo, name="load_demo"),
    path("settings/demo/progress/", demo.demo_progress, name="demo_progress"),
    path("settings/demo/remove/", demo.remove_demo, name="remove_demo"),
    path("insights/draft/<int:pk>/load/", draft_load.draft_load, name="draft_load"),
]
