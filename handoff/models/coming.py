from __future__ import annotations

from django.db import models


class ComingLead(models.Model):
    """A score whose lead lacks one condition of a list, or becomes hot by time alone.

    Derived, and followed every few minutes (`handoff/actions/coming.py`); who is few points short needs no row.
    """

    score = models.OneToOneField("scoring.LeadScore", on_delete=models.CASCADE, primary_key=True, related_name="+")

    class Meta:
        db_table = "handoff_cominglead"
