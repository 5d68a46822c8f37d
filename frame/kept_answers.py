"""How long the answers to repeatable requests of programs are kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import ApiAnswer

KEPT_FOR = timedelta(days=7)


def forget_answers(*, now: datetime) -> int:
    """Delete answers that are kept no longer. Returns how many."""
    return ApiAnswer.objects.filter(answered_at__lte=now - KEPT_FOR).delete()[0]
