"""Proof that one runs this installation, asked of whoever makes its first administrator in the browser."""

from __future__ import annotations

from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import User

log = structlog.get_logger(__name__)
_logged_links: set[str] = set()


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


def log_setup_link() -> None:
    """Write the link into the log of this process, once: whoever opens the page again and again must not fill it."""
    link = setup_link()
    if link not in _logged_links:
        _logged_links.add(link)
        log.warning("set_up_waits_for_its_first_administrator", link=link)
