"""Proof that one runs this installation, asked of whoever makes its first administrator in the browser."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import User


def is_set_up() -> bool:
    """Whether there is anybody who could sign in."""
    return User.objects.exists()


def setup_code() -> str:
    """The code of this installation: LEADQUAL_SETUP_CODE, else one made of the secret key, equal in every process.

    It opens nothing once there is somebody.
    """
    return (
        settings.SETUP_CODE or salted_hmac("accounts.setup", "first administrator", algorithm="sha256").hexdigest()[:32]
    )


def setup_link() -> str:
    """The address of the set-up page with its code filled in."""
    return f"{settings.BASE_URL}{reverse('accounts:setup')}?{urlencode({'code': setup_code()})}"
