from django.urls import path

from handoff.views import panel, queue, steps

app_name = "handoff"

urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("queue/news/", queue.news, name="news"),
    path("queue/next/", queue.next_lead, name="next"),
    path("handoff/<int:pk>/", panel.detail, name="detail"),
    path("handoff/<int:pk>/peek/", queue.peek, name="peek"),
    path("handoff/<int:pk>/claim/", steps.claim, name="claim"),
    path("handoff/<int:pk>/release/", steps.release, name="release"),
    path("handoff/<int:pk>/accept/", steps.accept, name="accept"),
    path("handoff/<int:pk>/wake/", steps.wake, name="wake"),
    path("handoff/<int:pk>/undo/", steps.undo, name="undo"),
    path("handoff/<int:pk>/contact/", steps.contact, name="contact"),
    path("handoff/<int:pk>/reject/", steps.reject, name="reject"),
    path("handoff/<int:pk>/result/", steps.result, name="result"),
    path("handoff/<int:pk>/snooze/", steps.snooze, name="snooze"),
    path("handoff/<int:pk>/assign/", steps.assign, name="assign"),
    path("handoff/lead/<int:pk>/panel/", panel.lead_panel, name="lead_panel"),
]
