"""How many leads a version scored, made hot and put into each band, kept when its re-score ends."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from background.models import JobRun
from studio.statements import INSERT_VERSION_NUMBERS


def keep_version_numbers(*, job: JobRun, now: datetime) -> None:
    """Keep the numbers of the version that `job` has brought to all leads. In the transaction that ends the job."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT_VERSION_NUMBERS, {"job": job.pk, "at": now})
