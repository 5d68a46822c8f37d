"""A whole site of its own for each test: servers, web, worker, beat, all of them killable."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from celery import Celery

from devserver.process import kill_group, spawn
from devserver.services import Services
from leadqual.env import BASE_DIR, VARIABLES


class Site:
    """The processes of one installation and its database."""

    def __init__(self, var: Path, *, durable: bool = False) -> None:
        self.var = var
        self.services = Services(var, durable=durable)
        self.postgres, self.valkey = self.services.servers
        self.port = _free_port()
        bare = {name: value for name, value in os.environ.items() if name not in {*VARIABLES, "DJANGO_SETTINGS_MODULE"}}
        self.environment = bare | self.services.environment | {"LEADQUAL_VAR": str(var), "LEADQUAL_DEMO": "1"}
        self.parts: dict[str, subprocess.Popen[bytes]] = {}
        celery = ["celery", "-A", "leadqual", "--quiet"]
        self.commands = {
            "web": ["uvicorn", "leadqual.asgi:application", "--port", str(self.port), "--lifespan", "off"],
            "worker": [*celery, "worker", "-c", "2", "--without-mingle", "--without-gossip"],
            "beat": [*celery, "beat", "--pidfile=", "-s", str(var / "beat")],
        }

    def build(self, leads: int, *, desk: bool = False) -> str:
        """Migrate and fill the database, if asked with a pool of reps; the secret of an API key."""
        self.services.start()
        self._python("manage.py", "migrate", "--verbosity=0")
        words = ["-m", "tests.chaos.world", str(leads), *(["desk"] if desk else [])]
        return str(json.loads(self._python(*words))["secret"])

    def start(self, *names: str) -> None:
        """Start web, worker or beat."""
        for name in names:
            with (self.var / f"{name}.log").open("ab") as log:
                command = [sys.executable, "-m", *self.commands[name]]
                self.parts[name] = spawn(command, output=log, env=self.environment, cwd=BASE_DIR)

    def kill(self, name: str) -> None:
        """kill -9, with every child."""
        kill_group(self.parts[name])
        self.parts[name].wait()

    def ring(self, task: str) -> None:
        """Send a tick, as beat does."""
        broker = f"redis+socket://{self.services.environment['REDIS_URL'].removeprefix('unix://')}"
        with Celery(broker=broker, set_as_current=False) as app:
            app.conf.task_default_queue = "leadqual"
            app.send_task(task, ignore_result=True)

    def asks(self, query: str) -> Any:
        """The one value of a query."""
        with psycopg.connect(self.services.environment["DATABASE_URL"], autocommit=True) as connection:
            row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]

    def wait(self, met: Callable[[], bool], *, patience: float = 120, every: float = 0.1) -> float:
        """Wait until something is so; how long that took, in seconds."""
        began = time.monotonic()
        while not met():
            assert time.monotonic() - began < patience, self.logs()
            time.sleep(every)
        return time.monotonic() - began

    def settle(self, patience: float = 180) -> float:
        """Wait until nothing is dirty and every open episode has its hand-off; how long that took."""
        return self.wait(lambda: self.dirty() == 0 and self.asks(WITHOUT_HANDOFF) == 0, patience=patience, every=0.5)

    def dirty(self) -> int:
        """How many leads wait to be scored (marks, to be exact)."""
        return int(self.asks("SELECT count(*) FROM leads_dirtymark"))

    def verify(self) -> str:
        """`manage.py verify`: recomputes every score; fails on any violated invariant."""
        return self._python("manage.py", "verify")

    def unsent(self) -> int:
        """How many notices are due and not sent."""
        return int(self.asks(UNSENT))

    def post(self, secret: str, activities: list[dict[str, Any]]) -> int:
        """Send a batch to the API; the status."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=30)
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        connection.request("POST", "/api/v1/activities", json.dumps({"activities": activities}), headers)
        status = connection.getresponse().status
        connection.close()
        return status

    def answers(self) -> bool:
        """Whether the web process is up."""
        try:
            connection = http.client.HTTPConnection("localhost", self.port, timeout=2)
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def logs(self) -> str:
        """The last words of every part, for the failure's report."""
        return "\n".join(f"== {path.name}\n{path.read_text()[-9000:]}" for path in sorted(self.var.glob("*.log")))

    def stop(self) -> None:
        """Kill everything: the tests are about what is left in the database."""
        for process in self.parts.values():
            kill_group(process)
            process.wait()
        self.services.stop()

    def _python(self, *words: str) -> str:
        command = [sys.executable, *words]
        done = subprocess.run(command, cwd=BASE_DIR, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


WITHOUT_HANDOFF = """
SELECT count(*) FROM scoring_episode LEFT JOIN handoff_handoff ON handoff_handoff.episode_id = scoring_episode.id
WHERE ended_at IS NULL AND handoff_handoff.id IS NULL"""


UNSENT = "SELECT count(*) FROM notices_outboxmessage WHERE sent_at IS NULL AND given_up_at IS NULL AND next_at <= now()"


@pytest.fixture
def site() -> Iterator[Site]:
    """A site that is not built yet."""
    yield from _site(durable=False)


@pytest.fixture
def durable_site() -> Iterator[Site]:
    """One whose database keeps what it has committed when it is killed."""
    yield from _site(durable=True)


def _site(*, durable: bool) -> Iterator[Site]:
    var = Path(tempfile.mkdtemp(prefix="leadqual-chaos-"))
    var.chmod(0o711)
    found = Site(var, durable=durable)
    yield found
    found.stop()
    shutil.rmtree(var)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
