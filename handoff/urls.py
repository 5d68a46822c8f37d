from django.urls import path

from handoff.views import queue

app_name = "handoff"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("handoff/<int:pk>/", queue.queue, name="detail"),
]
