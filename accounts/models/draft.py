from __future__ import annotations

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """What somebody has typed into a form and not sent yet, so that it outlives a reload, a time-out and a sign-out.

    Kept on the server and not in the browser: the machine may be shared. Nobody but its author ever reads it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    place = models.CharField(max_length=200, help_text="the address the form is sent to")
    about = models.BigIntegerField(db_index=True, help_text="the id of the lead that the form is about")
    values = models.JSONField(help_text="by name of field: what differs from the empty form")
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_draft"
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="one_draft_per_form")]
