"""A stranger reads the contract and asks the API everything that nobody would: no 5xx, no answer that is not described.

A short time in the suite, ten minutes with `make test-deep`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from accounts.models import ApiKey, Team, User
from handoff.actions import add_todo, claim_handoff
from scoring.actions.lead_files import ask_for_file
from scoring.enums import ExportFormat
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.handoff.world import FRIDAY, handoff_of

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance",
)  # fmt: skip
# It asks other people's servers.
LEFT_OUT = ("test_webhook",)


@pytest.fixture
def world(transactional_db: None, admin: User, rep: User, team: Team, settings: Any) -> None:
    """Something of everything, with small ids, so that some requests find what they ask for."""
    settings.API_REQUESTS_PER_MINUTE = 10**9
    lead = LeadFactory(email="taro@example.co.jp", company=CompanyFactory(), owner=rep, team=team)
    activity(lead, "page_view", FRIDAY)
    claim_handoff(handoff=handoff_of(lead), by=rep, now=FRIDAY)
    handoff_of(LeadFactory(team=team))
    add_todo(lead=lead, by=rep, kind="call", text="", due_at=FRIDAY, owner=rep, now=FRIDAY)
    ask_for_file(by=admin, format=ExportFormat.CSV, query="", with_scores=True, now=FRIDAY)


def ask_everything(live_server: LiveServer, secret: str, *options: str) -> None:
    """Let the stranger ask; fails with all that it has to say."""
    left_out = [word for name in LEFT_OUT for word in ("--exclude-operation-id", name)]
    run = subprocess.run(
        [
            str(SCHEMATHESIS), "run", f"{live_server.url}/api/v1/openapi.json", "--no-color", "--workers", "1",
            "--header", f"Authorization: Bearer {secret}", "--checks", ",".join(CHECKS), "--continue-on-failure",
            "--generation-database", "none", "--suppress-health-check", "all", "--warnings", "off", *left_out,
            *options,
        ],
        capture_output=True, text=True, check=False,
        cwd=os.environ["LEADQUAL_VAR"],  # it keeps notes where it runs
    )  # fmt: skip
    if run.returncode:
        pytest.fail(run.stdout[-20_000:] + run.stderr[-2_000:], pytrace=False)


def test_a_stranger_finds_no_answer_that_is_not_described(
    world: None, live_server: LiveServer, api_key: tuple[ApiKey, str]
) -> None:
    ask_everything(live_server, api_key[1], "--phases", "fuzzing", "--max-examples", "3", "--no-shrink")


@pytest.mark.deep
def test_a_stranger_finds_none_in_ten_minutes_either(
    world: None, live_server: LiveServer, api_key: tuple[ApiKey, str]
) -> None:
    ask_everything(live_server, api_key[1], "--max-time", "600")
