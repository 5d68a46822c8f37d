"""Editing rules in the browser: what is typed becomes the draft, and what is wrong is said where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from scoring.models import ScoringModel

pytestmark = pytest.mark.django_db


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def model(marketer: User, now: Any) -> ScoringModel:
    from scoring.actions import start_model

    return start_model(name="Default", by=marketer, now=now)


def test_pages(marketer: User, model: ScoringModel) -> None:
    client = as_(marketer)
    for name, args in [
        ("models", []),
        ("new_model", []),
        ("model", [model.pk]),
        ("new_rule", [model.pk, 0]),
        ("new_rule_text", [model.pk, 0]),
        ("group", [model.pk, 0]),
        ("new_group", [model.pk]),
        ("document_text", [model.pk]),
        ("changes", [model.pk]),
        ("publish", [model.pk]),
        ("versions", [model.pk]),
        ("thresholds", [model.pk]),
        ("frameworks", []),
    ]:
        answer = client.get(reverse(f"scoring:{name}", args=args))
        assert answer.status_code == 200, name
