"""Signatures as Standard Webhooks (https://www.standardwebhooks.com) defines them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

PREFIX = "whsec_"
BYTES = 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signed_headers(*, key: str, at: datetime, body: bytes, signing_secrets: Iterable[str]) -> dict[str, str]:
    """The headers by which a receiver knows who wrote, when, and that it has not been told before.

    One signature for each secret: while a new one is being brought in, the receiver may still know only the old one.
    """
    timestamp = str(int(at.timestamp()))
    content = f"{key}.{timestamp}.".encode() + body
    signatures = [f"v1,{_signature(secret, content)}" for secret in signing_secrets]
    return {"webhook-id": key, "webhook-timestamp": timestamp, "webhook-signature": " ".join(signatures)}


def _signature(secret: str, content: bytes) -> str:
    digest = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), content, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
