"""The HTTP API's addresses; each app brings its own views."""

app_name = "api"

urlpatterns = []
