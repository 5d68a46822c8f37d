from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from background.enums import OPEN_JOB_STATES, JobState


class JobRunQuerySet(models.QuerySet["JobRun"]):
    def open(self) -> JobRunQuerySet:
        """Jobs that are neither done nor failed nor stopped."""
        return self.filter(state__in=OPEN_JOB_STATES)


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

    objects = JobRunQuerySet.as_manager()

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
    def is_open(self) -> bool:
        """Whether somebody works on it or will."""
        return self.state in OPEN_JOB_STATES

    @property
    def has_failed(self) -> bool:
        return self.state == JobState.FAILED

    @property
    def percent(self) -> int | None:
        """0 to 100, or None while the total is unknown."""
        return None if not self.total else min(100, self.done * 100 // self.total)


class JobSlice(models.Model):
    """A range of ids that a job still has to walk, `after` < id <= `last`. A job that cannot be cut has one slice.

    Whoever works on a slice holds its row, never the job's: several workers may share a job, and its progress can be
    read and the job be stopped meanwhile.
    """

    job = models.ForeignKey(JobRun, on_delete=models.CASCADE, related_name="slices")
    after = models.BigIntegerField(default=0, help_text="the last id that was worked on")
    last = models.BigIntegerField(null=True, help_text="where the range ends; NULL for never")
    is_done = models.BooleanField(default=False)

    class Meta:
        db_table = "background_jobslice"
        ordering = ["pk"]
