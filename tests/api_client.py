"""Machines that ask the API with a key: the fixtures `api_key` and `send`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Scope
from accounts.models import ApiKey

Send = Callable[..., Any]


@pytest.fixture
def api_key(admin) -> tuple[ApiKey, str]:
    """A key with every scope, and its secret."""
    key = ApiKey(name="Website", scopes=[scope.value for scope in Scope], created_by=admin)
    secret = key.new_secret()
    key.save()
    return key, secret


@pytest.fixture
def send(api_key) -> Send:
    """Send JSON with the key: `send("post", "/api/v1/activities", {...})`."""
    client, secret = Client(), api_key[1]

    def request(method: str, path: str, data: Any = None, **extra: Any) -> Any:
        headers = {"Authorization": f"Bearer {secret}"} | extra.pop("headers", {})
        return getattr(client, method)(path, data, content_type="application/json", headers=headers, **extra)

    return request
