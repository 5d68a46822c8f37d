from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User


class UserRequest(HttpRequest):
    """A request that passed the sign-in and policy middleware: its user is one of ours."""

    user: User
