from __future__ import annotations

from django.db import models

from handoff.enums import LeftBehind


class LeftBehindLead(models.Model):
    """A lead in one of the lists of what could be forgotten: since when, and when the managers were told of it.

    Derived from the lists; the row goes when the lead leaves its list, and one that comes back is told of again.
    """

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=LeftBehind.choices)
    since = models.DateTimeField(help_text="when it was first seen in the list")
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "handoff_leftbehindlead"
        constraints = [models.UniqueConstraint(fields=["lead", "kind"], name="left_behind_once_a_kind")]
        indexes = [models.Index(fields=["since"], condition=models.Q(told_at=None), name="left_behind_to_tell")]
