from django.urls import path

from frame import gallery, home
from frame.settings import overview, urls_of
from frame.settings.api_keys import API_KEYS
from frame.settings.people import PEOPLE
from frame.settings.teams import TEAMS

app_name = "frame"

urlpatterns = [
    path("", home.home, name="home"),
    path("settings/", overview.overview, name="settings"),
    *urls_of(PEOPLE),
    *urls_of(TEAMS),
    *urls_of(API_KEYS),
    path("ui/", gallery.gallery, name="gallery"),
]
