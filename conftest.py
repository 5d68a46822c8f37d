"""Before anything reads the settings: servers to test against. The tests' world is in tests/conftest.py."""

from __future__ import annotations

import pytest

from tests import servers

servers.start()

pytest_plugins = ["tests.browser"]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Also after Ctrl-C."""
    servers.stop()
