from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from notices.enums import Channel


class OutboxMessage(models.Model):
    """Something that must be told to a person or a destination, written in the transaction that made it true.

    There is no "running" state: a deliverer claims a row by pushing `next_at` ahead, so a killed one loses nothing.
    """

    channel = models.CharField(max_length=10, choices=Channel.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    destination = models.ForeignKey("notices.Destination", null=True, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    dedupe_key = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(default=timezone.now)
    slot = models.DateTimeField(null=True, help_text="mails to one person with the same slot go out as one")
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_outboxmessage"
        constraints = [
            models.UniqueConstraint(fields=["channel", "dedupe_key"], name="message_once_per_channel"),
            models.CheckConstraint(
                condition=models.Q(channel=Channel.OUTGOING, user=None, destination__isnull=False)
                | models.Q(~models.Q(channel=Channel.OUTGOING), user__isnull=False, destination=None),
                name="message_has_one_receiver",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(sent_at=None, given_up_at=None), name="outbox_open_by_next_at"
            )
        ]


class Delivery(models.Model):
    """One attempt to send a message, successful or not; of one to a destination also what was answered."""

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="deliveries")
    destination = models.ForeignKey("notices.Destination", null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ok = models.BooleanField()
    error = models.TextField(blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    took_ms = models.PositiveIntegerField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        db_table = "notices_delivery"
        indexes = [
            models.Index(
                fields=["-at", "-id"],
                condition=models.Q(destination__isnull=False),
                name="delivery_to_destination_by_at",
            ),
            models.Index(
                fields=["destination", "-at", "-id"],
                condition=models.Q(destination__isnull=False),
                name="delivery_by_destination",
            ),
        ]
