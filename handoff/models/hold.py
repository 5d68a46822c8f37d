from __future__ import annotations

from django.conf import settings
from django.db import models


class Hold(models.Model):
    """Somebody has a hand-off open: until then "next" offers it to nobody else. The claim decides, this never does."""

    handoff = models.OneToOneField("handoff.Handoff", primary_key=True, on_delete=models.CASCADE, related_name="hold")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(help_text="renewed by the open page; expires by itself")

    class Meta:
        db_table = "handoff_hold"
