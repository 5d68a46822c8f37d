from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handoff.enums import TodoKind
from web.constraints import bounded_instant


@pghistory.track(exclude=["told_at"])
class Todo(models.Model):
    """Something a person is to do about a lead by an instant: call, ask again, take the agreed next step (S29, S79)."""

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

    class Meta:
        db_table = "handoff_todo"
        verbose_name = _("to-do")
        ordering = ["due_at", "pk"]
        constraints = [bounded_instant("due_at", name="todo_due_in_bounds")]
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
