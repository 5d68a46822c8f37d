from django.urls import path

from accounts.views import audit, drafts, invitation, profile, setup

app_name = "accounts"

urlpatterns = [
    path("setup/", setup.setup, name="setup"),
    path("drafts/", drafts.draft, name="draft"),
    path("profile/", profile.profile, name="profile"),
    path("profile/language/", profile.language, name="language"),
    path("profile/theme/", profile.theme, name="theme"),
    path("profile/rows/", profile.rows, name="rows"),
    path("settings/people/<int:pk>/link/", invitation.link, name="people_link"),
    path("settings/audit/", audit.audit, name="audit"),
]
