from __future__ import annotations

from django.conf import settings
from django.db import models


class MailOptOut(models.Model):
    """A person who reads notices under the bell only. No row: mails as well."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "notices_mailoptout"
