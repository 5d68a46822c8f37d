from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import models

from notices.enums import Way


class MailPreference(models.Model):
    """What a person wants of mails as a whole. No row: all of them, at any time."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mails = models.BooleanField(default=True)
    quiet_from = models.TimeField(null=True, help_text="in the person's own zone, as are the others")
    quiet_until = models.TimeField(null=True)
    digest_at = models.TimeField(default=time(8))

    class Meta:
        db_table = "notices_mailpreference"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None)
                | (
                    models.Q(quiet_from__isnull=False, quiet_until__isnull=False)
                    & ~models.Q(quiet_from=models.F("quiet_until"))
                ),
                name="quiet_hours_begin_and_end",
            )
        ]


class TopicPreference(models.Model):
    """How a person wants to be told of one topic. No row: also by mail."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=40)
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.MAIL)

    class Meta:
        db_table = "notices_topicpreference"
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="one_way_per_topic")]
