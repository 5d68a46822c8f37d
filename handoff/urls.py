from django.urls import path

from frame.settings import urls_of
from handoff.views import absences, board, calendars, panel, queue, sla, steps, todos, unattended
from handoff.views.reasons import REJECT_REASONS

app_name = "handoff"

urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("queue/news/", queue.news, name="news"),
    path("queue/unattended/", unattended.unattended_leads, name="unattended"),
    path("queue/unattended/count/", unattended.unattended_count, name="unattended_count"),
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
    path("handoff/lead/<int:pk>/give/", unattended.give, name="give"),
    path("handoff/lead/<int:pk>/panel/", panel.lead_panel, name="lead_panel"),
    path("handoff/lead/<int:pk>/neighbours/", queue.neighbours, name="neighbours"),
    path("todos/", todos.todos, name="todos"),
    path("todos/<int:pk>/change/", todos.change, name="todo_change"),
    path("todos/<int:pk>/finish/", todos.finish, name="todo_finish"),
    path("todos/<int:pk>/reopen/", todos.reopen, name="todo_reopen"),
    path("todos/lead/<int:pk>/", todos.of_lead, name="lead_todos"),
    path("todos/lead/<int:pk>/add/", todos.add, name="todo_add"),
    path("handoff/board/", board.board, name="board"),
    path("handoff/absences/", absences.absences, name="absences"),
    path("handoff/absences/new/", absences.new, name="absence_new"),
    path("handoff/absences/<int:pk>/", absences.edit, name="absence_edit"),
    path("handoff/absences/<int:pk>/end/", absences.end, name="absence_end"),
    path("handoff/sla/", sla.sla, name="sla"),
    path("handoff/sla/calls/", sla.call_rules_edit, name="call_rules"),
    path("handoff/sla/words/", sla.sla_words, name="sla_words"),
    path("handoff/sla/<int:pk>/", sla.edit, name="sla_edit"),
    path("handoff/sla/<int:pk>/rehearsal/", sla.rehearsal, name="sla_rehearsal"),
    path("settings/calendars/", calendars.calendars, name="calendars"),
    path("settings/calendars/new/", calendars.new, name="calendar_new"),
    path("settings/calendars/preview/", calendars.preview, name="calendar_preview"),
    path("settings/calendars/<int:pk>/", calendars.edit, name="calendar_edit"),
    path("settings/calendars/<int:pk>/use/", calendars.use, name="calendar_use"),
    path("settings/calendars/<int:pk>/closings/", calendars.add_closing, name="closing_add"),
    path("settings/calendars/<int:pk>/closings/<int:closing_pk>/remove/", calendars.drop_closing, name="closing_drop"),
    *urls_of(REJECT_REASONS),
]
