from django.urls import path

from notices import views

app_name = "notices"

urlpatterns = [
    path("notices/", views.notices, name="list"),
    path("notices/unread/", views.unread, name="unread"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<int:pk>/", views.follow, name="follow"),
    path("notices/<int:pk>/read/", views.read, name="read"),
    path("notices/mails/", views.mails, name="mails"),
    path("settings/mails/", views.sent_mails, name="sent_mails"),
    path("settings/mails/<slug:name>/", views.sent_mail, name="sent_mail"),
]
