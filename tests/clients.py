"""Who asks: Django's client for what needs no script. Browsers sign in by the fixture of tests/browser.py."""

from __future__ import annotations

from django.test import Client

from accounts.models import User


def as_(user: User) -> Client:
    """A client in which this person is signed in."""
    client = Client()
    client.force_login(user)
    return client
