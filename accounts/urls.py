from django.urls import path

from accounts.settings import urls_of
from accounts.settings.ours import API_KEYS, PEOPLE, TEAMS
from accounts.views import audit, gallery, invitation, profile, settings

app_name = "accounts"

urlpatterns = [
    path("", profile.home, name="home"),
    path("profile/", profile.profile, name="profile"),
    path("profile/language/", profile.language, name="language"),
    path("profile/theme/", profile.theme, name="theme"),
    path("settings/", settings.overview, name="settings"),
    *urls_of(PEOPLE),
    path("settings/people/<int:pk>/link/", invitation.link, name="people_link"),
    *urls_of(TEAMS),
    *urls_of(API_KEYS),
    path("settings/audit/", audit.audit, name="audit"),
    path("ui/", gallery.gallery, name="gallery"),
]
