"""The small named world of the tests: one marketer, two reps, a manager, an admin, a helper and an outsider."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from accounts.enums import Role
from accounts.models import Team, User
from tests import emptying, factories
from tests.api_client import api_key as api_key
from tests.api_client import send as send
from tests.published import publish as publish

# Sunday 2026-11-22 10:00 in Tokyo.
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)

emptying.install()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def team(db: None) -> Team:
    return factories.TeamFactory(name="Tokyo", is_default=True)


@pytest.fixture
def other_team(db: None) -> Team:
    return factories.TeamFactory(name="Osaka")


@pytest.fixture
def marketer(db: None) -> User:
    return factories.UserFactory(name="Mika Marketer", email="mika@example.com", role=Role.MARKETER)


@pytest.fixture
def rep(team: Team) -> User:
    return factories.UserFactory(name="Ren Rep", email="ren@example.com", role=Role.REP, team=team)


@pytest.fixture
def other_rep(team: Team) -> User:
    return factories.UserFactory(name="Rika Rep", email="rika@example.com", role=Role.REP, team=team)


@pytest.fixture
def manager(team: Team) -> User:
    return factories.UserFactory(name="Makoto Manager", email="makoto@example.com", role=Role.MANAGER, team=team)


@pytest.fixture
def admin(db: None) -> User:
    return factories.UserFactory(name="Aki Admin", email="aki@example.com", role=Role.ADMIN)


@pytest.fixture
def helper(team: Team) -> User:
    return factories.UserFactory(name="Hana Helper", email="hana@example.com", role=Role.OUTSOURCED, team=team)


@pytest.fixture
def outsider(other_team: Team) -> User:
    """A rep of another team."""
    return factories.UserFactory(name="Osamu Outsider", email="osamu@example.com", role=Role.REP, team=other_team)


@pytest.fixture(autouse=True)
def english() -> None:
    """Whatever language the requests of the test before were answered in."""
    translation.activate("en")
