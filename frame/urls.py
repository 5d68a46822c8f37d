from django.urls import path

from frame import gallery, home
from frame.settings import overview, urls_of
from frame.settings.ours import API_KEYS, PEOPLE, TEAMS

app_name = "frame"

urlpatterns = [
    path("", home.home, name="home"),
    path("settings/", overview.overview, name="settings"),
    *urls_of(PEOPLE),
    *urls_of(TEAMS),
    *urls_of(API_KEYS),
    path("ui/", gallery.gallery, name="gallery"),
]
