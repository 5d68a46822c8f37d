"""Secrets at rest: addresses, tokens and signing keys of destinations, which no page and no dump may show."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from notices.outgoing.errors import OutgoingError


def seal(text: str) -> str:
    """The text encrypted with a key made of the installation's own; "" stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """What was sealed. Raises OutgoingError where the installation's key is another one now."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise OutgoingError("sealed") from error


def _box() -> MultiFernet:
    """Seals with the present key; opens also what was sealed with a former one."""
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = (hashlib.sha256(b"notices.outgoing:" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
