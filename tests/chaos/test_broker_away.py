from __future__ import annotations

import os
import signal
import threading
import time
from datetime import UTC, datetime

import pytest

from devserver.process import stop
from tests.chaos.conftest import Site

pytestmark = [pytest.mark.deep, pytest.mark.chaos]

LEADS = 500
BATCH = 20
AWAY = float(os.environ.get("CHAOS_BROKER_SECONDS", "15"))
SLOWEST = 5.0  # seconds a request may take while the broker is away


class Load:
    """A sender that goes on whatever happens and remembers what was acknowledged."""

    def __init__(self, site: Site, secret: str) -> None:
        self.site, self.secret = site, secret
        self.acknowledged: list[str] = []
        self.refused: list[int] = []
        self.slowest = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _send(self) -> None:
        number = 0
        while not self._ended.wait(0.05):
            keys = [f"k{number + place}" for place in range(BATCH)]
            number += BATCH
            began = time.monotonic()
            status = self.site.post(self.secret, [self._activity(key) for key in keys])
            self.slowest = max(self.slowest, time.monotonic() - began)
            if status == 202:
                self.acknowledged += keys
            else:
                self.refused.append(status)

    def _activity(self, key: str) -> dict[str, object]:
        lead = {"external_id": f"L{int(key[1:]) % LEADS}"}
        return {"key": key, "lead": lead, "type": "price_view", "occurred_at": datetime.now(UTC).isoformat()}


@pytest.mark.parametrize("how", ["killed", "hanging"])
def test_without_a_broker_intake_goes_on_and_scores_catch_up(site: Site, how: str) -> None:
    secret = site.build(LEADS)
    site.start("web", "worker", "beat")
    site.wait(site.answers)
    site.settle()
    load = Load(site, secret)
    try:
        time.sleep(2)
        before = len(load.acknowledged)
        _take_broker_away(site, how)
        time.sleep(AWAY)
        during = len(load.acknowledged) - before
        _bring_broker_back(site, how)
        time.sleep(2)
    finally:
        load.end()
    lag = site.settle()
    print(f"{how}: {len(load.acknowledged)} acknowledged, {during} of them in {AWAY:.0f} s without a broker,")
    print(f"slowest request {load.slowest:.2f} s, caught up {lag:.1f} s after the load ended")

    assert load.refused == []
    assert during > 0
    assert load.slowest < SLOWEST
    stored = site.asks("SELECT count(*) FROM leads_activitykey WHERE key LIKE 'k%'")
    assert stored == len(load.acknowledged)
    assert site.asks("SELECT count(*) FROM scoring_leadscore") == LEADS
    print(site.verify())


def _take_broker_away(site: Site, how: str) -> None:
    process = site.valkey.process
    assert process is not None
    if how == "killed":
        stop(process, stop_signal=signal.SIGKILL)
    else:
        process.send_signal(signal.SIGSTOP)


def _bring_broker_back(site: Site, how: str) -> None:
    if how == "killed":
        site.valkey.start()  # without persistence: everything it held is gone
    else:
        assert site.valkey.process is not None
        site.valkey.process.send_signal(signal.SIGCONT)
