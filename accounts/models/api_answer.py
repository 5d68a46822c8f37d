from __future__ import annotations

from django.db import models
from django.utils import timezone


class ApiAnswer(models.Model):
    """What a request with an `Idempotency-Key` was answered: the same request again gets the same answer.

    Written in the transaction of the work itself, so that there is never the one without the other.
    """

    api_key = models.ForeignKey("accounts.ApiKey", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200, help_text="as the client chose it")
    digest = models.CharField(max_length=64, help_text="SHA-256 of method, address and body")
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "accounts_apianswer"
        constraints = [models.UniqueConstraint(fields=["api_key", "name"], name="api_answer_once")]
        indexes = [models.Index(fields=["answered_at"], name="api_answer_by_time")]
