from __future__ import annotations

import pytest


@pytest.fixture
def as_rep(client, rep):
    client.force_login(rep)
    return client
