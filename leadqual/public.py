"""Addresses without session, which programs of anybody call (`web/public.py`); each app brings its own views."""

from django.urls import path

from intake.views import form_pages, other_tools, tracking

app_name = "public"

# As its libraries write them: some with a slash at the end.
POSTHOG = ("batch", "batch/", "capture", "capture/", "e/", "i/v0/e/")

urlpatterns = [
    path("t.js", tracking.script, name="script"),
    path("t", tracking.beacon, name="beacon"),
    path("v1/<slug:verb>", other_tools.segment_door, name="segment"),
    *(path(address, other_tools.posthog_door, name="posthog") for address in POSTHOG),
    path("f.js", form_pages.script, name="form_script"),
    path("f/postcode", form_pages.postcode, name="postcode"),
    path("f/<str:key>", form_pages.page, name="form"),
    path("f/<str:key>/check", form_pages.check, name="form_check"),
    path("f/<str:key>/steps", form_pages.steps, name="form_steps"),
    path("f/<str:key>/confirm/<str:token>", form_pages.confirm, name="form_confirm"),
]
