from django.urls import path

from scoring.views import frameworks, groups, hot, lead_export, leads, models, panel, publishing, rules

app_name = "scoring"

urlpatterns = [
    # The list of leads stands here because it shows scores; a lead's own page is leads:detail.
    path("leads/", leads.lead_list, name="lead_list"),
    path("leads/export/", lead_export.export, name="lead_export"),
    path("leads/columns/", leads.choose_columns, name="lead_columns"),
    path("leads/filter/<slug:field>/", leads.lead_filter, name="lead_filter"),
    path("leads/<int:pk>/neighbours/", leads.neighbours, name="lead_neighbours"),
    path("leads/<int:pk>/heat/", leads.lead_heat, name="lead_heat"),
    path("companies/<int:pk>/leads/", leads.company_leads, name="company_leads"),
    # What the lead page hosts by name.
    path("leads/<int:pk>/score/", panel.lead_panel, name="lead_panel"),
    path("leads/<int:pk>/score/curve/", panel.lead_curve, name="lead_curve"),
    path("leads/<int:pk>/score/adjust/", panel.adjust, name="adjust"),
    path("leads/<int:pk>/score/adjustments/<int:adjustment>/end/", panel.end, name="end_adjustment"),
    path("leads/<int:pk>/answers/<slug:code>/", panel.answer, name="answer"),
    path("leads/<int:pk>/answers/<int:answer>/still/", panel.confirm, name="confirm_answer"),
    # The studio.
    path("scoring/ranking/", panel.ranking, name="ranking"),
    path("scoring/hot/", hot.hot_definitions, name="hot_definitions"),
    path("scoring/frameworks/", frameworks.frameworks, name="frameworks"),
    path("scoring/frameworks/new/", frameworks.new_framework, name="new_framework"),
    path("scoring/frameworks/<int:pk>/", frameworks.framework, name="framework"),
    path("scoring/frameworks/<int:pk>/add/", frameworks.add_to_model, name="add_to_model"),
    path(
        "scoring/frameworks/<int:pk>/<slug:kind>/<int:row>/<slug:do>/",
        frameworks.press_framework,
        name="press_framework",
    ),
    path("scoring/models/", models.models, name="models"),
    path("scoring/models/new/", models.new_model, name="new_model"),
    path("scoring/models/<int:pk>/", models.model, name="model"),
    path("scoring/models/<int:pk>/findings/", models.findings, name="findings"),
    path("scoring/models/<int:pk>/discard/", models.discard, name="discard"),
    path("scoring/models/<int:pk>/undo/", models.undo, name="undo"),
    path("scoring/models/<int:pk>/primary/", models.make_primary, name="make_primary"),
    path("scoring/models/<int:pk>/progress/", models.progress, name="progress"),
    path("scoring/models/<int:pk>/text/", groups.document_text, name="document_text"),
    path("scoring/models/<int:pk>/groups/new/", groups.new_group, name="new_group"),
    path("scoring/models/<int:pk>/groups/<int:group>/", groups.group, name="group"),
    path("scoring/models/<int:pk>/groups/<int:group>/<slug:do>/", groups.press_group, name="press_group"),
    path("scoring/models/<int:pk>/rules/<int:group>/new/", rules.new_rule, name="new_rule"),
    path("scoring/models/<int:pk>/rules/<int:group>/new/text/", rules.new_rule_text, name="new_rule_text"),
    path("scoring/models/<int:pk>/rules/<int:group>/preview/", rules.preview, name="preview"),
    path("scoring/models/<int:pk>/rules/<int:group>/<int:rule>/", rules.rule, name="rule"),
    path("scoring/models/<int:pk>/rules/<int:group>/<int:rule>/text/", rules.rule_text, name="rule_text"),
    path("scoring/models/<int:pk>/rules/<int:group>/<int:rule>/<slug:do>/", rules.press, name="press"),
    path("scoring/models/<int:pk>/changes/", publishing.what_changed, name="changes"),
    path("scoring/models/<int:pk>/publish/", publishing.publish, name="publish"),
    path("scoring/models/<int:pk>/versions/", publishing.versions, name="versions"),
    path("scoring/models/<int:pk>/versions/<int:number>/", publishing.version, name="version"),
    path("scoring/models/<int:pk>/versions/<int:number>/back/", publishing.roll_back, name="roll_back"),
    path("scoring/models/<int:pk>/thresholds/", hot.thresholds, name="thresholds"),
    path("scoring/models/<int:pk>/thresholds/edit/", hot.edit_thresholds, name="edit_thresholds"),
    path("scoring/models/<int:pk>/hot/new/", hot.new_hot, name="new_hot"),
    path("scoring/models/<int:pk>/hot/<int:at>/", hot.hot, name="hot"),
    path("scoring/models/<int:pk>/hot/<int:at>/delete/", hot.delete_hot, name="delete_hot"),
]
