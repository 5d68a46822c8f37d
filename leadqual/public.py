"""Addresses without session, which programs of anybody call (`web/public.py`); each app brings its own views."""

from django.urls import path

from intake.views import other_tools, tracking

app_name = "public"

# As its libraries write them: some with a slash at the end.
POSTHOG = ("batch", "batch/", "capture", "capture/", "e/", "i/v0/e/")

urlpatterns = [
    path("t.js", tracking.script, name="script"),
    path("t", tracking.beacon, name="beacon"),
    path("v1/<slug:verb>", other_tools.segment_door, name="segment"),
    *(path(address, other_tools.posthog_door, name="posthog") for address in POSTHOG),
]
