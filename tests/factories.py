"""Makers of test objects: valid with nothing said, exact where something is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.enums import Role
from accounts.models import Team, User
from leads.actions import record_activity
from leads.models import ActivityType, Company, Lead, Source

PASSWORD = "correct horse battery"


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team

    name = factory.Sequence("Team {}".format)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    name = factory.Sequence("Person {}".format)
    email = factory.Sequence("person{}@example.com".format)
    password = factory.django.Password(PASSWORD)
    role = Role.REP
    language = "en"


class CompanyFactory(DjangoModelFactory[Company]):
    class Meta:
        model = Company

    name = factory.Sequence("Company {}".format)


class LeadFactory(DjangoModelFactory[Lead]):
    class Meta:
        model = Lead

    name = factory.Sequence("Lead {}".format)
    email = factory.Sequence("lead{}@example.net".format)


def activity(lead: Lead, code: str, at: datetime, *, now: datetime | None = None, **rest: Any) -> int | None:
    """An activity of `lead`, received the moment it occurred unless `now` says later."""
    kind = ActivityType.objects.get(code=code)
    return record_activity(lead=lead, type=kind, occurred_at=at, source="test", now=now or at, **rest)


def source(code: str) -> Source:
    return Source.objects.get(code=code)
