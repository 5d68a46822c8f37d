"""Before anything reads the settings: servers to test against. The tests' world is in tests/conftest.py."""

from __future__ import annotations

import pytest

from tests import schema, servers

servers.start()

pytest_plugins = ["tests.browser"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Before pytest-django makes a test database: the migrated one it copies."""
    schema.make_template()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Databases go with their server: dropping one first fails where a page of a browser still asks it something."""
    return True


def pytest_unconfigure(config: pytest.Config) -> None:
    """Also after Ctrl-C."""
    servers.stop()
