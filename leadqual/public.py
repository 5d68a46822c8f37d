"""Addresses without session, which programs of anybody call (`web/public.py`); each app brings its own views."""

from django.urls import path

from intake.views import tracking

app_name = "public"

urlpatterns = [
    path("t.js", tracking.script, name="script"),
    path("t", tracking.beacon, name="beacon"),
]
