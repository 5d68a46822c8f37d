from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handoff.enums import TodoCause, TodoEnd, TodoKind
from web.constraints import bounded_instant


@pghistory.track(exclude=["told_at"])
class Todo(models.Model):
    """Something a person is to do about a lead by an instant: call, ask again, take the agreed next step (S29, S79).

    One that the product made has a `cause`, is made once for its `subject`, and ends when the cause is gone.
    """

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="todos")
    kind = models.CharField(_("kind"), max_length=9, choices=TodoKind.choices, default=TodoKind.CALL)
    text = models.CharField(_("note"), max_length=500, blank=True)
    due_at = models.DateTimeField(_("due"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="todos", db_index=False
    )  # fmt: skip
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    told_at = models.DateTimeField(null=True, help_text="when the owner was told that it is due; once per due time")

    cause = models.CharField(_("why"), max_length=9, choices=TodoCause.choices, blank=True)
    subject = models.CharField(max_length=80, blank=True, help_text="what the product made it of, as answer:12")
    handoff = models.ForeignKey("handoff.Handoff", null=True, on_delete=models.CASCADE, related_name="todos")
    answer = models.ForeignKey("scoring.Answer", null=True, on_delete=models.CASCADE, related_name="+")
    ended = models.CharField(_("ended by itself"), max_length=10, choices=TodoEnd.choices, blank=True)

    class Meta:
        db_table = "handoff_todo"
        verbose_name = _("to-do")
        ordering = ["due_at", "pk"]
        constraints = [
            bounded_instant("due_at", name="todo_due_in_bounds"),
            models.UniqueConstraint(
                fields=["cause", "subject"], condition=~models.Q(cause=""), name="automatic_todo_once"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_at", "id"], name="todo_by_owner"),
            models.Index(
                fields=["due_at", "id"], condition=models.Q(done_at=None), name="todo_open"
            ),
            models.Index(
                fields=["due_at"], condition=models.Q(done_at=None, told_at=None), name="todo_to_tell"
            ),
        ]  # fmt: skip

    def get_absolute_url(self) -> str:
        return str(self.lead.get_absolute_url())
