from django.urls import path

from notices.views import bell, deliveries, destinations, preferences

app_name = "notices"

urlpatterns = [
    path("notices/", bell.notices, name="list"),
    path("notices/unread/", bell.unread, name="unread"),
    path("notices/read/", bell.read_all, name="read_all"),
    path("notices/<int:pk>/", bell.follow, name="follow"),
    path("notices/<int:pk>/read/", bell.read, name="read"),
    path("notices/mails/", bell.mails, name="mails"),
    path("profile/notifications/", preferences.preferences, name="preferences"),
    path("settings/mails/", bell.sent_mails, name="sent_mails"),
    path("settings/mails/<slug:name>/", bell.sent_mail, name="sent_mail"),
    path("settings/destinations/", destinations.destinations, name="destinations"),
    path("settings/destinations/new/", destinations.new, name="destination_new"),
    path("settings/destinations/<int:pk>/", destinations.destination, name="destination"),
    path("settings/destinations/<int:pk>/test/", destinations.test, name="destination_test"),
    path("settings/destinations/<int:pk>/secret/", destinations.secret, name="destination_secret"),
    path("settings/destinations/<int:pk>/active/", destinations.switch, name="destination_switch"),
    path("settings/destinations/<int:pk>/delete/", destinations.delete, name="destination_delete"),
    path("settings/deliveries/", deliveries.deliveries, name="deliveries"),
    path("settings/deliveries/<int:pk>/again/", deliveries.again, name="delivery_again"),
]
