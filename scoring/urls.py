from django.urls import path

from scoring.views import conditions, lead_export, leads, panel

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
    path("leads/<int:pk>/answers/", panel.lead_answers, name="lead_answers"),
    path("leads/<int:pk>/answers/<slug:code>/", panel.answer, name="answer"),
    path("leads/<int:pk>/answers/<int:answer>/still/", panel.confirm, name="confirm_answer"),
    path("scoring/choices/", conditions.choice_counts, name="choice_counts"),
    path("scoring/ranking/", panel.ranking, name="ranking"),
]
