from django.urls import path

from accounts.views import gallery, profile

app_name = "accounts"

urlpatterns = [
    path("", profile.home, name="home"),
    path("profile/", profile.profile, name="profile"),
    path("profile/language/", profile.language, name="language"),
    path("profile/theme/", profile.theme, name="theme"),
    path("ui/", gallery.gallery, name="gallery"),
]
