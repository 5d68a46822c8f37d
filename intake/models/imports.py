from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leads.enums import ImportState


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange("state")),
    fields=["kind", "file_name", "state", "rows", "created", "updated", "unchanged", "rejected", "by"],
    model_name="LeadImportEvent",
)
class LeadImport(models.Model):
    """A file on its way in: uploaded, mapped, checked, run, perhaps undone. The file itself stays in the database
    so that any worker can run it."""

    kind = models.CharField(max_length=12, default="leads", help_text="leads, activities or outcomes")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    encoding = models.CharField(max_length=12, blank=True)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    summary = models.JSONField(default=dict, help_text="sample rows, what the rehearsal found, what else the run did")
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.MAPPING)
    job = models.ForeignKey("background.JobRun", null=True, on_delete=models.SET_NULL, related_name="+")
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_leadimport"
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def stored(self) -> LeadImport:
        """The import as it is in the database, without its file."""
        return LeadImport.objects.defer("content").get(pk=self.pk)

    def store(self, **changes: Any) -> None:
        """Write columns of the import, and everything else into its summary, from which None takes it out."""
        columns = {name: value for name, value in changes.items() if hasattr(LeadImport, name)}
        others = {name: value for name, value in changes.items() if name not in columns}
        summary = self.stored().summary | others
        columns["summary"] = {name: value for name, value in summary.items() if value is not None}
        LeadImport.objects.filter(pk=self.pk).update(**columns)


class ImportRow(models.Model):
    """What became of one row of the file: the downloadable report, and what undo needs."""

    lead_import = models.ForeignKey(LeadImport, on_delete=models.CASCADE, related_name="report")
    number = models.PositiveIntegerField(help_text="1 is the first row under the header")
    outcome = models.CharField(max_length=9, help_text="created, updated, unchanged or rejected")
    lead_id = models.BigIntegerField(null=True)
    activity_id = models.BigIntegerField(null=True)
    activity_key = models.CharField(max_length=200, blank=True, default="")
    before = models.JSONField(null=True, help_text="the values that an update replaced, with those it wrote")
    problems = models.JSONField(default=list)
    cells = models.JSONField(null=True, help_text="a rejected row as it was or was corrected, to be taken in later")
    turn = models.PositiveIntegerField(
        default=0, db_default=0, help_text="0 where the run took it in, else the how manieth correction did"
    )

    class Meta:
        db_table = "intake_importrow"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["lead_import", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["lead_import", "outcome", "number"], name="import_row_by_outcome"),
            models.Index(
                fields=["lead_import", "-turn", "-number"], condition=models.Q(turn__gt=0), name="import_row_corrected"
            ),
        ]


class RehearsedRow(models.Model):
    """What a dry run found of one row, until the file is run, mapped anew or removed."""

    lead_import = models.ForeignKey(LeadImport, on_delete=models.CASCADE, related_name="rehearsal")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, help_text="as in ImportRow")
    lead_id = models.BigIntegerField(null=True, help_text="of a lead that is there already")
    activity_id = models.BigIntegerField(null=True, help_text="-1 where the row would bring an activity")
    before = models.JSONField(null=True, help_text="as in ImportRow, but only that a company would be made")
    problems = models.JSONField(default=list)
    cells = models.JSONField(default=list, help_text="the beginning of the row, to be recognized by")

    class Meta:
        db_table = "intake_rehearsedrow"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["lead_import", "number"], name="rehearsed_row_once")]
        indexes = [models.Index(fields=["lead_import", "outcome", "number"], name="rehearsed_row_by_outcome")]
