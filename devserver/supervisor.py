"""`make run`: everything in one terminal, started and stopped in order. `make services`: the embedded servers only."""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg
import redis

from devserver.parts import Part, Terminal
from devserver.process import DevserverError, Lock, kill_group, spawn, stop
from devserver.schema import migration_digests, wanted_schema
from devserver.services import Server, Services
from leadqual.env import BASE_DIR, demo, postgres_url, var_directory

DEMO_PASSWORD = "leadqual-demo"  # noqa: S105 - printed for everybody to read
DEMO_PEOPLE = {
    "marketer@demo.example": "marketing: rules, imports, reports",
    "rep@demo.example": "sales: the queue, own leads",
    "rep2@demo.example": "sales: a colleague in the same team",
    "manager@demo.example": "sales manager: the team, assignments",
    "helper@demo.example": "outsourced helper: assigned leads only",
    "admin@demo.example": "administrator: people, keys, audit",
}
MOST_REVIVALS, REVIVALS_WITHIN = 5, 60.0  # times, seconds
REMEMBERED = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"


class StopRequestedError(DevserverError):
    """Someone asked us to stop while we were still starting."""


class Supervisor:
    """The order of things: servers, migrations, demo data, web, worker, beat; and backwards."""

    def __init__(self, *, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.var = var_directory()
        self.terminal = Terminal()
        self.stopping = threading.Event()
        self.lock = Lock(self.var / "lock")
        given = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
        self.services = Services(self.var, given=given)
        os.environ.setdefault("LEADQUAL_DEMO", "1")
        self.environment = os.environ | self.services.environment | {"LEADQUAL_VAR": str(self.var)}
        self.environment.setdefault("PYTHONUNBUFFERED", "1")
        self.environment.setdefault("LEADQUAL_BASE_URL", f"http://localhost:{port}")
        self.environment.setdefault("LEADQUAL_LANGUAGE", os.environ.get("DEMO_LANGUAGE") or "ja")
        self.seeding = self.var / "seeding"  # exists while the demo's data is being made
        self.applied = self.var / "migrations.json"  # which migrations made the tables
        self.parts: list[Part] = []
        self.revivals: list[float] = []

    def serve(self) -> None:
        """Run the site until someone stops it."""
        self._take(f"http://localhost:{self.port}, process {os.getpid()}")
        check_port(self.host, self.port)
        (BASE_DIR / "staticfiles").mkdir(exist_ok=True)  # whitenoise looks here first and warns where nothing is
        try:
            self.start_servers()
            self.drop_unfinished_demo()
            self.migrate()
            self.seed()
            web, *others = site_parts(self.host, self.port, self.var)
            self.parts = [web]
            self._tend()
            self.greet()
            self.parts += others  # after the first page: they would only make it wait
            self._watch()
        except StopRequestedError:
            pass
        finally:
            self.stop_all()

    def serve_services(self) -> None:
        """Run the embedded servers until someone stops them."""
        self._take(f"make services, process {os.getpid()}")
        try:
            self.start_servers()
            for name, value in self.services.environment.items():
                self.terminal.say(f"{name}={value}")
            self.terminal.say("manage.py finds them by itself. Stop with Ctrl-C.")
            self._watch()
        except StopRequestedError:
            pass
        finally:
            self.stop_all()

    def _take(self, note: str) -> None:
        if holder := self.lock.acquire(note=note):
            raise DevserverError(f"leadqual already runs on {self.var} ({holder}). Stop that one, or set LEADQUAL_VAR.")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.stopping.is_set():  # asked twice: no more waiting
            for part in self.parts:
                if part.process is not None:
                    kill_group(part.process)
        self.stopping.set()

    def start_servers(self) -> None:
        """Start the embedded servers and see that those named in the environment answer."""
        if self.services.servers:
            self.terminal.say(f"Starting {' and '.join(server.name for server in self.services.servers)} in {self.var}")
        for server in self.services.servers:
            if not server.home.is_relative_to(self.var):
                self.terminal.say(f"{server.name} keeps its data in {server.home}: it may not enter {self.var}")
        self.services.start()
        check_servers(self.environment)

    def _manage(self, *words: str, saying: str) -> None:
        """Run a management command, relaying what it prints; it stops when we are asked to."""
        self.terminal.say(saying)
        command = [sys.executable, "manage.py", *words]
        process = spawn(command, output=subprocess.PIPE, env=self.environment, cwd=BASE_DIR)
        relay = threading.Thread(target=self.terminal.relay, args=(process, "setup"), daemon=True)
        relay.start()
        while process.poll() is None:
            if self.stopping.wait(0.05):
                stop(process, patience=5)
                raise StopRequestedError
        relay.join(2)
        if process.returncode:
            raise DevserverError(f"manage.py {words[0]} failed (see above).")

    def drop_unfinished_demo(self) -> None:
        """Begin anew where seeding was cut short: the embedded database then holds nothing else."""
        if self.seeding.exists() and "DATABASE_URL" in self.services.environment:
            self.terminal.say("The demo data was not finished last time: beginning anew")
            with psycopg.connect(postgres_url(self.var, "postgres"), autocommit=True) as connection:
                connection.execute("DROP DATABASE leadqual WITH (FORCE)")
                connection.execute("CREATE DATABASE leadqual")
        self.seeding.unlink(missing_ok=True)

    def migrate(self) -> None:
        """Bring the schema up to the code. An embedded database remembers what it was last brought up to."""
        remembers = "DATABASE_URL" in self.services.environment
        if remembers:
            self._refuse_another_build()
        if remembers and self._query(REMEMBERED) == [(self._schema_mark(),)]:
            return
        self._manage("migrate", "--verbosity=0", "--no-input", saying="Migrating the database")
        if remembers:
            self._query(f"COMMENT ON DATABASE leadqual IS '{self._schema_mark()}'")
            self.applied.write_text(json.dumps(migration_digests()))

    def _refuse_another_build(self) -> None:
        """Stop before data whose tables were made by migrations that have been written anew since."""
        applied = json.loads(self.applied.read_text()) if self.applied.exists() else {}
        now = migration_digests()
        changed = [path for path, digest in applied.items() if now.get(path) != digest]
        if changed:
            raise DevserverError(
                f"The data in {self.var} was made by another build: {changed[0]} is not what it was. Go back to that "
                f"build to use it; for this one set LEADQUAL_VAR to another directory, or delete {self.var}."
            )

    def _schema_mark(self) -> str:
        """A digest of what could be applied and what was."""
        known = hashlib.sha256(wanted_schema().encode())
        exists = self._query("SELECT to_regclass('django_migrations') IS NOT NULL")
        applied = (
            self._query("SELECT app, name FROM django_migrations ORDER BY app, name") if exists == [(True,)] else []
        )
        known.update(repr(applied).encode())
        return f"migrated {known.hexdigest()}"

    def seed(self) -> None:
        """Invent the demo's year in an empty database."""
        if demo() and not self._query("SELECT 1 FROM leads_lead UNION ALL SELECT 1 FROM accounts_user LIMIT 1"):
            leads = os.environ.get("DEMO_LEADS") or "2000"
            language = os.environ.get("DEMO_LANGUAGE") or "ja"
            self.seeding.touch()
            words = ("seed_demo", "--leads", leads, "--language", language)
            self._manage(*words, saying="Inventing a year of demo data (once; about a minute)")
            self.seeding.unlink()

    def greet(self) -> None:
        """Wait for the first page, then say where it is and who may come in."""
        if not self._web_answers():
            return
        names = {email for (email,) in self._query("SELECT email FROM accounts_user WHERE is_active")}
        people = [f"  {email:<24} {what}" for email, what in DEMO_PEOPLE.items() if email in names]
        lines = ["", f"leadqual is ready: http://localhost:{self.port}", ""]
        lines += [f"Sign in with the password {DEMO_PASSWORD} as", *people, ""] if people else []
        if not self.environment.get("LEADQUAL_EMAIL_URL"):
            lines += ["Emails are not sent; an administrator reads them under Settings, Sent emails:"]
            lines += [f"  http://localhost:{self.port}/settings/mails/", ""]
        for line in [*lines, "Ctrl-C stops everything; the data stays.", ""]:
            self.terminal.say(line)

    def _web_answers(self, patience: float = 60) -> bool:
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if self.stopping.wait(0.1):
                raise StopRequestedError
            self._tend()
            try:
                connection = http.client.HTTPConnection("localhost", self.port, timeout=2)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return True
            except OSError:
                continue
            finally:
                connection.close()
        self.terminal.say("The web process does not answer yet; its messages are above.")
        return False

    def _query(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a statement; none where it returns none."""
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    def _watch(self) -> None:
        while not self.stopping.wait(0.2):
            self._tend()

    def _tend(self) -> None:
        if dead := self.services.died():
            self._revive(dead)
        for part in self.parts:
            part.tend(self.environment, self.terminal)

    def _revive(self, server: Server) -> None:
        """Start a server again that ended by itself; one that ends over and over stops the site."""
        self.revivals = [at for at in self.revivals if time.monotonic() - at < REVIVALS_WITHIN] + [time.monotonic()]
        if len(self.revivals) > MOST_REVIVALS:
            raise DevserverError(f"{server.name} ends again and again; its log is {server.log}.")
        self.terminal.say(f"{server.name} ended by itself; it starts again. Its log is {server.log}.")
        server.start()

    def stop_all(self) -> None:
        """Backwards: nobody loses what it stands on."""
        self.stopping.set()
        if self.parts:
            self.terminal.say("Stopping")
        for part in reversed(self.parts):
            part.ask_to_stop()
        for part in reversed(self.parts):
            part.stop()
        self.services.stop()
        self.lock.release()
        self.terminal.say("Stopped.")


def check_port(host: str, port: int) -> None:
    """Raises DevserverError where somebody listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise DevserverError(
                f"Port {port} is not free ({error.strerror}). Another one: PORT=8123 make run"
            ) from None


def check_servers(environment: Mapping[str, str]) -> None:
    """Raises DevserverError where a server that the environment names does not answer."""
    try:
        psycopg.connect(environment["DATABASE_URL"], connect_timeout=5).close()
    except psycopg.Error as error:
        raise DevserverError(f"DATABASE_URL does not answer: {str(error).splitlines()[0]}") from None
    try:
        with redis.Redis.from_url(environment["REDIS_URL"], socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise DevserverError(f"REDIS_URL does not answer: {error}") from None


def site_parts(host: str, port: int, var: Path) -> list[Part]:
    """The processes of the site, in the order in which they start."""
    address = ["--host", host, "--port", str(port)]
    celery = ["celery", "-A", "leadqual", "--quiet"]
    return [
        # Requests under way when it is told to stop get 3 s to end.
        Part("web", "uvicorn", "leadqual.asgi:application", *address, "--lifespan", "off", "--log-level", "warning",
             "--no-access-log", "--no-proxy-headers", "--no-use-colors", "--timeout-graceful-shutdown", "3",
             patience=8),
        Part("worker", *celery, "worker", "-c", "2", "-l", "WARNING", "--without-mingle", "--without-gossip",
             patience=15),
        Part("beat", *celery, "beat", "-l", "WARNING", "--pidfile=", "-s", str(var / "beat"), patience=5),
    ]  # fmt: skip


def number_of_port(text: str) -> int:
    """PORT as a number."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise DevserverError(f"PORT is {text!r}; it is a number from 1 to 65535.")
    return int(text)


def main() -> None:
    """Run what was asked for; every refusal is one line."""
    parser = argparse.ArgumentParser(prog="devserver.supervisor", description=__doc__)
    parser.add_argument("--services-only", action="store_true", help="the embedded PostgreSQL and Valkey only")
    services_only = parser.parse_args().services_only
    try:
        port = number_of_port(os.environ.get("PORT") or "8000")
        supervisor = Supervisor(host=os.environ.get("HOST") or "127.0.0.1", port=port)
        if services_only:
            supervisor.serve_services()
        else:
            supervisor.serve()
    except (DevserverError, OSError) as error:
        sys.exit(f"leadqual: {error}")


if __name__ == "__main__":
    main()
