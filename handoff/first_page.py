from __future__ import annotations

from django.urls import reverse

from accounts.enums import Role
from accounts.models import User


def where_work_begins(user: User) -> str:
    """Who calls begins with their own day, all others with everybody's queue."""
    return reverse("handoff:day" if user.role in (Role.REP, Role.OUTSOURCED) else "handoff:queue")
