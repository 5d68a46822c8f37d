from django.urls import include, path

from leadqual import api, health, public

urlpatterns = [
    path("", include("handoff.urls")),
    path("", include("leads.urls")),
    path("", include("intake.urls")),
    path("", include(public)),
    path("", include("scoring.urls")),
    path("", include("studio.urls")),
    path("", include("insights.urls")),
    path("", include("notices.urls")),
    path("", include("accounts.urls")),
    path("", include("frame.urls")),
    path("accounts/", include("accounts.sign_in")),
    path("api/v1/", include(api)),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]

handler400 = "frame.errors.bad_request"
handler403 = "frame.errors.forbidden"
handler404 = "frame.errors.not_found"
handler500 = "frame.errors.server_error"
