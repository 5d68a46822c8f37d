from django.urls import path

from frame.settings import urls_of
from leads.configuration import ACTIVITY_TYPES, ATTRIBUTES, SOURCES
from leads.views import (
    addresses,
    companies,
    decisions,
    duplicates,
    erasure,
    exclusions,
    filters,
    lead,
    lead_edit,
    merges,
    search,
)

app_name = "leads"

urlpatterns = [
    # The list itself is scoring:lead_list, since it shows scores.
    path("search/", search.search, name="search"),
    path("leads/<int:pk>/message/", search.message, name="message"),
    path("leads/<int:pk>/enquiry/", search.enquiry, name="enquiry"),
    path("leads/new/", lead_edit.new, name="new"),
    path("leads/bulk/<slug:what>/", decisions.bulk, name="bulk"),
    path("leads/duplicates/", duplicates.duplicates, name="duplicates"),
    path("leads/duplicates/<int:group>/", duplicates.group, name="duplicate_group"),
    path("leads/duplicates/pairs/<int:pk>/reopen/", duplicates.reopen, name="duplicate_reopen"),
    path("leads/views/", filters.save_filter, name="save_filter"),
    path("leads/views/<int:pk>/delete/", filters.remove_filter, name="delete_filter"),
    path("leads/<int:pk>/", lead.detail, name="detail"),
    path("leads/<int:pk>/edit/", lead_edit.edit, name="edit"),
    path("leads/<int:pk>/timeline/", lead.timeline, name="timeline"),
    path("leads/<int:pk>/history/", lead.history, name="history"),
    path("leads/<int:pk>/fact/<slug:field>/", lead.fact, name="fact"),
    path("leads/<int:pk>/field/<slug:field>/", lead_edit.field, name="field"),
    path("leads/<int:pk>/addresses/", addresses.addresses, name="addresses"),
    path("leads/<int:pk>/record/", decisions.record, name="record"),
    path("leads/<int:pk>/activities/<int:activity>/exclude/", exclusions.exclude, name="exclude_activity"),
    path("leads/<int:pk>/activities/<int:activity>/restore/", exclusions.restore, name="restore_activity"),
    path("leads/<int:pk>/note/", decisions.note, name="note"),
    path("leads/<int:pk>/assign/", decisions.assign, name="assign"),
    path("leads/<int:pk>/lift/<slug:fact>/", decisions.lift, name="lift"),
    path("leads/<int:pk>/decide/<slug:what>/", decisions.decide, name="decide"),
    path("leads/<int:pk>/merge/", merges.merge, name="merge"),
    path("leads/<int:pk>/erase/", erasure.erase, name="erase"),
    path("leads/<int:pk>/readmit/", erasure.readmit, name="readmit"),
    path("leads/merges/<int:pk>/undo/", merges.undo, name="merge_undo"),
    path("leads/merges/<int:pk>/undo/all/", merges.undo_all, name="merge_undo_all"),
    path("companies/", companies.companies, name="companies"),
    path("companies/names/", lead_edit.company_names, name="company_names"),
    path("companies/filter/<slug:field>/", companies.company_filter, name="company_filter"),
    path("companies/<int:pk>/", companies.company, name="company"),
    path("companies/<int:pk>/merge/", companies.merge, name="company_merge"),
    path("companies/merges/<int:pk>/undo/", companies.undo_merge, name="company_merge_undo"),
    path("companies/<int:pk>/edit/", companies.edit, name="company_edit"),
    path("companies/<int:pk>/timeline/", companies.timeline, name="company_timeline"),
    path("companies/<int:pk>/history/", companies.history, name="company_history"),
    *urls_of(SOURCES),
    *urls_of(ACTIVITY_TYPES),
    *urls_of(ATTRIBUTES),
]
