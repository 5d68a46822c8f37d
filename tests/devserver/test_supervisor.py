"""`make run` as a person meets it: a process with a terminal."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from devserver.process import DevserverError, Lock
from devserver.supervisor import number_of_port
from leadqual.env import BASE_DIR, VARIABLES


@pytest.fixture
def var() -> Iterator[Path]:
    """A var/ directory that PostgreSQL may enter as another account."""
    directory = Path(tempfile.mkdtemp(prefix="leadqual-supervisor-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


class Run:
    """One `make run` or `make services`, with its output in a file."""

    def __init__(self, var: Path, *words: str, **environment: str) -> None:
        bare = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        bare.pop("DJANGO_SETTINGS_MODULE", None)
        self.output = var / f"output-{time.monotonic_ns()}"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "devserver.supervisor", *words],
                cwd=BASE_DIR,
                env=bare | {"LEADQUAL_VAR": str(var)} | environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def text(self) -> str:
        return self.output.read_text()

    def wait_for(self, words: str, patience: float = 60) -> None:
        end = time.monotonic() + patience
        while words not in self.text:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < end, self.text
            time.sleep(0.05)

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


def processes_of(var: Path) -> list[str]:
    """Command lines of what still runs on a var/ directory."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(var) in words:
            found.append(words)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_servers_run_until_someone_stops_them_and_leave_nothing(var: Path, number: int) -> None:
    run = Run(var, "--services-only")
    run.wait_for("Stop with Ctrl-C")
    assert len(processes_of(var)) >= 2
    assert run.stop(number) == 0
    assert run.text.splitlines()[-1] == "setup  | Stopped."
    assert processes_of(var) == []


def test_a_second_one_on_the_same_directory_is_refused_in_one_line(var: Path) -> None:
    lock = Lock(var / "lock")
    lock.acquire(note="http://localhost:8000, process 1")
    second = Run(var)
    assert second.process.wait(60) == 1
    assert second.text == (
        f"leadqual: leadqual already runs on {var} (http://localhost:8000, process 1)."
        " Stop that one, or set LEADQUAL_VAR.\n"
    )
    lock.release()


def test_a_lock_file_somebody_left_behind_is_no_lock(var: Path) -> None:
    (var / "lock").write_text("http://localhost:8000, process 1")
    lock = Lock(var / "lock")
    assert lock.acquire(note="me") is None
    lock.release()


def test_a_taken_port_is_refused_in_one_line(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = Run(var, PORT=str(port))
        assert run.process.wait(60) == 1
    assert run.text == f"leadqual: Port {port} is not free (Address already in use). Another one: PORT=8123 make run\n"
    assert processes_of(var) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"DATABASE_URL": "postgresql://sales@/leads?host=/nowhere"}, "leadqual: DATABASE_URL does not answer: "),
        ({"DATABASE_URL": "not an address"}, "leadqual: DATABASE_URL does not answer: "),
        ({"REDIS_URL": "unix:///nowhere/valkey.sock"}, "leadqual: REDIS_URL does not answer: "),
        ({"REDIS_URL": "valkey"}, "leadqual: REDIS_URL does not answer: "),
    ],
)
def test_a_server_of_yours_that_is_away_is_told_in_one_line(var: Path, given: dict[str, str], says: str) -> None:
    run = Run(var, PORT=str(free_port()), **given)
    assert run.process.wait(60) == 1
    assert run.text.splitlines()[-1].startswith(says)
    assert "Traceback" not in run.text
    assert processes_of(var) == []


def test_a_command_without_a_database_says_how_to_get_one(var: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    bare["DJANGO_SETTINGS_MODULE"] = "leadqual.settings"
    for given, says in (
        ({}, "No database: start the embedded one (`make run` or `make services`), or set DATABASE_URL.\n"),
        ({"DATABASE_URL": "postgresql://sales@/leads?host=/nowhere"}, "The database does not answer: "),
    ):
        command = [sys.executable, "manage.py", "showmigrations", "leads"]
        environment = bare | {"LEADQUAL_VAR": str(var), "LEADQUAL_DEMO": "1"} | given
        done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True)
        assert (done.returncode, done.stderr.startswith(says), done.stderr.count("\n")) == (1, True, 1)


@pytest.mark.parametrize("text", ["0", "65536", "-1", "eighty", "80 80", "８０", "1e3"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(DevserverError, match=re.escape(repr(text))):
        number_of_port(text)


def test_data_whose_tables_another_build_made_is_refused_and_kept(var: Path) -> None:
    (var / "migrations.json").write_text('{"leads/migrations/0001_initial.py": "another digest"}')
    run = Run(var, PORT=str(free_port()))
    assert run.process.wait(60) == 1
    assert f"The data in {var} was made by another build: leads/migrations/0001_initial.py" in run.text
    assert (var / "postgres" / "data" / "PG_VERSION").exists()


@pytest.mark.deep
def test_the_whole_site_starts_answers_restarts_its_parts_and_stops(var: Path) -> None:
    port = free_port()
    run = Run(var, PORT=str(port), DEMO_LEADS="30")
    run.wait_for("leadqual is ready", patience=300)
    with closing(http.client.HTTPConnection("localhost", port, timeout=10)) as connection:
        connection.request("GET", "/readyz")
        assert connection.getresponse().status == 200
    os.kill(_worker_of(run.process.pid), signal.SIGKILL)
    run.wait_for("worker | ended with -9; starts again")
    os.kill(_server_of(var, "valkey"), signal.SIGKILL)
    run.wait_for("Valkey ended by itself; it starts again")
    os.kill(_server_of(var, "postgres"), signal.SIGKILL)
    run.wait_for("PostgreSQL ended by itself; it starts again")
    wait_until_ready(port)
    assert run.stop() == 0
    assert processes_of(var) == []


def wait_until_ready(port: int, patience: float = 60) -> None:
    """Until the site serves with its database and its broker."""
    end = time.monotonic() + patience
    while True:
        with closing(http.client.HTTPConnection("localhost", port, timeout=10)) as connection:
            connection.request("GET", "/readyz")
            said = json.loads(connection.getresponse().read())
        if said["status"] == "ok":
            return
        assert time.monotonic() < end, said
        time.sleep(0.2)


def _server_of(var: Path, name: str) -> int:
    """The process of an embedded server: the one whose parent is the supervisor."""
    if name == "postgres":
        return int((var / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
    return next(
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if b"valkey-server" in (words := path.read_bytes()) and str(var).encode() in words
    )


def _worker_of(parent: int, patience: float = 60) -> int:
    """The id of the worker, which starts only after the first page is there."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        for process in Path("/proc").glob("[0-9]*"):
            if _is_worker(process, parent):
                return int(process.name)
        time.sleep(0.5)
    raise AssertionError("no worker started")


def _is_worker(process: Path, parent: int) -> bool:
    try:
        words = (process / "cmdline").read_bytes()
        return b"\0worker\0" in words and f"PPid:\t{parent}\n" in (process / "status").read_text()
    except OSError:
        return False
