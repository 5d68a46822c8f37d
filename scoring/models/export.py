from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from scoring.enums import ExportFormat


class LeadFile(models.Model):
    """A file of leads that a program asked for: written in pieces by a worker, kept for some days, then removed.

    Who took which leads out of the house stays on record (leads.LeadExport) when the file is gone.
    """

    job = models.OneToOneField("background.JobRun", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    format = models.CharField(max_length=5, choices=ExportFormat.choices)
    query = models.CharField(max_length=2000, blank=True, help_text="the filters, as a query string")
    with_scores = models.BooleanField()
    rows = models.PositiveIntegerField(default=0)
    is_cut = models.BooleanField(default=False, help_text="more leads matched than one file may hold")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "scoring_leadfile"
        indexes = [models.Index(fields=["by", "-id"], name="lead_file_by_person")]


class LeadFilePiece(models.Model):
    """Some rows of a file, as bytes."""

    file = models.ForeignKey(LeadFile, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "scoring_leadfilepiece"
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="lead_file_piece_once")]
