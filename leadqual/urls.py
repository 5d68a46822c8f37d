from django.urls import include, path

from leadqual import api, health

urlpatterns = [
    path("", include("handoff.urls")),
    path("", include("leads.urls")),
    path("", include("scoring.urls")),
    path("", include("insights.urls")),
    path("", include("notices.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("accounts.sign_in")),
    path("api/v1/", include(api)),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]

handler400 = "accounts.views.errors.bad_request"
handler403 = "accounts.views.errors.forbidden"
handler404 = "accounts.views.errors.not_found"
handler500 = "accounts.views.errors.server_error"
