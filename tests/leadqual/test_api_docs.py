"""The ten things of docs/api.md: with curl and Python as they stand there, and with a client made from the contract."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from accounts.models import ApiKey, Team
from frame.api.schema import contract
from handoff.models import Contact, Handoff, Outcome
from leadqual.management.commands.api_contract import written
from leads.models import Activity, Lead
from notices.models import Destination
from scoring.models import Answer, LeadFile
from tests.factories import LeadFactory
from tests.handoff.world import handoff_of

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(sh|python)( setup)?\n(.*?)^```", re.M | re.S)
THINGS = 10


def blocks(language: str) -> list[str]:
    """The examples of the page in one language, without what comes before the ten things."""
    part = PAGE.partition("## Ten things")[2].partition("## What holds")[0]
    return [text for kind, _setup, text in BLOCK.findall(part) if kind == language]


@pytest.fixture
def environment(
    transactional_db: None, live_server: LiveServer, api_key: tuple[ApiKey, str], team: Team, publish: Any
) -> dict[str, str]:
    """An installation with a lead that waits for somebody."""
    handoff_of(LeadFactory(team=team))
    return os.environ | {"LEADQUAL": live_server.url, "KEY": api_key[1]}


def run(words: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def check_done() -> None:
    """What the ten things have left behind, whoever did them."""
    lead = Lead.objects.get(email="hanako@example.com")
    assert (lead.name, lead.title, lead.stage) == ("Hanako Sato", "CTO", "opportunity")
    assert Activity.objects.get(lead=lead).object == "/pricing"
    assert Answer.objects.get(lead=lead).option.code == "decides"
    assert Handoff.objects.filter(claimed_at__isnull=False).count() == 1
    assert Outcome.objects.get().result == "opportunity"
    assert LeadFile.objects.count() == 1


def test_the_curl_lines_do_what_the_page_says(environment: dict[str, str]) -> None:
    scripts = blocks("sh")
    assert len(scripts) == THINGS
    fails = 'set -eu\ncurl() { command curl --fail-with-body "$@" || { echo refused >&2; exit 1; }; }\n'
    run(["bash", "-c", fails + "\n".join(scripts)], environment)
    check_done()
    assert (Contact.objects.count(), Destination.objects.get().name) == (1, "Data warehouse")


def test_the_python_does_what_the_page_says(environment: dict[str, str]) -> None:
    scripts = blocks("python")
    assert len(scripts) == THINGS
    setup = next(text for _kind, setup, text in BLOCK.findall(PAGE) if setup)
    run([sys.executable, "-W", "ignore", "-c", setup + "\n".join(scripts)], environment)
    check_done()


# ---- a client made from the contract ----


@pytest.fixture(scope="module")
def client_package() -> Iterator[ModuleType]:
    """What openapi-python-client makes of the contract, without a complaint."""
    with tempfile.TemporaryDirectory() as directory:
        document = Path(directory) / "openapi.json"
        document.write_text(written(contract()), encoding="utf-8")
        made = subprocess.run(
            [
                str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--path", str(document),
                "--output-path", f"{directory}/leadqual_client", "--meta", "none", "--fail-on-warning",
            ],
            capture_output=True, text=True, check=False,
            env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},  # it formats with ruff
        )  # fmt: skip
        assert made.returncode == 0, made.stdout + made.stderr
        sys.path.insert(0, directory)
        yield importlib.import_module("leadqual_client")
        sys.path.remove(directory)


def test_a_client_made_from_the_contract_does_the_ten_things(
    client_package: ModuleType, environment: dict[str, str]
) -> None:
    place = str(Path(client_package.__path__[0]).parent)
    run([sys.executable, "-W", "ignore", "-c", TEN_THINGS], environment | {"PYTHONPATH": place})
    check_done()


TEN_THINGS = """
import datetime, os
from leadqual_client import AuthenticatedClient, models
from leadqual_client.api.activities import send_activities
from leadqual_client.api.exports import read_export, start_export
from leadqual_client.api.handoffs import claim_handoff, list_handoffs
from leadqual_client.api.leads import list_leads, put_lead, read_score, send_answer
from leadqual_client.api.results import send_result
from leadqual_client.api.score_changes import list_score_changes
from leadqual_client.api.webhooks import list_webhook_topics

at = datetime.datetime.fromisoformat("2026-06-01T10:00:00+09:00")
with AuthenticatedClient(os.environ["LEADQUAL"], os.environ["KEY"], raise_on_unexpected_status=True) as client:
    lead = put_lead.sync(client=client, body=models.Lead(email="hanako@example.com", name="Hanako Sato", title="CTO"))
    visit = models.Activity(
        key="visit-1", lead=models.Identity(email="hanako@example.com"), type_="page_view", occurred_at=at,
        object_="/pricing",
    )
    assert send_activities.sync(client=client, body=visit).accepted == 1
    page = list_leads.sync(client=client, email="hanako@example.com")
    assert [found.id for found in page.items] == [lead.id], page
    number = int(lead.id)
    assert read_score.sync(number, client=client).total >= 0
    feed = list_score_changes.sync(client=client)
    assert list_score_changes.sync(client=client, cursor=feed.next_cursor).items == []
    answer = models.NewAnswer(criterion="bant.authority", option="decides")
    assert send_answer.sync(number, client=client, body=answer, idempotency_key="answer-1").option == "decides"
    waiting = list_handoffs.sync(client=client, is_open=models.ListHandoffsIsOpen.TRUE).items
    assert claim_handoff.sync(int(waiting[0].id), client=client, idempotency_key="claim-1").state == "claimed"
    opportunity = models.OutcomeResultEnum.OPPORTUNITY
    result = models.Result(lead=models.NamedLead(email="hanako@example.com"), result=opportunity, decided_at=at)
    assert send_result.sync(client=client, body=result).outcome == "created"
    assert "hot" in [topic.code for topic in list_webhook_topics.sync(client=client).items]
    export = start_export.sync(client=client, body=models.ExportRequest(format_=models.FormatEnum.JSONL))
    assert read_export.sync(int(export.id), client=client).state == "waiting"
"""
