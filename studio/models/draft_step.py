from __future__ import annotations

from django.conf import settings
from django.db import models


class DraftStep(models.Model):
    """One edit of a draft as its author can take it back: the document before and after it, null where there was none.

    Steps belong to the version the draft stands on; what is published is undone by going back a version.
    """

    model = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="steps")
    base = models.ForeignKey("scoring.Version", null=True, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    revision = models.PositiveIntegerField(help_text="of the draft before it")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    sitting = models.CharField(max_length=40, blank=True, help_text="what saves itself while typing is one step")
    is_undone = models.BooleanField(default=False)

    class Meta:
        db_table = "studio_draftstep"
        ordering = ["pk"]
        indexes = [models.Index(fields=["model", "by", "-id"], name="step_by_author")]

    def __str__(self) -> str:
        return f"{self.model} {self.at:%Y-%m-%d %H:%M:%S}"
