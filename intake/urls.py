from django.urls import path

from frame.settings import urls_of
from intake.configuration import SITES
from intake.views import correction, imports, monitor, plan, sites, submissions, tail, touches, tracking, webforms

app_name = "intake"

urlpatterns = [
    path("intake/", monitor.monitor, name="monitor"),
    path("intake/tail/", tail.newest, name="tail"),
    path("intake/test/", tail.send_test, name="test_event"),
    path("intake/plan/", plan.plan, name="plan"),
    path("intake/plan/<int:pk>/", plan.switch, name="plan_switch"),
    path("intake/kept/", monitor.kept, name="kept"),
    path("intake/kept/<int:pk>/", monitor.group, name="kept_group"),
    path("intake/kept/<int:pk>/repair/", monitor.repair, name="kept_repair"),
    path("intake/kept/<int:pk>/settle/", monitor.settle, name="kept_settle"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.new, name="import_new"),
    path("imports/<int:pk>/", imports.page, name="import"),
    path("imports/<int:pk>/mapping/", imports.mapping, name="import_mapping"),
    path("imports/<int:pk>/columns/", imports.columns, name="import_columns"),
    path("imports/<int:pk>/format/", imports.file_format, name="import_format"),
    path("imports/<int:pk>/run/", imports.run, name="import_run"),
    path("imports/<int:pk>/progress/", imports.progress, name="import_progress"),
    path("imports/<int:pk>/report.csv", imports.report, name="import_report"),
    path("imports/<int:pk>/correct/", correction.correct, name="import_correct"),
    path("imports/<int:pk>/undo/", imports.undo, name="import_undo"),
    path("imports/<int:pk>/remove/", imports.remove, name="import_remove"),
    path("forms/", webforms.webforms, name="forms"),
    path("forms/new/", webforms.new, name="form_new"),
    path("forms/<int:pk>/", webforms.builder, name="form"),
    path("forms/<int:pk>/edit/", webforms.edit, name="form_edit"),
    path("forms/<int:pk>/save/", webforms.save, name="form_save"),
    path("forms/<int:pk>/publish/", webforms.publish, name="form_publish"),
    path("forms/<int:pk>/versions/", webforms.versions, name="form_versions"),
    path("forms/<int:pk>/embed/", webforms.embed, name="form_embed"),
    path("forms/<int:pk>/submissions/", submissions.submissions, name="form_submissions"),
    path("forms/<int:pk>/submissions.csv", submissions.download, name="form_download"),
    path("forms/<int:pk>/submissions/<int:submission>/release/", submissions.release, name="form_release"),
    *urls_of(SITES),
    path("settings/sites/<int:pk>/snippet/", sites.snippet, name="site_snippet"),
    path("settings/sites/<int:pk>/filtered/", sites.filtered, name="filtered"),
    path("settings/sites/<int:pk>/filtered/release/", sites.let_through, name="release"),
    path("leads/<int:pk>/touches/", touches.lead_touches, name="lead_touches"),
    path("transmission/<slug:key>/", tracking.transmission, name="transmission"),
]
