from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from background.enums import JobState


class JobRun(models.Model):
    """Long work that a person may leave and come back to. Its progress lives here, not in the broker."""

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True, help_text="what it works on, as 'app.model:pk'")
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.WAITING)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    cursor = models.JSONField(default=dict, help_text="where to go on after a crash")
    error = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True, help_text="last sign of life")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "background_jobrun"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["kind", "id"], condition=models.Q(state__in=["waiting", "running"]), name="job_open_by_kind"
            ),
            models.Index(fields=["subject"], name="job_by_subject"),
        ]

    @property
    def percent(self) -> int | None:
        """0 to 100, or None while the total is unknown."""
        return None if not self.total else min(100, self.done * 100 // self.total)


class Tick(models.Model):
    """A slot of a periodic task that somebody took: two schedulers are harmless."""

    name = models.CharField(max_length=60)
    slot = models.DateTimeField()

    class Meta:
        db_table = "background_tick"
        constraints = [models.UniqueConstraint(fields=["name", "slot"], name="tick_once_per_slot")]
